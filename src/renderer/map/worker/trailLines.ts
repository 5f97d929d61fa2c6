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
export const TRAIL_WIDTH = 1.5;

/** Opacity of the `i`-th fix of `count`, counted from the newest. */
export const trailAlpha = (i: number, count: number) =>
  NEWEST_ALPHA + ((OLDEST_ALPHA - NEWEST_ALPHA) * i) / Math.max(1, count - 1);

/**
 * One stretch of a trail, in device pixels (fractions count; a pixel's centre is at .5), cut to the surface.
 * Stretches of one colour do not add up where they meet, so a trail has no beads at its corners.
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
  const { width, height } = surface;
  const half = (TRAIL_WIDTH * scale) / 2;
  const room = half + 1;
  if ((x0 < -room && x1 < -room) || (y0 < -room && y1 < -room)) return;
  if ((x0 > width + room && x1 > width + room) || (y0 > height + room && y1 > height + room)) return;
  const steep = Math.abs(y1 - y0) > Math.abs(x1 - x0);
  // The long axis runs along `a`, the short one along `b`, from the lower `a` to the higher.
  const forward = steep ? y0 <= y1 : x0 <= x1;
  const start = forward ? alpha0 : alpha1;
  const end = forward ? alpha1 : alpha0;
  const fromX = forward ? x0 : x1;
  const fromY = forward ? y0 : y1;
  const toX = forward ? x1 : x0;
  const toY = forward ? y1 : y0;
  const a0 = steep ? fromY : fromX;
  const b0 = steep ? fromX : fromY;
  const a1 = steep ? toY : toX;
  const b1 = steep ? toX : toY;
  const length = a1 - a0;
  const slope = length > 0 ? (b1 - b0) / length : 0;
  const fading = length > 0 ? (end - start) / length : 0;
  // Measured along the short axis a slanted line is wider.
  const halfAcross = half * Math.sqrt(1 + slope * slope);
  const limitA = steep ? height : width;
  const limitB = steep ? width : height;
  const first = Math.max(0, Math.floor(a0));
  const last = Math.min(limitA - 1, Math.floor(a1));
  for (let a = first; a <= last; a++) {
    const at = Math.min(Math.max(a + 0.5, a0), a1) - a0;
    const middle = b0 + slope * at;
    const alpha = start + fading * at;
    const from = Math.max(0, Math.floor(middle - halfAcross));
    const to = Math.min(limitB - 1, Math.floor(middle + halfAcross));
    for (let b = from; b <= to; b++) {
      const place = steep ? a * width + b : b * width + a;
      if ((surface.pixels[place] ?? 0) >>> 24 === 255) continue;
      const opacity = Math.round(alpha * Math.min(1, halfAcross + 0.5 - Math.abs(b + 0.5 - middle)));
      if (opacity > 0) drawTrailPixel(surface, place, color, opacity);
    }
  }
}

/** Lies below marks; over trails of other colours; and of its own colour the stronger one stays. */
function drawTrailPixel(surface: Surface, place: number, color: number, opacity: number): void {
  const there = surface.pixels[place] ?? 0;
  const alpha = there >>> 24;
  const pixel = withAlpha(color, opacity);
  if (alpha === 0) surface.pixels[place] = pixel;
  else if ((there & 0xffffff) !== (color & 0xffffff)) surface.pixels[place] = over(pixel, there);
  else if (opacity > alpha) surface.pixels[place] = pixel;
}
