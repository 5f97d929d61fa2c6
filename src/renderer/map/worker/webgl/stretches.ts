/**
 * The stretches of a frame's trails as numbers for the graphics processor, two texels each: x0, y0, x1, y1 in device
 * pixels; the opacities (0 to 255) at both ends, and two that are free. Those that do not reach the frame are left out, and the others are cut to it and
 * a little room round it, in 64 bits: at a high zoom an end may lie millions of pixels away, where 32 bits are coarse.
 */
import type { FrameView } from '../messages';
import { pixelOf } from '../pixels';
import type { TrailSink } from '../trailWalk';
import { TEXEL, wholeRows } from './dataTexture';

/** Numbers of a stretch. */
export const STRETCH_WIDTH = 2 * TEXEL;
/** Device pixels beyond the frame that a stretch is kept for: no line is so wide. */
const ROOM = 64;

/** Stretches of one colour that follow one another, as numbers of stretches. */
export interface StretchGroup {
  readonly color: number;
  readonly first: number;
  readonly count: number;
}

export class Stretches implements TrailSink {
  #count = 0;
  #numbers = new Float32Array(wholeRows(1024 * STRETCH_WIDTH));
  #groups: { color: number; first: number }[] = [];
  #right = 0;
  #bottom = 0;

  clear({ width, height }: FrameView): void {
    this.#count = 0;
    this.#groups = [];
    this.#right = width + ROOM;
    this.#bottom = height + ROOM;
  }

  /** Whole rows of a DataTexture; the first `length` of them count. */
  get numbers(): Float32Array {
    return this.#numbers;
  }

  get length(): number {
    return this.#count * STRETCH_WIDTH;
  }

  /** Those that hold anything; the first one's trails lie on top. */
  get groups(): StretchGroup[] {
    return this.#groups
      .map((group, i) => ({ ...group, count: (this.#groups[i + 1]?.first ?? this.#count) - group.first }))
      .filter(({ count }) => count > 0);
  }

  begin(color: string): void {
    const pixel = pixelOf(color);
    if (this.#groups.at(-1)?.color !== pixel) this.#groups.push({ color: pixel, first: this.#count });
  }

  readonly stretch = (x0: number, y0: number, alpha0: number, x1: number, y1: number, alpha1: number): void => {
    const [dx, dy] = [x1 - x0, y1 - y0];
    // The part of the stretch, from 0 to 1, that lies inside (Liang and Barsky).
    let [from, to] = [0, 1];
    for (const [start, step, limit] of [[x0, dx, this.#right] as const, [y0, dy, this.#bottom] as const]) {
      if (step === 0) {
        if (start < -ROOM || start > limit) return;
        continue;
      }
      const [one, other] = [(-ROOM - start) / step, (limit - start) / step];
      from = Math.max(from, Math.min(one, other));
      to = Math.min(to, Math.max(one, other));
    }
    if (from > to) return;
    const at = this.#count++ * STRETCH_WIDTH;
    if (at >= this.#numbers.length) this.#grow();
    const [numbers, fading] = [this.#numbers, alpha1 - alpha0];
    numbers[at] = x0 + dx * from;
    numbers[at + 1] = y0 + dy * from;
    numbers[at + 2] = x0 + dx * to;
    numbers[at + 3] = y0 + dy * to;
    numbers[at + 4] = alpha0 + fading * from;
    numbers[at + 5] = alpha0 + fading * to;
  };

  #grow(): void {
    const longer = new Float32Array(this.#numbers.length * 2);
    longer.set(this.#numbers);
    this.#numbers = longer;
  }
}
