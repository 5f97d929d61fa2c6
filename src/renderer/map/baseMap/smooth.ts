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
  const push = (x: number, y: number) => {
    smooth[at++] = x;
    smooth[at++] = y;
  };
  if (!closed) push(points[0] ?? 0, points[1] ?? 0);
  for (let i = 0; i < stretches; i++) {
    const [from, to] = [2 * i, (2 * i + 2) % n];
    const [x0, y0, x1, y1] = [points[from] ?? 0, points[from + 1] ?? 0, points[to] ?? 0, points[to + 1] ?? 0];
    push(x0 + (x1 - x0) / 4, y0 + (y1 - y0) / 4);
    push(x1 - (x1 - x0) / 4, y1 - (y1 - y0) / 4);
  }
  if (closed) push(smooth[0] ?? 0, smooth[1] ?? 0);
  else push(points[n - 2] ?? 0, points[n - 1] ?? 0);
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
