/**
 * The stretches of a frame's trails as columns for the graphics processor: x0, y0, x1, y1 in device pixels, and the
 * opacities (0 to 255) at both ends. Those that do not reach the frame are left out, and the others are cut to it and
 * a little room round it, in 64 bits: at a high zoom an end may lie millions of pixels away, where 32 bits are coarse.
 */
import type { FrameView } from '../messages';
import { pixelOf } from '../pixels';
import type { TrailSink } from '../trailWalk';

/** Numbers of a stretch. */
export const STRETCH_WIDTH = 6;
/** Device pixels beyond the frame that a stretch is kept for: no line is so wide. */
const ROOM = 64;

/** Stretches of one colour that follow one another, as numbers of stretches. */
export interface StretchGroup {
  readonly color: number;
  readonly first: number;
  readonly count: number;
}

export class Stretches implements TrailSink {
  #length = 0;
  #columns = new Float32Array(1024 * STRETCH_WIDTH);
  #groups: { color: number; first: number }[] = [];
  #right = 0;
  #bottom = 0;

  clear({ width, height }: FrameView): void {
    this.#length = 0;
    this.#groups = [];
    this.#right = width + ROOM;
    this.#bottom = height + ROOM;
  }

  get columns(): Float32Array {
    return this.#columns.subarray(0, this.#length * STRETCH_WIDTH);
  }

  /** Those that hold anything; the first one's trails lie on top. */
  get groups(): StretchGroup[] {
    return this.#groups
      .map((group, i) => ({ ...group, count: (this.#groups[i + 1]?.first ?? this.#length) - group.first }))
      .filter(({ count }) => count > 0);
  }

  begin(color: string): void {
    const pixel = pixelOf(color);
    if (this.#groups.at(-1)?.color !== pixel) this.#groups.push({ color: pixel, first: this.#length });
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
    const at = this.#length++ * STRETCH_WIDTH;
    if (at >= this.#columns.length) this.#grow();
    const [columns, fading] = [this.#columns, alpha1 - alpha0];
    columns[at] = x0 + dx * from;
    columns[at + 1] = y0 + dy * from;
    columns[at + 2] = x0 + dx * to;
    columns[at + 3] = y0 + dy * to;
    columns[at + 4] = alpha0 + fading * from;
    columns[at + 5] = alpha0 + fading * to;
  };

  #grow(): void {
    const longer = new Float32Array(this.#columns.length * 2);
    longer.set(this.#columns);
    this.#columns = longer;
  }
}
