import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADING_STEPS } from '../../../src/renderer/map/worker/headings';
import { Looks } from '../../../src/renderer/map/worker/looks';
import { columnOf, eachStretch, MARK_WIDTH, MarkList, rowOf } from '../../../src/renderer/map/worker/markList';
import { jobOf, MarkStamper } from '../../../src/renderer/map/worker/markStamper';
import { bandOf, nameOf } from '../../../src/renderer/map/worker/owner';
import { drawSprite } from '../../../src/renderer/map/worker/rasteriser';
import { partsOf, stampBands, wholeOf } from '../../../src/renderer/map/worker/stampBands';
import type { StampHelper } from '../../../src/renderer/map/worker/stampHelper';
import { Surface } from '../../../src/renderer/map/worker/surface';

/** Device pixels; the last column of finished pixels is a whole one in the first, and half of one in the second. */
const sizes = [
  { width: 96, height: 70 },
  { width: 72, height: 48 },
];
const RED = '#e03131';

interface TestMark {
  readonly x: number;
  readonly y: number;
  readonly id: number;
  readonly look: number;
}

const mark = fc.record({
  x: fc.integer({ min: -60, max: 150 }),
  y: fc.integer({ min: -60, max: 130 }),
  heading: fc.nat(HEADING_STEPS),
  stale: fc.boolean(),
  large: fc.boolean(),
});

/** As many as cover everything several times over, in a place where most are in one band, are more than a block holds. */
const crowd = fc.oneof(
  fc.array(mark, { maxLength: 60 }),
  fc.array(mark, { minLength: 700, maxLength: 900 }),
  fc
    .tuple(fc.array(mark, { minLength: 700, maxLength: 900 }), fc.integer({ min: -20, max: 80 }))
    .map(([marks, row]) => marks.map((one) => ({ ...one, y: row + (one.y & 7) }))),
);

/** Sprite by sprite, the topmost one first: the southernmost band, and in a band the one that was added last. */
function drawEach(surface: Surface, marks: readonly TestMark[], looks: Looks): void {
  surface.open(0, surface.height);
  const fromAbove = marks
    .map((one, i) => ({ one, i, band: bandOf(one.y, surface.height) }))
    .sort((a, b) => b.band - a.band || b.i - a.i);
  for (const { one } of fromAbove) {
    const sprite = looks.sprites[one.look];
    if (sprite) drawSprite(surface, sprite, one.x, one.y, nameOf(one.id, true));
  }
}

function drawRing(surface: Surface, looks: Looks): void {
  looks.need(Looks.SELECTED);
  const ring = looks.sprites[Looks.SELECTED];
  surface.open(0, 60);
  if (ring) drawSprite(surface, ring, 40, 24, 0);
}

/** At the start of a frame: what the one before has left must not matter. */
function usedSurface(width: number, height: number): Surface {
  const surface = new Surface();
  surface.begin(width, height);
  surface.pixels.fill(7);
  surface.owners.fill(7);
  surface.begin(width, height);
  surface.owners.fill(7);
  return surface;
}

function expectSame(one: Int32Array, other: Int32Array): void {
  const at = one.findIndex((value, i) => value !== other[i]);
  expect({ at, one: one[at], other: other[at] }).toEqual({ at: -1, one: undefined, other: undefined });
}

describe('marks that are stamped by the band', () => {
  it.each([
    ['of a crowd', 1, true],
    ['of a crowd, at two device pixels a pixel, where a mark is several stamps', 2, true],
    ['with soft edges', 1, false],
  ])('give the picture that they give one by one, and its owners: %s', (_, scale, isCrowd) => {
    fc.assert(
      fc.property(crowd, fc.constantFrom(...sizes), fc.boolean(), (drawn, { width, height }, ringed) => {
        const looks = new Looks();
        looks.prepare('light', scale, isCrowd);
        const usual = looks.startOf(RED);
        const large = looks.startOfSteps('large', () => [{ color: RED, size: 1.8 }]);
        const marks = drawn.map(({ x, y, heading, stale, large: isLarge }, i) => {
          const look = (isLarge ? large : usual) + (stale ? Looks.STALE : 0) + heading;
          looks.need(look);
          return { x, y, id: i + 1, look };
        });
        const [stamped, each] = [usedSurface(width, height), usedSurface(width, height)];
        if (ringed) for (const surface of [stamped, each]) drawRing(surface, looks);
        // In two goes, as fresh marks and stale ones are.
        const list = new MarkList();
        const half = Math.floor(marks.length / 2);
        for (const part of [marks.slice(0, half), marks.slice(half)]) {
          list.clear(height);
          for (const { x, y, id, look } of part) list.add(x, y, nameOf(id, true), look);
          new MarkStamper().stamp(list, looks, stamped);
          drawEach(each, part, looks);
        }
        stamped.open(0, height);
        expectSame(stamped.pixels, each.pixels);
        expectSame(stamped.owners, each.owners);
        // The box of what has been drawn may be larger by what a mark that is outside reaches.
        const { left, top, right, bottom } = stamped.extent;
        const beyond = stamped.pixels.findIndex((pixel, at) => {
          const [x, y] = [at % width, Math.floor(at / width)];
          return pixel !== 0 && (x < left || x > right || y < top || y > bottom);
        });
        expect(beyond).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('marks that are stamped by two at a time', () => {
  it('are each in one of two parts of the picture, wherever it is cut, and what reaches over the cut is in both', () => {
    fc.assert(
      fc.property(
        crowd,
        fc.constantFrom(...sizes),
        fc.constantFrom(1, 2),
        fc.nat(4),
        fc.boolean(),
        (drawn, { width, height }, scale, cut, upperFirst) => {
          const looks = new Looks();
          looks.prepare('light', scale, true);
          const [list, whole, halves] = [new MarkList(), usedSurface(width, height), usedSurface(width, height)];
          list.clear(height);
          for (const [i, { x, y, heading, stale }] of drawn.entries()) {
            const look = looks.startOf(RED) + (stale ? Looks.STALE : 0) + heading;
            looks.need(look);
            list.add(x, y, nameOf(i + 1, true), look);
          }
          const job = jobOf(list, looks, whole);
          stampBands(job, wholeOf(job), whole.extent);
          const shared = jobOf(list, looks, halves);
          const parts = partsOf(shared, 1 + (cut % (list.next.length - 1)));
          for (const part of upperFirst ? parts : parts.toReversed()) stampBands(shared, part, halves.extent);
          for (const surface of [whole, halves]) surface.open(0, height);
          expectSame(halves.pixels, whole.pixels);
          expectSame(halves.owners, whole.owners);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are all there when the other one fails, which is not asked again', () => {
    const asked: string[] = [];
    const helper = {
      isReady: true,
      begin: () => asked.push('begin'),
      finish: () => false,
      close: () => asked.push('close'),
    };
    const looks = new Looks();
    looks.prepare('light', 1, true);
    const [list, once, twice] = [new MarkList(), new Surface(), new Surface()];
    const { width, height } = { width: 320, height: 240 };
    list.clear(height);
    for (let i = 0; i < 160_000; i++) {
      const look = looks.startOf(RED) + (i % HEADING_STEPS);
      looks.need(look);
      list.add(i % width, Math.floor((i * height) / 160_000), nameOf(i + 1, true), look);
    }
    const stamper = new MarkStamper(() => helper as unknown as StampHelper);
    for (const surface of [once, twice]) {
      surface.begin(width, height);
      stamper.stamp(list, looks, surface);
    }
    expect(asked).toEqual(['begin', 'close']);
    expectSame(once.pixels, twice.pixels);
    expect(once.pixels.every((pixel) => pixel !== 0)).toBe(true);
  });
});

describe('a list of marks', () => {
  it('hands all of them out from below, and from above the other way round, by bands', () => {
    fc.assert(
      fc.property(crowd, (marks) => {
        const list = new MarkList();
        // What was there before is gone.
        list.clear(200);
        for (let i = 0; i < 2_000; i++) list.add(0, i % 200, 1, 1);
        list.clear(70);
        for (const [i, { x, y, heading }] of marks.entries()) list.add(x, y, i, heading);
        const below = list.fromBelow();
        const inOrder = marks
          .map((one, i) => ({ ...one, i, band: bandOf(one.y, 70) }))
          .sort((a, b) => a.band - b.band || a.i - b.i);
        const read = (all: Int32Array) =>
          Array.from({ length: all.length / MARK_WIDTH }, (_, k) => {
            const [place = 0, name, look] = all.subarray(k * MARK_WIDTH);
            return [columnOf(place), rowOf(place), name, look];
          });
        expect(read(below)).toEqual(inOrder.map(({ x, y, i, heading }) => [x, y, i, heading]));
        const above: number[][] = [];
        for (let band = list.next.length - 1; band >= 0; band--) {
          eachStretch(list.blocks, list.next[band] ?? 0, (start, end) => {
            const stretch = read(list.blocks.slice(start, end)) as number[][];
            expect(stretch.every(([, y = 0]) => bandOf(y, 70) === band)).toBe(true);
            above.unshift(...stretch);
          });
        }
        expect(above).toEqual(read(below));
        expect(list.count).toBe(marks.length);
        const fromMiddle = inOrder.filter(({ band }) => band >= list.bandOfPart(0.5)).length;
        const afterMiddle = inOrder.filter(({ band }) => band > list.bandOfPart(0.5)).length;
        expect(2 * fromMiddle).toBeGreaterThanOrEqual(marks.length);
        if (marks.length > 0) expect(2 * afterMiddle).toBeLessThan(marks.length);
      }),
    );
  });
});
