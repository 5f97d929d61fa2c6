/**
 * Which marks have their centre where: cells of a few pixels, each a chain of blocks that hold what is to be known of a
 * mark side by side. To look round a pixel is so to read a few short stretches of memory.
 */
import { columnOf, rowOf } from './markList';

/** Device pixels. */
const CELL_SHIFT = 3;
/** Marks of a block. */
const MARKS = 10;
/** Numbers of a mark: place, name, look. What a name is does not matter here. */
export const CELL_MARK = 3;
/** Numbers of a block: the block after it, one to spare, then the marks. */
const HEAD = 2;
const BLOCK = HEAD + CELL_MARK * MARKS;
const NONE = -1;

export class MarkCells {
  #margin = 0;
  #columns = 0;
  #rows = 0;
  /** The first block of each cell, or NONE; all but the first one are full. */
  #first = new Int32Array(0);
  /** How many marks the first block has. */
  #filled = new Uint8Array(0);
  #blocks = new Int32Array(0);
  #blockCount = 0;
  /** Blocks that nobody has any more, a chain. */
  #free = NONE;
  /** Marks that have been looked at since `clear`: a pile of thousands on one pixel is known by it. */
  looked = 0;

  /** Forgets all marks. Those of a surface of this size follow, from `margin` pixels around it too. */
  clear(width: number, height: number, margin: number): void {
    const cellsOf = (pixels: number) => ((pixels + 2 * margin) >> CELL_SHIFT) + 1;
    this.#margin = margin;
    this.#columns = cellsOf(width);
    this.#rows = cellsOf(height);
    const cells = this.#columns * this.#rows;
    if (cells !== this.#first.length) {
      this.#first = new Int32Array(cells);
      this.#filled = new Uint8Array(cells);
    }
    this.#first.fill(NONE);
    this.#filled.fill(0);
    this.#blockCount = 0;
    this.#free = NONE;
    this.looked = 0;
  }

  /** Gives the memory of all marks back. */
  release(): void {
    this.#first = new Int32Array(0);
    this.#filled = new Uint8Array(0);
    this.#blocks = new Int32Array(0);
    this.#blockCount = 0;
    this.#free = NONE;
  }

  /** `place`: as packedPlace (markList.ts) packs it. */
  add(place: number, name: number, look: number): void {
    const cell = this.#cellOf(place);
    let filled = this.#filled[cell] ?? 0;
    let block = this.#first[cell] ?? NONE;
    if (block === NONE || filled === MARKS) {
      const next = block;
      block = this.#take();
      this.#blocks[block] = next;
      this.#first[cell] = block;
      filled = 0;
    }
    const at = block + HEAD + CELL_MARK * filled;
    this.#blocks[at] = place;
    this.#blocks[at + 1] = name;
    this.#blocks[at + 2] = look;
    this.#filled[cell] = filled + 1;
  }

  /** Takes out a mark that is there. */
  remove(place: number, name: number): void {
    const cell = this.#cellOf(place);
    const at = this.#find(cell, name);
    const blocks = this.#blocks;
    const first = this.#first[cell] ?? NONE;
    const filled = (this.#filled[cell] ?? 0) - 1;
    const last = first + HEAD + CELL_MARK * filled;
    blocks[at] = blocks[last] ?? 0;
    blocks[at + 1] = blocks[last + 1] ?? 0;
    blocks[at + 2] = blocks[last + 2] ?? 0;
    if (filled > 0) {
      this.#filled[cell] = filled;
      return;
    }
    const next = blocks[first] ?? NONE;
    this.#first[cell] = next;
    this.#filled[cell] = next === NONE ? 0 : MARKS;
    blocks[first] = this.#free;
    this.#free = first;
  }

  /** Another place, name and look for a mark that is there. */
  move(place: number, name: number, newPlace: number, newName: number, newLook: number): void {
    const cell = this.#cellOf(place);
    if (cell === this.#cellOf(newPlace)) {
      const at = this.#find(cell, name);
      this.#blocks[at] = newPlace;
      this.#blocks[at + 1] = newName;
      this.#blocks[at + 2] = newLook;
      return;
    }
    this.remove(place, name);
    this.add(newPlace, newName, newLook);
  }

  /**
   * Marks with their centre within these columns and rows, edges included.
   * @param into takes them, in any order
   */
  within(left: number, top: number, right: number, bottom: number, into: Found): void {
    const [blocks, columns] = [this.#blocks, this.#columns];
    const [firstColumn, lastColumn] = [this.#along(left, columns), this.#along(right, columns)];
    const [firstRow, lastRow] = [this.#along(top, this.#rows), this.#along(bottom, this.#rows)];
    let { marks } = into;
    let length = 0;
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const cell = row * columns + column;
        let filled = this.#filled[cell] ?? 0;
        for (let block = this.#first[cell] ?? NONE; block !== NONE; block = blocks[block] ?? NONE) {
          const end = block + HEAD + CELL_MARK * filled;
          this.looked += filled;
          if (length + CELL_MARK * MARKS > marks.length) {
            const longer = new Int32Array(2 * marks.length + CELL_MARK * MARKS);
            longer.set(marks);
            marks = longer;
          }
          for (let at = block + HEAD; at < end; at += CELL_MARK) {
            const place = blocks[at] ?? 0;
            const y = rowOf(place);
            const x = columnOf(place);
            if (x < left || x > right || y < top || y > bottom) continue;
            marks[length] = place;
            marks[length + 1] = blocks[at + 1] ?? 0;
            marks[length + 2] = blocks[at + 2] ?? 0;
            length += CELL_MARK;
          }
          filled = MARKS;
        }
      }
    }
    into.marks = marks;
    into.length = length;
  }

  #along(pixel: number, cells: number): number {
    const at = (pixel + this.#margin) >> CELL_SHIFT;
    return at < 0 ? 0 : at >= cells ? cells - 1 : at;
  }

  #cellOf(place: number): number {
    return this.#along(rowOf(place), this.#rows) * this.#columns + this.#along(columnOf(place), this.#columns);
  }

  #find(cell: number, name: number): number {
    const blocks = this.#blocks;
    let filled = this.#filled[cell] ?? 0;
    for (let block = this.#first[cell] ?? NONE; block !== NONE; block = blocks[block] ?? NONE) {
      const end = block + HEAD + CELL_MARK * filled;
      this.looked += filled;
      for (let at = block + HEAD; at < end; at += CELL_MARK) if (blocks[at + 1] === name) return at;
      filled = MARKS;
    }
    throw new Error(`mark ${name} is not in the cell that it was put into`);
  }

  #take(): number {
    const block = this.#free;
    if (block !== NONE) {
      this.#free = this.#blocks[block] ?? NONE;
      return block;
    }
    const made = this.#blockCount++ * BLOCK;
    if (made >= this.#blocks.length) {
      const longer = new Int32Array(Math.max(64 * BLOCK, Math.ceil((this.#blocks.length * 1.5) / BLOCK) * BLOCK));
      longer.set(this.#blocks);
      this.#blocks = longer;
    }
    return made;
  }
}

/** What was found by `within`: the first `length` numbers, CELL_MARK for each mark. */
export interface Found {
  marks: Int32Array;
  length: number;
}
