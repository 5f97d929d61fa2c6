/**
 * The marks of a frame, as they are stamped: by bands of rows, the southernmost band first and so on top, as map pins are;
 * in a band the last one added is on top. Stamping band by band keeps the memory that is touched in the processor's
 * cache, which makes a crowd of 100,000 five times as fast as in the order of arrival.
 *
 * Each band has a chain of blocks, and a mark is put where it belongs at once.
 */
import { longer } from './columns';
import { bandOf } from './owner';
import { sharedInts } from './sharedInts';

/** Columns of a mark, side by side because they are read together: x and y in one number, name (owner.ts), look. */
export const MARK_WIDTH = 3;

/** Numbers of a block: where the block before it begins, or 0; some to spare; then whole marks, up to its end. */
const BLOCK = 1024;
const HEAD = 1 + ((BLOCK - 1) % MARK_WIDTH);

/** Device pixels, whole numbers within 16 bits. */
export const packedPlace = (x: number, y: number) => (y << 16) | (x & 0xffff);
export const rowOf = (place: number) => place >> 16;
export const columnOf = (place: number) => (place << 16) >> 16;

/**
 * Hands out the marks of a band in stretches, from `start` to `end`; the topmost one first, and in it the last one on top.
 * @param end where the band's next mark would go
 */
export function eachStretch(blocks: Int32Array, end: number, take: (start: number, end: number) => void): void {
  while (end !== 0) {
    const block = (end - 1) & -BLOCK;
    take(block + HEAD, end);
    const before = blocks[block] ?? 0;
    end = before === 0 ? 0 : before + BLOCK;
  }
}

export class MarkList {
  #height = 1;
  /** The first block's place is nobody's: 0 is no block. */
  #blocks = sharedInts(64 * BLOCK);
  #used = BLOCK;
  /** By band: where its next mark goes; at a block's end, or at 0, there is no room for it. */
  #next = sharedInts(1);

  /** Forgets all marks. Those of a surface so high follow, device pixels; what is outside goes with its first or last band. */
  clear(height: number): void {
    this.#height = Math.max(1, height);
    this.#used = BLOCK;
    const bands = bandOf(this.#height, this.#height) + 1;
    if (bands === this.#next.length) this.#next.fill(0);
    else this.#next = sharedInts(bands);
  }

  /** Device pixels of the centre, whole numbers within 16 bits. */
  add(x: number, y: number, name: number, look: number): void {
    const band = bandOf(y, this.#height);
    let at = this.#next[band] ?? 0;
    if ((at & (BLOCK - 1)) === 0) at = this.#open(at);
    const blocks = this.#blocks;
    blocks[at] = packedPlace(x, y);
    blocks[at + 1] = name;
    blocks[at + 2] = look;
    this.#next[band] = at + MARK_WIDTH;
  }

  /** The blocks, and by band where its next mark would go: see `eachStretch`. */
  get blocks(): Int32Array {
    return this.#blocks;
  }

  get next(): Int32Array {
    return this.#next;
  }

  get count(): number {
    let numbers = 0;
    for (const end of this.#next) numbers += this.#numbersUpTo(end);
    return numbers / MARK_WIDTH;
  }

  /** The band from which on down there is this part of all marks, or a little more. */
  bandOfPart(part: number): number {
    const least = part * this.count * MARK_WIDTH;
    let band = this.#next.length;
    for (let numbers = 0; numbers < least && band > 0; ) numbers += this.#numbersUpTo(this.#next[--band] ?? 0);
    return band;
  }

  /** All marks, MARK_WIDTH numbers each; what lies lowest comes first. */
  fromBelow(): Int32Array {
    let to = this.count * MARK_WIDTH;
    const all = new Int32Array(to);
    for (let band = this.#next.length - 1; band >= 0; band--) {
      eachStretch(this.#blocks, this.#next[band] ?? 0, (start, end) => {
        to -= end - start;
        all.set(this.#blocks.subarray(start, end), to);
      });
    }
    return all;
  }

  #numbersUpTo(end: number): number {
    let numbers = 0;
    eachStretch(this.#blocks, end, (from, to) => {
      numbers += to - from;
    });
    return numbers;
  }

  /** @param end of the block before, or 0 */
  #open(end: number): number {
    const block = this.#used;
    this.#used += BLOCK;
    if (this.#used > this.#blocks.length) {
      this.#blocks = longer(this.#blocks, sharedInts(this.#blocks.length * 2));
    }
    this.#blocks[block] = end === 0 ? 0 : end - BLOCK;
    return block + HEAD;
  }
}
