/** Who is under the pointer: read from the owners that were written with the picture. */

/** CSS pixels round the pointer in which a mark still counts as hit. */
export const PICK_TOLERANCE = 4;

/**
 * The owner (owner.ts), or the id, at the pixel, else the nearest within `tolerance`; 0 when there is none. All in device pixels; the search
 * stays inside the surface.
 */
export function ownerNear(
  owners: Int32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  tolerance: number,
): number {
  const [cx, cy, reach] = [Math.floor(x), Math.floor(y), Math.ceil(tolerance)];
  let nearest = 0;
  let best = tolerance * tolerance;
  for (let row = Math.max(0, cy - reach); row <= Math.min(height - 1, cy + reach); row++) {
    for (let column = Math.max(0, cx - reach); column <= Math.min(width - 1, cx + reach); column++) {
      const owner = owners[row * width + column] ?? 0;
      if (owner === 0) continue;
      const distance = (row - cy) ** 2 + (column - cx) ** 2;
      if (distance === 0) return owner;
      if (distance < best || (distance === best && nearest === 0)) {
        best = distance;
        nearest = owner;
      }
    }
  }
  return nearest;
}
