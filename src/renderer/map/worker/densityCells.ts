/** From the counts of a density grid to what is painted: a cell is a mark that is a square of its step's colour. */
import { CELL, densityRamp, rampStepOf, stepOf } from '../densityScale';
import type { DensityGrid } from './density';
import { type Looks, PER_KIND } from './looks';
import type { MarkList } from './markList';
import type { FrameView } from './messages';

/** Of a device pixel: what lies on an edge between two must not fall to either side by the rounding of its last digit. */
const ON_EDGE = 1e-6;

export function gatherCells(marks: MarkList, looks: Looks, grid: DensityGrid, view: FrameView): void {
  marks.clear(view.height);
  const { firstColumn, firstRow, columns, rows, counts, steps } = grid;
  const colors = looks.startOfSteps('density', () => densityRamp[looks.theme].map((color) => ({ color, cell: CELL })));
  const side = CELL * view.scale;
  const least = Math.floor(side + ON_EDGE);
  const edges = (first: number, corner: number, count: number) =>
    Int32Array.from({ length: count + 1 }, (_, i) => Math.floor((first + i) * side - corner * view.scale + ON_EDGE));
  const across = edges(firstColumn, view.x, columns);
  const down = edges(firstRow, view.y, rows);
  // Where a cell is no whole number of device pixels, one may be a pixel wider or higher than its neighbour.
  const more = (all: Int32Array, i: number) => Math.min(1, Math.max(0, (all[i + 1] ?? 0) - (all[i] ?? 0) - least));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const count = counts[row * columns + column] ?? 0;
      if (count === 0) continue;
      const kind = colors + rampStepOf(stepOf(count), steps) * PER_KIND;
      const look = kind + more(across, column) + 2 * more(down, row);
      looks.need(look);
      const middle = least >> 1;
      marks.add((across[column] ?? 0) + middle, (down[row] ?? 0) + middle, 0, look);
    }
  }
}
