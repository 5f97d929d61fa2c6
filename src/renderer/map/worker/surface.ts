/**
 * What a frame is drawn into: a colour and an id for every device pixel. The id says whose mark is on top there, so
 * the picture and the answer to "what is under the pointer" can never differ. Id 0 is nobody.
 *
 * A frame is drawn front to back: what is on top first, and whatever comes later goes underneath. A pixel that is
 * opaque is finished, and a block of finished pixels is passed over as a whole. So the cost of a crowd is bounded by
 * the pixels of the screen, not by the number of marks piled up on them.
 *
 * What limits the speed is memory: the two columns of a window are larger than a processor's own cache. So rows are
 * emptied just before they are drawn on, a band at a time, and are still in the cache then.
 */

/** Rows of a band. */
export const BAND_SHIFT = 4;
export const BAND_ROWS = 1 << BAND_SHIFT;
/** A run is 8 pixels of a row, a block 8 runs one below the other; a surface is a whole number of runs wide. */
export const RUN = 8;
export const RUN_SHIFT = 3;

export class Surface {
  width = 0;
  height = 0;
  /** Backs both `pixels` and the shell's ImageData. */
  buffer = new ArrayBuffer(0);
  pixels = new Int32Array(this.buffer);
  ids = new Int32Array(0);
  /** Finished pixels of each run; of each block, the finished runs. */
  finished = new Uint8Array(0);
  #blocks = new Uint8Array(0);
  #runsAcross = 0;
  /** 1 for each band that has been emptied for this frame. */
  #empty = new Uint8Array(0);
  /** The ids of the frame before, which the person may still be looking at. */
  #spareIds = new Int32Array(0);

  /** Starts a frame; the ids so far become the spare ones. Device pixels; `width` a multiple of RUN. */
  begin(width: number, height: number): void {
    if (width !== this.width || height !== this.height) {
      this.width = width;
      this.height = height;
      this.buffer = new ArrayBuffer(4 * width * height);
      this.pixels = new Int32Array(this.buffer);
      this.ids = new Int32Array(width * height);
      this.#spareIds = new Int32Array(width * height);
      this.#runsAcross = width >>> RUN_SHIFT;
      this.finished = new Uint8Array(this.#runsAcross * height);
      this.#blocks = new Uint8Array(this.#runsAcross * Math.ceil(height / RUN));
      this.#empty = new Uint8Array(Math.ceil(height / BAND_ROWS)).fill(1);
      return;
    }
    const ids = this.#spareIds;
    this.#spareIds = this.ids;
    this.ids = ids;
    this.#blocks.fill(0);
    this.#empty.fill(0);
  }

  /** Makes rows `top` to `bottom`, both included, ready to be drawn on; they may lie outside. */
  open(top: number, bottom: number): void {
    const first = Math.max(0, top) >> BAND_SHIFT;
    const last = Math.min(this.height - 1, bottom) >> BAND_SHIFT;
    for (let band = first; band <= last; band++) {
      if (this.#empty[band] === 1) continue;
      this.#empty[band] = 1;
      const from = (band << BAND_SHIFT) * this.width;
      const to = Math.min(this.pixels.length, from + this.width * BAND_ROWS);
      this.pixels.fill(0, from, to);
      this.ids.fill(0, from, to);
      this.finished.fill(0, from >>> RUN_SHIFT, to >>> RUN_SHIFT);
    }
  }

  /** True when no pixel of the box, which must lie inside the surface, can change any more. */
  covered(left: number, top: number, right: number, bottom: number): boolean {
    const lastColumn = right >> RUN_SHIFT;
    const lastRow = bottom >> RUN_SHIFT;
    for (let row = top >> RUN_SHIFT; row <= lastRow; row++) {
      const start = row * this.#runsAcross;
      for (let column = left >> RUN_SHIFT; column <= lastColumn; column++) {
        if ((this.#blocks[start + column] ?? 0) < RUN) return false;
      }
    }
    return true;
  }

  /** Counts pixels of a run as finished. */
  finish(run: number, pixels: number): void {
    const done = (this.finished[run] ?? 0) + pixels;
    this.finished[run] = done;
    if (done < RUN) return;
    const row = Math.floor(run / this.#runsAcross);
    const block = (row >> RUN_SHIFT) * this.#runsAcross + (run - row * this.#runsAcross);
    this.#blocks[block] = (this.#blocks[block] ?? 0) + 1;
  }
}
