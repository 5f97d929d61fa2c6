/**
 * Lays Natural Earth out for the app when it is built: from the TopoJSON of the world-atlas package to one run of
 * whole numbers, 32 bits each, least byte first:
 *
 *     number of rings, of pieces of coast, of borders
 *     points of each ring ...
 *     ring, first point, point after the last, of each piece of coast ...
 *     points of each border ...
 *     x and y in turns, of all rings and all borders: fractions of the world (projection.ts) times COLUMN_UNITS
 *
 * A coast is a stretch of a ring, and its points are not written twice.
 */
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { mercatorX, mercatorY } from '../projection';
import { COLUMN_UNITS } from './geometry';

type Positions = readonly (readonly number[])[];

/** Where some rings were cut to lie flat: along the antimeridian and round the south pole. No coast runs there. */
const onCut = ([lon = 0, lat = 0]: readonly number[]) => Math.abs(lon) > 179.99 || lat < -85.05;

/** Projected, and unwrapped: a path that crosses the antimeridian goes on beyond 0 or 1. */
function unwrapped(positions: Positions): number[] {
  const points: number[] = [];
  let before = Number.NaN;
  for (const [i, [lon = 0, lat = 0]] of positions.entries()) {
    let x = mercatorX(lon);
    if (i > 0) x += Math.round(before - x);
    before = x;
    points.push(x, mercatorY(lat));
  }
  return points;
}

/** A ring that goes once round the world (Antarctica) is closed along the bottom of the map. */
function closedRing(points: readonly number[]): readonly number[] {
  const [first = 0, last = 0] = [points[0], points[points.length - 2]];
  return Math.abs(last - first) < 0.5 ? points : [...points, last, 1, first, 1];
}

/** A ring's coast, from point to point: all of it but its stretches along the cuts. */
function* coastOf(ring: Positions): Generator<readonly [from: number, end: number]> {
  let start = 0;
  for (let i = 1; i < ring.length; i++) {
    if (!onCut(ring[i - 1] ?? []) || !onCut(ring[i] ?? [])) continue;
    if (i - start > 1) yield [start, i];
    start = i;
  }
  if (ring.length - start > 1) yield [start, ring.length];
}

function ringsOf(topology: Topology, land: GeometryCollection): Positions[] {
  return feature(topology, land).features.flatMap(({ geometry }) => {
    if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat();
    return geometry.type === 'Polygon' ? geometry.coordinates : [];
  });
}

/**
 * @param topology `countries-*.json` of the world-atlas package, with its objects `land` and `countries`
 * @throws when it has not both
 */
export function columnsOf(topology: Topology): ArrayBuffer {
  const { land, countries } = topology.objects as Record<string, GeometryCollection>;
  if (!land || !countries) throw new Error('the base map data has no land');
  const positions = ringsOf(topology, land);
  const rings = positions.map((ring) => closedRing(unwrapped(ring)));
  const pieces = positions.flatMap((ring, i) => [...coastOf(ring)].map(([from, end]) => [i, from, end]));
  const lines = mesh(topology, countries, (a, b) => a !== b).coordinates.map(unwrapped);
  const pointsIn = ({ length }: { readonly length: number }) => length / 2;
  const head = [rings.length, pieces.length, lines.length];
  const numbers = [
    ...head,
    ...rings.map(pointsIn),
    ...pieces.flat(),
    ...lines.map(pointsIn),
    ...[...rings, ...lines].flatMap((points) => points.map((value) => Math.round(value * COLUMN_UNITS))),
  ];
  const columns = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [i, value] of numbers.entries()) columns.setInt32(4 * i, value, true);
  return columns.buffer;
}
