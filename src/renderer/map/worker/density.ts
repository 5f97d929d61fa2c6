/**
 * The density view: how many entities are in each cell of a frame. Cells lie fast in the world, so that a pan changes
 * no count; every entity that marks would show is counted, in each copy of the world that is in view.
 */
import type { PictureWish } from '../../../shared/contract';
import { CELL, CROWD, stepsFor } from '../densityScale';
import { worldSize } from '../projection';
import { FADED, FRESH } from './entityStore';
import { copies, entitiesInView } from './frameContents';
import type { FrameView } from './messages';
import type { DrawnStream } from './painter';

/** A crowd that has gone to this part of what makes one is none any more: at the limit the picture must not flicker. */
const STILL_A_CROWD = 0.8;

/** Whole cells that cover a frame, row by row. */
export interface DensityGrid {
  /** The first cell's number, counted in cells from the world's upper left corner; it may be negative. */
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columns: number;
  readonly rows: number;
  readonly counts: Uint32Array;
  /** Steps of the scale that its colours are of. */
  readonly steps: number;
}

export class Density {
  #wish: PictureWish = 'marks';
  #crowd = false;
  #steps = 0;
  #zoom = Number.NaN;
  /** Of the last two frames, the newest first. */
  #held: readonly { readonly frame: number; readonly view: FrameView; readonly grid: DensityGrid | null }[] = [];

  wish(wish: PictureWish): void {
    this.#wish = wish;
    this.#crowd = false;
  }

  /** Counts a frame's cells; null when marks are to be shown. `countAt` can be asked of the last two frames. */
  of(frame: number, streams: readonly DrawnStream[], view: FrameView): DensityGrid | null {
    const grid = this.#isWanted(streams, view) ? this.#count(streams, view) : null;
    this.#held = [{ frame, view, grid }, ...this.#held.slice(0, 1)];
    return grid;
  }

  /** Entities in the cell at a place of a frame, CSS pixels from its corner; null when it shows marks. */
  countAt(frame: number, x: number, y: number): number | null {
    const held = this.#held.find((one) => one.frame === frame);
    if (!held?.grid) return null;
    const { firstColumn, firstRow, columns, rows, counts } = held.grid;
    const column = Math.floor((held.view.x + x) / CELL) - firstColumn;
    const row = Math.floor((held.view.y + y) / CELL) - firstRow;
    return column >= 0 && column < columns && row >= 0 && row < rows ? (counts[row * columns + column] ?? 0) : 0;
  }

  #isWanted(streams: readonly DrawnStream[], view: FrameView): boolean {
    if (this.#wish !== 'automatic') return this.#wish === 'density';
    this.#crowd = entitiesInView(streams, view) > CROWD * (this.#crowd ? STILL_A_CROWD : 1);
    return this.#crowd;
  }

  #count(streams: readonly DrawnStream[], view: FrameView): DensityGrid {
    const firstColumn = Math.floor(view.x / CELL);
    const firstRow = Math.floor(view.y / CELL);
    const columns = Math.floor((view.x + view.width / view.scale) / CELL) + 1 - firstColumn;
    const rows = Math.floor((view.y + view.height / view.scale) / CELL) + 1 - firstRow;
    const counts = new Uint32Array(columns * rows);
    const cells = worldSize(view.zoom) / CELL;
    for (const shift of copies(view)) {
      for (const { store, style } of streams) {
        if (!style.visible) continue;
        const { shownX, shownY, phase: phases, length } = store;
        for (let e = 0; e < length; e++) {
          const phase = phases[e];
          if (phase !== FRESH && phase !== FADED) continue;
          const column = Math.floor(((shownX[e] ?? 0) + shift) * cells) - firstColumn;
          const row = Math.floor((shownY[e] ?? 0) * cells) - firstRow;
          if (column < 0 || column >= columns || row < 0 || row >= rows) continue;
          const at = row * columns + column;
          counts[at] = (counts[at] ?? 0) + 1;
        }
      }
    }
    const grid = { firstColumn, firstRow, columns, rows, counts };
    return { ...grid, steps: this.#stepsOf(mostInViewport(grid, view), view.zoom) };
  }

  /** A scale that grows at once, and shrinks only when it is two steps too long: a count on the edge changes no colours. */
  #stepsOf(most: number, zoom: number): number {
    const needed = stepsFor(most);
    if (zoom !== this.#zoom || needed > this.#steps || needed < this.#steps - 1) this.#steps = needed;
    this.#zoom = zoom;
    return this.#steps;
  }
}

function mostInViewport(
  { firstColumn, firstRow, columns, rows, counts }: Omit<DensityGrid, 'steps'>,
  { x, y, viewport }: FrameView,
): number {
  const cellOf = (place: number, first: number, last: number) =>
    Math.min(last, Math.max(0, Math.floor(place / CELL) - first));
  const [left, top] = [x + viewport.x, y + viewport.y];
  const right = cellOf(left + viewport.width, firstColumn, columns - 1);
  const bottom = cellOf(top + viewport.height, firstRow, rows - 1);
  let most = 0;
  for (let row = cellOf(top, firstRow, rows - 1); row <= bottom; row++) {
    for (let column = cellOf(left, firstColumn, columns - 1); column <= right; column++) {
      most = Math.max(most, counts[row * columns + column] ?? 0);
    }
  }
  return most;
}
