/**
 * The marks of a frame, as they are stamped: by bands of rows, the southernmost band first and so on top, as map pins are;
 * in a band the last one added is on top. Stamping band by band keeps the memory that is touched in the processor's
 * cache, which makes a crowd of 100,000 five times as fast as in the order of arrival.
 *
 * Each band has a chain of blocks, and a mark is put where it belongs at once.
 */
import { bandOf } from './owner';

/** Columns of a mark, side by side because they are read together: x and y in one number, name (owner.ts), look. */
export const MARK_WIDTH = 3;

/** Numbers of a block: where the block before it begins, or 0; some to spare; then whole marks, up to its end. */
const BLOCK = 1024;
const HEAD = 1 + ((BLOCK - 1) % MARK_WIDTH);

/** Device pixels, whole numbers within 16 bits. */
export const packedPlace = (x: number, y: number) => (y << 16) | (x & 0xffff);
export const rowOf = (place: number) => place >> 16;
export const columnOf = (place: number) => (place << 16) >> 16;

/** Takes the marks from `start` to `end`, all of one band. */
export type TakeMarks = (blocks: Int32Array, start: number, end: number, band: number) => void;

export class MarkList {
  #height = 1;
  /** The first block's place is nobody's: 0 is no block. */
  #blocks = new Int32Array(64 * BLOCK);
  #used = BLOCK;
  /** By band: where its next mark goes; at a block's end, or at 0, there is no room for it. */
  #next = new Int32Array(1);

  /** Forgets all marks. Those of a surface so high follow, device pixels; what is outside goes with its first or last band. */
  clear(height: number): void {
    this.#height = Math.max(1, height);
    this.#used = BLOCK;
    const bands = bandOf(this.#height, this.#height) + 1;
    if (bands === this.#next.length) this.#next.fill(0);
    else this.#next = new Int32Array(bands);
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

  /** Hands out all marks, the topmost ones first: those of a stretch are in order from below. */
  fromAbove(take: TakeMarks): void {
    for (let band = this.#next.length - 1; band >= 0; band--) {
      let end = this.#next[band] ?? 0;
      while (end !== 0) {
        const block = (end - 1) & -BLOCK;
        take(this.#blocks, block + HEAD, end, band);
        const before = this.#blocks[block] ?? 0;
        end = before === 0 ? 0 : before + BLOCK;
      }
    }
  }

  /** All marks, MARK_WIDTH numbers each; what lies lowest comes first. */
  fromBelow(): Int32Array {
    const stretches: Int32Array[] = [];
    let length = 0;
    this.fromAbove((blocks, start, end) => {
      stretches.push(blocks.subarray(start, end));
      length += end - start;
    });
    const all = new Int32Array(length);
    for (const stretch of stretches) {
      length -= stretch.length;
      all.set(stretch, length);
    }
    return all;
  }

  /** @param end of the block before, or 0 */
  #open(end: number): number {
    const block = this.#used;
    this.#used += BLOCK;
    if (this.#used > this.#blocks.length) {
      const longer = new Int32Array(this.#blocks.length * 2);
      longer.set(this.#blocks);
      this.#blocks = longer;
    }
    this.#blocks[block] = end === 0 ? 0 : end - BLOCK;
    return block + HEAD;
  }
}
