/**
 * Chaikin's corner cutting: every stretch of a path gives way to its middle half. Near the ground the straight
 * stretches of 1:10 million would show; two rounds make them curves.
 */
import { type Geometry, type Path, pathOf } from './geometry';

/** An open path keeps its ends; one that ends where it starts is closed, as a ring always is. */
export function smoothed(points: Float64Array, ring = false): Float64Array {
  const n = points.length;
  const meets = points[0] === points[n - 2] && points[1] === points[n - 1];
  const closed = ring || meets;
  const stretches = closed && !meets ? n / 2 : n / 2 - 1;
  const smooth = new Float64Array(4 * stretches + (closed ? 2 : 4));
  let at = 0;
  if (!closed) {
    smooth.set(points.subarray(0, 2));
    at = 2;
  }
  for (let i = 0; i < stretches; i++) {
    const from = 2 * i;
    const to = from + 2 < n ? from + 2 : 0;
    const x0 = points[from] ?? 0;
    const y0 = points[from + 1] ?? 0;
    const x1 = points[to] ?? 0;
    const y1 = points[to + 1] ?? 0;
    smooth[at] = x0 + (x1 - x0) / 4;
    smooth[at + 1] = y0 + (y1 - y0) / 4;
    smooth[at + 2] = x1 - (x1 - x0) / 4;
    smooth[at + 3] = y1 - (y1 - y0) / 4;
    at += 4;
  }
  smooth.set(closed ? smooth.subarray(0, 2) : points.subarray(n - 2), at);
  return smooth;
}

export function smoothedGeometry({ land, coast, borders }: Geometry, rounds: number): Geometry {
  const smooth = (paths: readonly Path[], ring: boolean) =>
    paths.map(({ points }) => {
      let smoother = points;
      for (let i = 0; i < rounds; i++) smoother = smoothed(smoother, ring);
      return pathOf(smoother);
    });
  return { land: smooth(land, true), coast: smooth(coast, false), borders: smooth(borders, false) };
}
