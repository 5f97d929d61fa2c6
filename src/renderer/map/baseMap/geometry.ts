/**
 * Natural Earth's land and borders as plain columns of world fractions (see projection.ts), ready to be cut into
 * tiles: rings to fill, and lines (coast, borders) to stroke. They are separate because a cut ring runs along the
 * tile's edge, where no coast is.
 *
 * The build lays them out once (worldColumns.ts), so that opening the finest scale is one pass over its numbers; its
 * TopoJSON took the worker 0.7 s of a core just when the first points come.
 */

/** One ring or line: x and y in turns, and its bounds. */
export interface Path {
  readonly points: Float64Array;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Geometry {
  readonly land: readonly Path[];
  readonly coast: readonly Path[];
  readonly borders: readonly Path[];
}

/** What the world's side is in the columns' whole numbers: steps of 4 cm, and room for a world on either side. */
export const COLUMN_UNITS = 2 ** 30;

export function pathOf(points: Float64Array): Path {
  let left = Number.POSITIVE_INFINITY;
  let top = left;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = right;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { points, left, top, right, bottom };
}

/** The path, and itself a world to the east or west where it reaches into the neighbour. */
function inEveryWorld(path: Path): Path[] {
  const moved = (by: number) => pathOf(path.points.map((value, i) => (i % 2 === 0 ? value + by : value)));
  return [path, ...(path.left < 0 ? [moved(1)] : []), ...(path.right > 1 ? [moved(-1)] : [])];
}

/**
 * @param columns one of the files of worldColumns.ts, which tells how it is laid out
 * @throws when it is damaged
 */
export function geometryOf(columns: ArrayBuffer): Geometry {
  if (columns.byteLength % 4 !== 0) throw new Error('the base map data is damaged: it is cut short');
  const numbers = new Int32Array(columns);
  const [rings = 0, pieces = 0, lines = 0] = numbers;
  const headEnd = 3 + rings + 3 * pieces + lines;
  if (Math.min(rings, pieces, lines) < 0 || headEnd > numbers.length) {
    throw new Error('the base map data is damaged: it has not the length it tells');
  }
  const points = new Float64Array(numbers.length - headEnd);
  for (let i = 0; i < points.length; i++) points[i] = (numbers[headEnd + i] ?? 0) / COLUMN_UNITS;
  let head = 3;
  let at = 0;
  const next = () => numbers[head++] ?? 0;
  const takePath = () => {
    const from = at;
    at += 2 * next();
    return pathOf(points.subarray(from, at));
  };
  const land = Array.from({ length: rings }, takePath);
  const coast = Array.from({ length: pieces }, () => {
    const ring = land[next()];
    if (!ring) throw new Error('the base map data is damaged: it has a coast without land');
    return pathOf(ring.points.subarray(2 * next(), 2 * next()));
  });
  const borders = Array.from({ length: lines }, takePath);
  if (at !== points.length) throw new Error('the base map data is damaged: it has not the length it tells');
  return {
    land: land.flatMap(inEveryWorld),
    coast: coast.flatMap(inEveryWorld),
    borders: borders.flatMap(inEveryWorld),
  };
}
