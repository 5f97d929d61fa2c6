/**
 * Opaque sprites, all of them in one array, as they are stamped by the hundred thousand (stampBands.ts): so whose turn
 * it is costs a look into it, and not a walk from object to object. A sprite is cut into stamps that are each as wide as
 * one look at a surface's finished pixels takes in; most are one stamp.
 */
import { longer } from './columns';
import { alphaOf } from './pixels';
import { sharedInts } from './sharedInts';
import type { Sprite } from './sprites';
import { ONE_LOOK, OPAQUE } from './surface';

/** Of a stamp: where the sprite's next one is, 0 when there is none; then its box, from the sprite's centre. */
export const NEXT = 0;
export const LEFT = 1;
export const TOP = 2;
export const ROWS = 3;
export const ACROSS = 4;
/** Then a number for each row: a bit for each of its pixels, the leftmost one lowest. Then the pixels, row by row. */
export const MASKS = 5;

export class StampTable {
  #data = sharedInts(4096);
  /** 0 is no stamp. */
  #length = 1;
  /** By look (looks.ts): where its first stamp is, or 0. */
  #first = sharedInts(256);
  #translucent = false;
  #reach = 0;

  get data(): Int32Array {
    return this.#data;
  }

  get first(): Int32Array {
    return this.#first;
  }

  /** The farthest that any sprite reaches from its centre, opaque or not, device pixels. */
  get reach(): number {
    return this.#reach;
  }

  /** Whether some sprite is not here, since it is not opaque. */
  get isPartial(): boolean {
    return this.#translucent;
  }

  clear(): void {
    this.#length = 1;
    this.#first.fill(0);
    this.#translucent = false;
    this.#reach = 0;
  }

  add(look: number, sprite: Sprite): void {
    this.#reach = Math.max(this.#reach, sprite.reach);
    if (sprite.pixel.some((pixel) => alphaOf(pixel) !== OPAQUE)) {
      this.#translucent = true;
      return;
    }
    if (look >= this.#first.length) this.#first = longer(this.#first, sharedInts(2 * look + 2));
    let before = 0;
    for (let left = sprite.left; left <= sprite.right; left += ONE_LOOK) {
      const at = this.#addStamp(sprite, left, Math.min(sprite.right, left + ONE_LOOK - 1));
      if (before === 0) this.#first[look] = at;
      else this.#data[before + NEXT] = at;
      before = at;
    }
  }

  #addStamp({ top, bottom, raster, box }: Sprite, left: number, right: number): number {
    const at = this.#length;
    const [rows, across] = [bottom - top + 1, right - left + 1];
    this.#length += MASKS + rows + rows * across;
    if (this.#length > this.#data.length) this.#data = longer(this.#data, sharedInts(2 * this.#length));
    const data = this.#data;
    data.set([0, left, top, rows, across], at);
    for (let row = 0; row < rows; row++) {
      let mask = 0;
      for (let i = 0; i < across; i++) {
        const pixel = raster[(top + row + box) * (2 * box + 1) + left + i + box] ?? 0;
        if (pixel !== 0) mask |= 1 << i;
        data[at + MASKS + rows + row * across + i] = pixel;
      }
      data[at + MASKS + row] = mask;
    }
    return at;
  }
}
