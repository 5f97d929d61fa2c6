import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL_MARK, type Found, MarkCells } from '../../../src/renderer/map/worker/markCells';
import { packedPlace } from '../../../src/renderer/map/worker/markList';

const [WIDTH, HEIGHT, MARGIN] = [70, 50, 32];

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly look: number;
}

const placeOf = ({ x, y }: Mark) => packedPlace(x, y);

/** Places that are often the same: piles have to be taken apart too. */
const mark = fc.record({
  x: fc.oneof(fc.integer({ min: -MARGIN, max: WIDTH + MARGIN }), fc.constant(20)),
  y: fc.oneof(fc.integer({ min: -MARGIN, max: HEIGHT + MARGIN }), fc.constant(20)),
  look: fc.nat(9),
});
const step = fc.record({
  kind: fc.constantFrom('add' as const, 'remove' as const, 'move' as const),
  which: fc.nat(),
  mark,
});
const box = fc.record({
  x: fc.integer({ min: -60, max: 120 }),
  y: fc.integer({ min: -60, max: 100 }),
  side: fc.nat(60),
});

describe('the cells of marks', () => {
  it('find those within a box, and nobody else, whatever was added, moved and taken out', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.array(box, { minLength: 1, maxLength: 8 }), (steps, boxes) => {
        const cells = new MarkCells();
        cells.clear(WIDTH, HEIGHT, MARGIN);
        const there = new Map<number, Mark>();
        let names = 0;
        for (const { kind, which, mark } of steps) {
          const name = [...there.keys()][which % Math.max(1, there.size)];
          const old = name === undefined ? undefined : there.get(name);
          if (kind === 'add' || name === undefined || old === undefined) {
            cells.add(placeOf(mark), ++names, mark.look);
            there.set(names, mark);
          } else if (kind === 'remove') {
            cells.remove(placeOf(old), name);
            there.delete(name);
          } else {
            cells.move(placeOf(old), name, placeOf(mark), ++names, mark.look);
            there.delete(name);
            there.set(names, mark);
          }
        }
        const found: Found = { marks: new Int32Array(0), length: 0 };
        for (const { x, y, side } of boxes) {
          cells.within(x, y, x + side, y + side, found);
          const told = Array.from({ length: found.length / CELL_MARK }, (_, i) =>
            [...found.marks.subarray(i * CELL_MARK, (i + 1) * CELL_MARK)].join(),
          );
          const inside = [...there].filter(
            ([, one]) => one.x >= x && one.x <= x + side && one.y >= y && one.y <= y + side,
          );
          expect(told.sort()).toEqual(inside.map(([name, one]) => [placeOf(one), name, one.look].join()).sort());
        }
      }),
    );
  });

  it('forget everybody when they are cleared, and say who is not there', () => {
    const cells = new MarkCells();
    cells.clear(WIDTH, HEIGHT, MARGIN);
    const place = packedPlace(3, 3);
    cells.add(place, 1, 0);
    cells.clear(WIDTH, HEIGHT, MARGIN);
    const found: Found = { marks: new Int32Array(0), length: 0 };
    cells.within(0, 0, WIDTH, HEIGHT, found);
    expect(found.length).toBe(0);
    expect(() => cells.remove(place, 1)).toThrow('mark 1 is not in the cell');
  });
});
