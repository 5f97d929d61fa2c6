/** So many numbers, all 0, that the drawing worker's helper (stampHelper.ts) may see too, where a page may share memory. */
export function sharedInts(length: number): Int32Array {
  if (typeof SharedArrayBuffer === 'undefined') return new Int32Array(length);
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * length));
}
