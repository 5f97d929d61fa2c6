/**
 * Trails: lines of a little more than one pixel, smooth at their edges, faint at the old end. They are drawn last,
 * underneath every mark, and nobody can be picked by a trail.
 *
 * The stretches of one colour are drawn as opacities first, where the stronger one stays: they do not add up where they
 * meet, so a trail has no beads at its corners. What comes of it is kept as a list of pixels, which can be laid
 * underneath one frame after the other.
 */
import { Extent } from './extent';
import type { FrameView } from './messages';
import { over, pixelOf, withAlpha } from './pixels';
import type { Surface } from './surface';
import type { TrailSink } from './trailWalk';

/** Opacity, 0 to 255, at the newest and at the oldest fix. */
const NEWEST_ALPHA = 190;
const OLDEST_ALPHA = 28;
/** CSS pixels. */
export const TRAIL_WIDTH = 1.5;

/** Opacity of the `i`-th fix of `count`, counted from the newest. */
export const trailAlpha = (i: number, count: number) =>
  NEWEST_ALPHA + ((OLDEST_ALPHA - NEWEST_ALPHA) * i) / Math.max(1, count - 1);

export class TrailLines implements TrailSink {
  #width = 0;
  #height = 0;
  #scale = 1;
  #color = 0;
  /** One opacity a pixel; all 0 between two colours. */
  #opacities = new Uint8Array(0);
  /** The same, four at a time. */
  #fours = new Uint32Array(0);
  /** Rows that have been drawn on in this colour. */
  #top = Number.POSITIVE_INFINITY;
  #bottom = Number.NEGATIVE_INFINITY;
  /** Of all the lines. */
  readonly #extent = new Extent();
  /** The lines' pixels: where on the surface and what, in turns. The first colour's come first, and lie on top. */
  #kept = new Int32Array(1024);
  #keptLength = 0;

  /** Forgets the lines so far. Size in device pixels, the width a multiple of 8; `scale` is of them a CSS pixel. */
  start({ width, height, scale }: Pick<FrameView, 'width' | 'height' | 'scale'>): void {
    this.#width = width;
    this.#height = height;
    this.#scale = scale;
    this.#color = 0;
    this.#keptLength = 0;
    this.#extent.clear();
    if (width * height === this.#opacities.length) return;
    this.#opacities = new Uint8Array(width * height);
    this.#fours = new Uint32Array(this.#opacities.buffer);
  }

  begin(color: string): void {
    const pixel = pixelOf(color);
    if (pixel === this.#color) return;
    this.finish();
    this.#color = pixel;
  }

  /** Keeps what has been drawn; no stretch of this colour follows. */
  finish(): void {
    if (this.#bottom < this.#top) return;
    const [opacities, fours, color, width] = [this.#opacities, this.#fours, this.#color, this.#width];
    const end = ((this.#bottom + 1) * width) / 4;
    for (let four = (this.#top * width) / 4; four < end; four++) {
      if (fours[four] === 0) continue;
      if (this.#keptLength + 8 > this.#kept.length) this.#grow();
      const kept = this.#kept;
      let at = this.#keptLength;
      for (let place = four * 4; place < four * 4 + 4; place++) {
        const opacity = opacities[place] ?? 0;
        if (opacity === 0) continue;
        kept[at++] = place;
        kept[at++] = withAlpha(color, opacity);
      }
      this.#keptLength = at;
      fours[four] = 0;
    }
    this.#top = Number.POSITIVE_INFINITY;
    this.#bottom = Number.NEGATIVE_INFINITY;
  }

  /** Lays the lines underneath the picture. The surface has the size of `start`, and all its rows are open. */
  layUnder(surface: Surface): void {
    const { pixels } = surface;
    const [kept, length] = [this.#kept, this.#keptLength];
    const { left, top, right, bottom } = this.#extent;
    if (length > 0) surface.extent.reachTo(left, top, right, bottom);
    for (let at = 0; at < length; at += 2) {
      const place = kept[at] ?? 0;
      const there = pixels[place] ?? 0;
      if (there === 0) pixels[place] = kept[at + 1] ?? 0;
      else if (there >>> 24 !== 255) pixels[place] = over(kept[at + 1] ?? 0, there);
    }
  }

  #grow(): void {
    const longer = new Int32Array(this.#kept.length * 2);
    longer.set(this.#kept);
    this.#kept = longer;
  }

  /** In device pixels (fractions count; a pixel's centre is at .5); it is cut to the surface. */
  readonly stretch = (x0: number, y0: number, alpha0: number, x1: number, y1: number, alpha1: number): void => {
    const [width, height, opacities] = [this.#width, this.#height, this.#opacities];
    const half = (TRAIL_WIDTH * this.#scale) / 2;
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
        const opacity = Math.round(alpha * Math.min(1, halfAcross + 0.5 - Math.abs(b + 0.5 - middle)));
        if (opacity > (opacities[place] ?? 0)) opacities[place] = opacity;
      }
    }
    const across = steep ? halfAcross : 0;
    const down = steep ? 0 : halfAcross;
    const top = Math.floor(Math.min(y0, y1) - down);
    const bottom = Math.floor(Math.max(y0, y1) + down);
    this.#top = Math.max(0, Math.min(this.#top, top));
    this.#bottom = Math.min(height - 1, Math.max(this.#bottom, bottom));
    const left = Math.floor(Math.min(x0, x1) - across);
    this.#extent.reachTo(left, top, Math.floor(Math.max(x0, x1) + across), bottom);
  };
}
