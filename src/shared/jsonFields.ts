/** Whether the fields of a message can be written as JSON, before anything tries to. */

/** Nested deeper than any record has a reason for; also what ends a circle. */
const DEEPEST = 200;
/** Values in all, however nested; one that is referred to twice counts twice, as it is written twice. */
const MOST_VALUES = 100_000;

const isBigInts = (value: object) =>
  value instanceof BigInt || value instanceof BigInt64Array || value instanceof BigUint64Array;

/** False for circles, BigInts, and what is nested too deep or goes on for too long. */
export function fitsJson(value: unknown): boolean {
  let left = MOST_VALUES;
  const fits = (one: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0 || typeof one === 'bigint') return false;
    if (typeof one !== 'object' || one === null) return true;
    if (depth >= DEEPEST || isBigInts(one)) return false;
    if (ArrayBuffer.isView(one)) {
      left -= one.byteLength;
      return left >= 0;
    }
    // An array may be long and hold nothing; its holes are written too.
    if (Array.isArray(one) && one.length > left) return false;
    return Object.values(one).every((inner) => fits(inner, depth + 1));
  };
  return fits(value, 0);
}
