/**
 * What a frame is drawn into: a colour and an owner (owner.ts) for every device pixel. The owner says whose mark is on top there, so
 * the picture and the answer to "what is under the pointer" can never differ.
 *
 * A frame is drawn front to back: what is on top first, and whatever comes later goes underneath. A pixel that is
 * opaque is finished. There is a bit for each, so that one look tells of a stretch of a row which of its pixels are
 * still open: in a crowd hardly any is, and a mark that nobody can see costs a look for each of its rows.
 *
 * What limits the speed is memory: the two columns of a window are larger than a processor's own cache. So rows are
 * emptied just before they are drawn on, a band at a time, and are still in the cache then.
 */

import { Extent } from './extent';
import { over } from './pixels';
import { sharedInts } from './sharedInts';

/** Alpha of a pixel under which nothing is seen. */
export const OPAQUE = 255;
/** Rows of a band. */
export const BAND_SHIFT = 4;
export const BAND_ROWS = 1 << BAND_SHIFT;
/** A surface is a whole number of these wide, device pixels: trails are laid under the picture four pixels at a time. */
export const WIDTH_STEP = 8;
/**
 * Numbers of `finished` begin at every so many pixels of a row, and hold twice as many: so any stretch of a row of up to
 * `ONE_LOOK` pixels is in one number.
 */
export const COLUMN_SHIFT = 4;
export const COLUMN = 1 << COLUMN_SHIFT;
export const ONE_LOOK = COLUMN + 1;
/** Columns beside the picture, at either side: what reaches out of it is looked up there. */
export const SPARE_COLUMNS = 2;

export class Surface {
  width = 0;
  height = 0;
  pixels: Int32Array = new Int32Array(0);
  owners: Int32Array = new Int32Array(0);
  /**
   * Two bits for each pixel that is opaque, in the numbers of two columns: the first 16 bits of a number are its own
   * column's pixels, the leftmost one lowest, the others those of the column to the right. Column by column, each from
   * the top down. What is outside of the picture is finished.
   */
  finished: Int32Array = new Int32Array(0);
  /** Of what has been drawn in this frame. */
  readonly extent = new Extent();
  /** 1 for each band that has been emptied for this frame. */
  emptied: Int32Array = new Int32Array(0);
  /** 1 for each band on which nothing has been drawn, or may yet be, but what is opaque. */
  #opaque = new Uint8Array(0);
  /** The owners of the frame before, which the person may still be looking at. */
  #spareOwners: Int32Array = new Int32Array(0);

  /** Starts a frame; the owners so far become the spare ones. Device pixels; `width` a multiple of WIDTH_STEP. */
  begin(width: number, height: number): void {
    if (width !== this.width || height !== this.height) {
      this.width = width;
      this.height = height;
      this.pixels = sharedInts(width * height);
      this.owners = sharedInts(width * height);
      this.#spareOwners = sharedInts(width * height);
      this.finished = sharedInts((Math.ceil(width / COLUMN) + 2 * SPARE_COLUMNS) * height);
      this.emptied = sharedInts(Math.ceil(height / BAND_ROWS)).fill(1);
      this.#opaque = new Uint8Array(this.emptied.length).fill(1);
      this.extent.clear();
      this.#finishOutside();
      return;
    }
    const owners = this.#spareOwners;
    this.#spareOwners = this.owners;
    this.owners = owners;
    this.restart();
  }

  /** Starts the same frame anew. */
  restart(): void {
    this.extent.clear();
    this.finished.fill(0);
    this.#finishOutside();
    this.emptied.fill(0);
    this.#opaque.fill(1);
  }

  /** What is outside has no pixels: nothing is ever open there. */
  #finishOutside(): void {
    const { finished, width, height } = this;
    const columns = finished.length / height;
    for (let column = 0; column < columns; column++) {
      const x = (column - SPARE_COLUMNS) * COLUMN;
      if (x >= 0 && x + 2 * COLUMN <= width) continue;
      let bits = 0;
      for (let i = 0; i < 2 * COLUMN; i++) if (x + i < 0 || x + i >= width) bits |= 1 << i;
      finished.fill(bits, column * height, (column + 1) * height);
    }
  }

  /** Lays a picture of the same size underneath what is there. Nothing is opened or finished after that. */
  layUnder(pixels: Int32Array, owners: Int32Array): void {
    const { width, height } = this;
    for (let band = 0; band < this.emptied.length; band++) {
      const from = (band << BAND_SHIFT) * width;
      const to = Math.min(height, (band + 1) << BAND_SHIFT) * width;
      if (this.emptied[band] === 0) {
        this.emptied[band] = 1;
        this.pixels.set(pixels.subarray(from, to), from);
        this.owners.set(owners.subarray(from, to), from);
        continue;
      }
      for (let at = from; at < to; at++) {
        if (pixels[at] !== 0) this.layPixelUnder(at, pixels[at] ?? 0, owners[at] ?? 0);
      }
    }
  }

  /** Whether nothing has been drawn in this frame, nor any row of it opened. */
  get isUntouched(): boolean {
    return this.emptied.every((isEmpty) => isEmpty === 0);
  }

  /** Lays one pixel underneath what is there. True when that finished it, which is for the caller to note. */
  layPixelUnder(at: number, pixel: number, owner: number): boolean {
    const there = this.pixels[at] ?? 0;
    if (there >>> 24 === OPAQUE) return false;
    const now = there === 0 ? pixel : over(pixel, there);
    this.pixels[at] = now;
    if (this.owners[at] === 0) this.owners[at] = owner;
    return now >>> 24 === OPAQUE;
  }

  /** Whether all that has been drawn on rows `top` to `bottom`, both included, is opaque; they may lie outside. */
  isOpaque(top: number, bottom: number): boolean {
    const [first, last] = this.#bands(top, bottom);
    return !this.#opaque.subarray(first, last + 1).includes(0);
  }

  #bands(top: number, bottom: number): readonly [first: number, last: number] {
    return [Math.max(0, top) >> BAND_SHIFT, Math.min(this.height - 1, bottom) >> BAND_SHIFT];
  }

  /**
   * Makes rows `top` to `bottom`, both included, ready to be drawn on; they may lie outside.
   * @param opaque nothing but what is opaque is going to be
   */
  open(top: number, bottom: number, opaque = false): void {
    const [first, last] = this.#bands(top, bottom);
    if (!opaque) this.#opaque.fill(0, first, last + 1);
    emptyBands(this.pixels, this.owners, this.emptied, this.width, this.height, first, last);
  }

  /** Place in `finished` of the number that holds the stretch which begins at (x, y). */
  lookAt(x: number, y: number): number {
    return ((x >> COLUMN_SHIFT) + SPARE_COLUMNS) * this.height + y;
  }

  /** How far into that number the stretch begins, bits. */
  shiftOf(x: number): number {
    return x & (COLUMN - 1);
  }

  /** Notes pixels as finished. `bits`: as they stand in the number at `look`. */
  finish(look: number, bits: number): void {
    const { finished, height } = this;
    finished[look] = (finished[look] ?? 0) | bits;
    finished[look - height] = (finished[look - height] ?? 0) | (bits << COLUMN);
    finished[look + height] = (finished[look + height] ?? 0) | (bits >>> COLUMN);
  }
}

/** Empties the rows of these bands, both included, unless they have been for this frame. */
export function emptyBands(
  pixels: Int32Array,
  owners: Int32Array,
  emptied: Int32Array,
  width: number,
  height: number,
  first: number,
  last: number,
): void {
  for (let band = first; band <= last; band++) {
    if (emptied[band] === 1) continue;
    emptied[band] = 1;
    const from = (band << BAND_SHIFT) * width;
    const to = Math.min(height, (band + 1) << BAND_SHIFT) * width;
    pixels.fill(0, from, to);
    owners.fill(0, from, to);
  }
}
