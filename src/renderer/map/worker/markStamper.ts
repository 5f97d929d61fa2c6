/**
 * Stamps the marks of a frame onto a surface, the topmost first. Those of a crowd are opaque, and the whole frame is made
 * of them: their hot loop has no sprite and no call in it. What is not opaque, or lies under something that is not, goes
 * to the rasteriser, mark by mark.
 *
 * Of 300,000 in a window three of four are hidden. Most of those are told by one number: of each column, the row from which
 * on down, as far as marks of this band reach, all pixels are finished.
 */
import type { Looks } from './looks';
import { columnOf, MARK_WIDTH, type MarkList, rowOf } from './markList';
import { ownerAt } from './owner';
import { drawSprite } from './rasteriser';
import { ACROSS, LEFT, MASKS, NEXT, ROWS, type StampTable, TOP } from './stampTable';
import { BAND_ROWS, BAND_SHIFT, COLUMN, COLUMN_SHIFT, SPARE_COLUMNS, type Surface } from './surface';

export class MarkStamper {
  /** By column of the surface's finished pixels: all of them are, from this row to the last that this band reaches. */
  #doneFrom = new Int32Array(0);

  stamp(marks: MarkList, looks: Looks, surface: Surface): void {
    const { sprites, stamps } = looks;
    const { reach, isPartial } = stamps;
    const { height } = surface;
    const columns = surface.finished.length / height;
    if (this.#doneFrom.length !== columns) this.#doneFrom = new Int32Array(columns);
    const done = this.#doneFrom;
    let open = -1;
    let isOpaque = false;
    let top = 0;
    marks.fromAbove((blocks, start, end, band) => {
      if (band !== open) {
        open = band;
        top = Math.max(0, (band << BAND_SHIFT) - reach);
        const bottom = (band << BAND_SHIFT) + BAND_ROWS - 1 + reach;
        isOpaque = !isPartial && surface.isOpaque(top, bottom);
        surface.open(top, bottom, !isPartial);
        done.fill(Math.min(height, bottom + 1));
      }
      if (isOpaque) stampOpaque(surface, stamps, blocks, start, end, band, done, top);
      else {
        for (let at = end - MARK_WIDTH; at >= start; at -= MARK_WIDTH) {
          const sprite = sprites[blocks[at + 2] ?? 0];
          const place = blocks[at] ?? 0;
          if (sprite) drawSprite(surface, sprite, columnOf(place), rowOf(place), blocks[at + 1] ?? 0);
        }
      }
    });
  }
}

/**
 * The hot loop, for marks of one band, the last one first.
 * @param done by column: from this row on all pixels are finished
 * @param limit no mark of the band has a row above this one
 */
function stampOpaque(
  surface: Surface,
  { data, first }: StampTable,
  marks: Int32Array,
  start: number,
  end: number,
  band: number,
  done: Int32Array,
  limit: number,
): void {
  const { pixels, owners, finished, width, height, extent } = surface;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = end - MARK_WIDTH; at >= start; at -= MARK_WIDTH) {
    const place = marks[at] ?? 0;
    for (let stamp = first[marks[at + 2] ?? 0] ?? 0; stamp !== 0; stamp = data[stamp + NEXT] ?? 0) {
      const x = columnOf(place) + (data[stamp + LEFT] ?? 0);
      const y = rowOf(place) + (data[stamp + TOP] ?? 0);
      if (x < -COLUMN || x >= width) continue;
      const column = (x >> COLUMN_SHIFT) + SPARE_COLUMNS;
      const from = done[column] ?? 0;
      if (from <= y) continue;
      const name = marks[at + 1] ?? 0;
      const rows = data[stamp + ROWS] ?? 0;
      const across = data[stamp + ACROSS] ?? 0;
      const shift = x & (COLUMN - 1);
      const end = Math.min(rows, from - y);
      const base = column * height;
      for (let row = y < 0 ? -y : 0; row < end; row++) {
        const look = base + y + row;
        const there = finished[look] ?? 0;
        let bits = (data[stamp + MASKS + row] ?? 0) & ~(there >>> shift);
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
          pixels[line + i] = data[pixel + i] ?? 0;
          owners[line + i] = owner;
        } while (bits !== 0);
      }
      if (x < left) left = x;
      if (y < top) top = y;
      if (x + across > right) right = x + across;
      if (y + rows > bottom) bottom = y + rows;
      let row = from;
      while (row > limit && finished[base + row - 1] === -1) row--;
      done[column] = row;
    }
  }
  if (right >= 0) extent.reachTo(left, top, right - 1, bottom - 1);
}
