/**
 * Trails: lines of a little more than one pixel, smooth at their edges, faint at the old end. They are drawn last,
 * underneath every mark, and nobody can be picked by a trail.
 */
import { over, withAlpha } from './pixels';
import type { Surface } from './surface';

/** Opacity, 0 to 255, at the newest and at the oldest fix. */
const NEWEST_ALPHA = 190;
const OLDEST_ALPHA = 28;
/** CSS pixels. */
const WIDTH = 1.5;

/** Opacity of the `i`-th fix of `count`, counted from the newest. */
export const trailAlpha = (i: number, count: number) =>
  NEWEST_ALPHA + ((OLDEST_ALPHA - NEWEST_ALPHA) * i) / Math.max(1, count - 1);

/**
 * One stretch of a trail, in device pixels (fractions count; a pixel's centre is at .5). Stretches of one colour do
 * not add up where they meet, so a trail has no beads at its corners.
 */
export function drawStretch(
  surface: Surface,
  scale: number,
  color: number,
  x0: number,
  y0: number,
  alpha0: number,
  x1: number,
  y1: number,
  alpha1: number,
): void {
  const half = (WIDTH * scale) / 2;
  const steep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
  // The long axis runs along `a`, the short one along `b`.
  let [a0, b0, start] = steep ? [y0, x0, alpha0] : [x0, y0, alpha0];
  let [a1, b1, end] = steep ? [y1, x1, alpha1] : [x1, y1, alpha1];
  if (a0 > a1) [a0, b0, start, a1, b1, end] = [a1, b1, end, a0, b0, start];
  const length = a1 - a0;
  const slope = length > 0 ? (b1 - b0) / length : 0;
  const fading = length > 0 ? (end - start) / length : 0;
  // Measured along the short axis a slanted line is wider.
  const halfAcross = half * Math.sqrt(1 + slope * slope);
  const limitA = steep ? surface.height : surface.width;
  const limitB = steep ? surface.width : surface.height;
  const first = Math.max(0, Math.floor(a0));
  const last = Math.min(limitA - 1, Math.floor(a1));
  for (let a = first; a <= last; a++) {
    const at = Math.min(Math.max(a + 0.5, a0), a1) - a0;
    const middle = b0 + slope * at;
    const alpha = start + fading * at;
    const from = Math.max(0, Math.floor(middle - halfAcross));
    const to = Math.min(limitB - 1, Math.floor(middle + halfAcross));
    for (let b = from; b <= to; b++) {
      const covered = Math.min(1, halfAcross + 0.5 - Math.abs(b + 0.5 - middle));
      const opacity = Math.round(alpha * covered);
      if (opacity > 0) drawTrailPixel(surface, steep ? a * surface.width + b : b * surface.width + a, color, opacity);
    }
  }
}

function drawTrailPixel(surface: Surface, place: number, color: number, opacity: number): void {
  const there = surface.pixels[place] ?? 0;
  const alpha = there >>> 24;
  if (alpha === 255) return;
  const pixel = withAlpha(color, opacity);
  if (alpha === 0) surface.pixels[place] = pixel;
  else if ((there & 0xffffff) === (color & 0xffffff)) {
    if (opacity > alpha) surface.pixels[place] = pixel;
  } else surface.pixels[place] = over(pixel, there);
}

/** Cuts a stretch to a box grown by `margin`; null when it does not touch it. Ends keep their share of the alpha. */
export function clipped(
  stretch: readonly [x0: number, y0: number, alpha0: number, x1: number, y1: number, alpha1: number],
  width: number,
  height: number,
  margin: number,
): [number, number, number, number, number, number] | null {
  const [x0, y0, alpha0, x1, y1, alpha1] = stretch;
  const [dx, dy] = [x1 - x0, y1 - y0];
  let [enter, leave] = [0, 1];
  // Liang and Barsky: each side of the box cuts the parameter's range.
  for (const [towards, room] of [
    [-dx, x0 + margin],
    [dx, width + margin - x0],
    [-dy, y0 + margin],
    [dy, height + margin - y0],
  ] as const) {
    if (towards === 0) {
      if (room < 0) return null;
      continue;
    }
    const at = room / towards;
    if (towards < 0) enter = Math.max(enter, at);
    else leave = Math.min(leave, at);
    if (!(enter <= leave)) return null;
  }
  const alpha = (t: number) => alpha0 + (alpha1 - alpha0) * t;
  return [x0 + dx * enter, y0 + dy * enter, alpha(enter), x0 + dx * leave, y0 + dy * leave, alpha(leave)];
}
