/**
 * Cutting paths to a box. A tile at zoom 14 needs a handful of the 300,000 points of the finest coast; so the world
 * is cut in steps of four zoom levels, and each step is kept for its neighbours.
 */
import { type Geometry, type Path, pathOf } from './geometry';
import { smoothedGeometry } from './smooth';

/** World fractions. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const outside = (path: Path, box: Box) =>
  path.right < box.left || path.left > box.right || path.bottom < box.top || path.top > box.bottom;
const inside = (path: Path, box: Box) =>
  path.left >= box.left && path.right <= box.right && path.top >= box.top && path.bottom <= box.bottom;

/** One side of Sutherland and Hodgman: keeps what of a closed ring has coordinate `axis` on the right side of `limit`. */
function cutSide(points: Float64Array, axis: 0 | 1, limit: number, keepGreater: boolean): Float64Array {
  // Each point gives itself and a crossing before it, at most. Much less is kept, so the room is given back.
  const kept = new Float64Array(2 * points.length);
  let at = 0;
  let bx = points[points.length - 2] ?? 0;
  let by = points[points.length - 1] ?? 0;
  let wasIn = (axis === 0 ? bx : by) >= limit === keepGreater;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    const isIn = (axis === 0 ? x : y) >= limit === keepGreater;
    if (isIn !== wasIn) {
      kept[at++] = axis === 0 ? limit : bx + ((x - bx) * (limit - by)) / (y - by);
      kept[at++] = axis === 1 ? limit : by + ((y - by) * (limit - bx)) / (x - bx);
    }
    if (isIn) {
      kept[at++] = x;
      kept[at++] = y;
    }
    bx = x;
    by = y;
    wasIn = isIn;
  }
  return kept.slice(0, at);
}

/** A closed ring cut to the box: one ring again, that may run along the box's edges; null when nothing is left. */
export function cutRing(ring: Path, box: Box): Path | null {
  if (outside(ring, box)) return null;
  if (inside(ring, box)) return ring;
  let points = ring.points;
  if (ring.left < box.left) points = cutSide(points, 0, box.left, true);
  if (ring.right > box.right) points = cutSide(points, 0, box.right, false);
  if (ring.top < box.top) points = cutSide(points, 1, box.top, true);
  if (ring.bottom > box.bottom) points = cutSide(points, 1, box.bottom, false);
  return points.length >= 6 ? pathOf(points) : null;
}

/**
 * The pieces of an open line that touch the box. Stretches are kept whole, so a piece may reach out of the box, and
 * a stroke is never cut where one can see it.
 */
export function cutLine(line: Path, box: Box): Path[] {
  if (outside(line, box)) return [];
  if (inside(line, box)) return [line];
  const { points } = line;
  const pieces: Path[] = [];
  let start = -1;
  const finish = (end: number) => {
    if (start >= 0) pieces.push(pathOf(points.slice(start, end)));
    start = -1;
  };
  for (let i = 2; i < points.length; i += 2) {
    const x0 = points[i - 2] ?? 0;
    const y0 = points[i - 1] ?? 0;
    const x1 = points[i] ?? 0;
    const y1 = points[i + 1] ?? 0;
    const away =
      (x0 < box.left && x1 < box.left) ||
      (x0 > box.right && x1 > box.right) ||
      (y0 < box.top && y1 < box.top) ||
      (y0 > box.bottom && y1 > box.bottom);
    if (away) finish(i);
    else if (start < 0) start = i - 2;
  }
  finish(points.length);
  return pieces;
}

export function cutGeometry(geometry: Geometry, box: Box): Geometry {
  return {
    land: geometry.land.flatMap((ring) => cutRing(ring, box) ?? []),
    coast: geometry.coast.flatMap((line) => cutLine(line, box)),
    borders: geometry.borders.flatMap((line) => cutLine(line, box)),
  };
}

/** Share of its side by which a cell is cut larger, so that strokes at its edge are whole. */
const OVERLAP = 1 / 16;
const STEP = 4;
const KEPT_CELLS = 64;

/** The box of a tile (256 CSS pixels) grown by a share of its side. */
export function tileBox(x: number, y: number, zoom: number, overlap: number): Box {
  const side = 2 ** -zoom;
  return {
    left: (x - overlap) * side,
    top: (y - overlap) * side,
    right: (x + 1 + overlap) * side,
    bottom: (y + 1 + overlap) * side,
  };
}

/** Gives the geometry of any tile, cut from the nearest coarser cell that has been cut already. */
export class Cells {
  readonly #world: Geometry;
  readonly #rounds: number;
  readonly #cells = new Map<string, Geometry>();

  /**
   * @param rounds of smoothing. It is done on the largest cells, whose overlap is longer than any straight stretch of
   *   the data: so what the cut does to the ends of a path is never seen.
   */
  constructor(world: Geometry, rounds = 0) {
    this.#world = world;
    this.#rounds = rounds;
  }

  /** What lies in, and just around, a tile. */
  around(x: number, y: number, zoom: number): Geometry {
    const depth = Math.floor((zoom - 1) / STEP) * STEP;
    if (depth < STEP) return this.#world;
    const shift = zoom - depth;
    return this.#cell(x >> shift, y >> shift, depth);
  }

  #cell(x: number, y: number, zoom: number): Geometry {
    const key = `${zoom}/${x}/${y}`;
    const known = this.#cells.get(key);
    if (known) {
      // Last used, last to go.
      this.#cells.delete(key);
      this.#cells.set(key, known);
      return known;
    }
    const largest = zoom <= STEP;
    const coarser = largest ? this.#world : this.#cell(x >> STEP, y >> STEP, zoom - STEP);
    const cut = cutGeometry(coarser, tileBox(x, y, zoom, OVERLAP));
    const cell = largest && this.#rounds > 0 ? smoothedGeometry(cut, this.#rounds) : cut;
    this.#cells.set(key, cell);
    const [oldest] = this.#cells.keys();
    if (this.#cells.size > KEPT_CELLS && oldest !== undefined) this.#cells.delete(oldest);
    return cell;
  }
}
