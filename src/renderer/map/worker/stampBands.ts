/**
 * Stamps marks that are opaque, as those of a crowd are, and nothing but numbers in arrays: the hot loop has no sprite and no
 * call in it, and the arrays may be in memory that two threads share, each of which stamps bands of its own.
 *
 * Of 300,000 marks in a window three of four are hidden. Most of those are told by one number: of each column, the row from
 * which on down, as far as marks of this band reach, all pixels are finished.
 */
import type { Extent } from './extent';
import { columnOf, eachStretch, MARK_WIDTH, rowOf } from './markList';
import { ownerAt } from './owner';
import { ACROSS, LEFT, MASKS, NEXT, ROWS, TOP } from './stampTable';
import { BAND_ROWS, BAND_SHIFT, COLUMN, COLUMN_SHIFT, emptyBands, SPARE_COLUMNS } from './surface';

/** What is stamped, and onto what: marks (markList.ts), stamps (stampTable.ts) and a surface, as arrays. */
export interface StampJob {
  readonly blocks: Int32Array;
  readonly next: Int32Array;
  readonly stamps: Int32Array;
  readonly firstStamps: Int32Array;
  readonly reach: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Int32Array;
  readonly owners: Int32Array;
  readonly finished: Int32Array;
  readonly emptied: Int32Array;
}

/** Bands from the last one up to the first one, both included; and the rows that are stamped, the last one not included. */
export interface Part {
  readonly lastBand: number;
  readonly firstBand: number;
  readonly fromRow: number;
  readonly toRow: number;
}

/** The whole of a picture. */
export const wholeOf = ({ next, height }: StampJob): Part => ({
  lastBand: next.length - 1,
  firstBand: 0,
  fromRow: 0,
  toRow: height,
});

/**
 * A picture in two parts, that do not touch each other's rows: above and below the upper edge of a band. Marks that reach
 * over it are stamped in both.
 */
export function partsOf(job: StampJob, band: number): readonly [upper: Part, lower: Part] {
  const { lastBand } = wholeOf(job);
  const row = band << BAND_SHIFT;
  const spill = Math.ceil(job.reach / BAND_ROWS);
  return [
    { lastBand: Math.min(lastBand, band - 1 + spill), firstBand: 0, fromRow: 0, toRow: row },
    { lastBand, firstBand: Math.max(0, band - spill), fromRow: row, toRow: job.height },
  ];
}

/** @param extent takes what has been drawn */
export function stampBands(job: StampJob, { lastBand, firstBand, fromRow, toRow }: Part, extent: Extent): void {
  const { blocks, next, reach, width, height, pixels, owners, finished, emptied } = job;
  const done = new Int32Array(finished.length / height);
  for (let band = lastBand; band >= firstBand; band--) {
    const end = next[band] ?? 0;
    if (end === 0) continue;
    const top = Math.max(fromRow, (band << BAND_SHIFT) - reach);
    const bottom = Math.min(toRow, (band << BAND_SHIFT) + BAND_ROWS + reach);
    if (top >= bottom) continue;
    emptyBands(pixels, owners, emptied, width, height, top >> BAND_SHIFT, (bottom - 1) >> BAND_SHIFT);
    done.fill(bottom);
    eachStretch(blocks, end, (from, to) => stampStretch(job, from, to, band, top, done, extent));
  }
}

/**
 * Marks of one band, the last one first.
 * @param top nothing is stamped above this row
 * @param done by column: from this row on all pixels are finished
 */
function stampStretch(
  { blocks: marks, stamps, firstStamps, width, height, pixels, owners, finished }: StampJob,
  start: number,
  end: number,
  band: number,
  top: number,
  done: Int32Array,
  extent: Extent,
): void {
  let [boxLeft, boxTop, boxRight, boxBottom] = [width, height, -1, -1];
  for (let at = end - MARK_WIDTH; at >= start; at -= MARK_WIDTH) {
    const place = marks[at] ?? 0;
    for (let stamp = firstStamps[marks[at + 2] ?? 0] ?? 0; stamp !== 0; stamp = stamps[stamp + NEXT] ?? 0) {
      const x = columnOf(place) + (stamps[stamp + LEFT] ?? 0);
      const y = rowOf(place) + (stamps[stamp + TOP] ?? 0);
      if (x < -COLUMN || x >= width) continue;
      const column = (x >> COLUMN_SHIFT) + SPARE_COLUMNS;
      const from = done[column] ?? 0;
      if (from <= y) continue;
      const name = marks[at + 1] ?? 0;
      const rows = stamps[stamp + ROWS] ?? 0;
      const across = stamps[stamp + ACROSS] ?? 0;
      const shift = x & (COLUMN - 1);
      const last = Math.min(rows, from - y);
      const base = column * height;
      for (let row = y < top ? top - y : 0; row < last; row++) {
        const look = base + y + row;
        const there = finished[look] ?? 0;
        let bits = (stamps[stamp + MASKS + row] ?? 0) & ~(there >>> shift);
        if (bits === 0) continue;
        const now = bits << shift;
        finished[look] = there | now;
        finished[look - height] = (finished[look - height] ?? 0) | (now << COLUMN);
        finished[look + height] = (finished[look + height] ?? 0) | (now >>> COLUMN);
        const owner = name === 0 ? 0 : ownerAt(y + row, name, band);
        const line = (y + row) * width + x;
        const pixel = stamp + MASKS + rows + row * across;
        do {
          const i = 31 - Math.clz32(bits);
          bits ^= 1 << i;
          pixels[line + i] = stamps[pixel + i] ?? 0;
          owners[line + i] = owner;
        } while (bits !== 0);
      }
      if (x < boxLeft) boxLeft = x;
      if (y < boxTop) boxTop = y;
      if (x + across > boxRight) boxRight = x + across;
      if (y + rows > boxBottom) boxBottom = y + rows;
      let row = from;
      while (row > top && finished[base + row - 1] === -1) row--;
      done[column] = row;
    }
  }
  if (boxRight >= 0) extent.reachTo(boxLeft, boxTop, boxRight - 1, boxBottom - 1);
}
