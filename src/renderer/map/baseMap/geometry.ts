/**
 * Natural Earth's land and borders as plain columns of world fractions (see projection.ts), ready to be cut into
 * tiles: rings to fill, and lines (coast, borders) to stroke. They are separate because a cut ring runs along the
 * tile's edge, where no coast is.
 */
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { mercatorX, mercatorY } from '../projection';

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

export function pathOf(points: Float64Array): Path {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
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

type Positions = readonly (readonly number[])[];

/** Where some rings were cut to lie flat: along the antimeridian and round the south pole. No coast runs there. */
const onCut = ([lon = 0, lat = 0]: readonly number[]) => Math.abs(lon) > 179.99 || lat < -85.05;

/** Projected, and unwrapped: a path that crosses the antimeridian goes on beyond 0 or 1. */
function unwrapped(positions: Positions): Float64Array {
  const points = new Float64Array(positions.length * 2);
  let before = Number.NaN;
  for (const [i, [lon = 0, lat = 0]] of positions.entries()) {
    let x = mercatorX(lon);
    if (i > 0) x += Math.round(before - x);
    before = x;
    points[2 * i] = x;
    points[2 * i + 1] = mercatorY(lat);
  }
  return points;
}

/** A ring that goes once round the world (Antarctica) is closed along the bottom of the map. */
function closedRing(points: Float64Array): Float64Array {
  const [first, last] = [points[0] ?? 0, points[points.length - 2] ?? 0];
  if (Math.abs(last - first) < 0.5) return points;
  return Float64Array.from([...points, last, 1, first, 1]);
}

/** The path, and itself a world to the east or west where it reaches into the neighbour. */
function inEveryWorld(path: Path): Path[] {
  const moved = (by: number) => pathOf(path.points.map((value, i) => (i % 2 === 0 ? value + by : value)));
  return [path, ...(path.left < 0 ? [moved(1)] : []), ...(path.right > 1 ? [moved(-1)] : [])];
}

/** A ring's coast: all of it but its stretches along the cuts. */
function* coastOf(ring: Positions, points: Float64Array): Generator<Float64Array> {
  let start = 0;
  for (let i = 1; i < ring.length; i++) {
    if (!onCut(ring[i - 1] ?? []) || !onCut(ring[i] ?? [])) continue;
    if (i - start > 1) yield points.slice(2 * start, 2 * i);
    start = i;
  }
  if (ring.length - start > 1) yield points.slice(2 * start);
}

/**
 * @param topology `countries-*.json` of the world-atlas package, with its objects `land` and `countries`
 */
export function geometryOf(topology: Topology): Geometry {
  const { land, countries } = topology.objects as Record<string, GeometryCollection>;
  if (!land || !countries) throw new Error('the base map data has no land');
  const rings: Path[] = [];
  const coast: Path[] = [];
  for (const ring of ringsOf(topology, land)) {
    const points = unwrapped(ring);
    rings.push(...inEveryWorld(pathOf(closedRing(points))));
    for (const piece of coastOf(ring, points)) coast.push(...inEveryWorld(pathOf(piece)));
  }
  const lines = mesh(topology, countries, (a, b) => a !== b).coordinates;
  const borders = lines.flatMap((line) => inEveryWorld(pathOf(unwrapped(line))));
  return { land: rings, coast, borders };
}

function ringsOf(topology: Topology, land: GeometryCollection): Positions[] {
  return feature(topology, land).features.flatMap(({ geometry }) => {
    if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat();
    return geometry.type === 'Polygon' ? geometry.coordinates : [];
  });
}
