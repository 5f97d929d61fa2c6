import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Turn, WheelLevels } from '../../../src/renderer/map/wheelZoom';

// What a page has, and Node has not.
beforeAll(() => void vi.stubGlobal('WheelEvent', { DOM_DELTA_PIXEL: 0, DOM_DELTA_LINE: 1, DOM_DELTA_PAGE: 2 }));

const turn = (deltaY: number, more: Partial<Turn> = {}): Turn => ({ deltaY, deltaMode: 0, ctrlKey: false, ...more });

/** Levels of turns that come so far apart. */
function levelsOf(turns: readonly Turn[], apartMs = 16): number {
  const wheel = new WheelLevels();
  return turns.reduce((sum, one, i) => sum + wheel.add(one, i * apartMs), 0);
}

/** Events of a pinch to so many times the size. */
const pinch = (factor: number, events = 30): Turn[] =>
  Array.from({ length: events }, () => turn((-100 * Math.log(factor)) / events, { ctrlKey: true }));

describe('zooming by the wheel', () => {
  it.each([
    ['a notch of 120 px', [turn(-120)], 1],
    ['a notch of 100 px, as Windows tells it', [turn(-100)], 1],
    ['a notch of 53 px', [turn(53)], -1],
    ['a notch of three lines', [turn(-3, { deltaMode: 1 })], 1],
    ['a page', [turn(1, { deltaMode: 2 })], -1],
    ['three notches told in one', [turn(-360)], 3],
    ['five notches, one after the other', Array.from({ length: 5 }, () => turn(120)), -5],
    ['a pinch to twice the size', pinch(2), 1],
    ['a pinch to a quarter of the size', pinch(1 / 4), -2],
    ['a pinch to eight times the size, in few events', pinch(8, 5), 3],
    ['two fingers over 330 px', Array.from({ length: 33 }, () => turn(-10)), 3],
    ['two fingers that are flung', [-4, -30, -95, -99, -80, -40, -12].map((px) => turn(px)), 3],
    ['a touch of two fingers', [turn(-4), turn(-9), turn(-3)], 0],
    ['a turn to the side', [turn(0)], 0],
  ])('takes %s for what it is', (_, turns, levels) => {
    expect(levelsOf(turns)).toBe(levels);
  });

  it('forgets what was no level yet when nothing follows, or the other way', () => {
    const half = [turn(-40), turn(-15)];
    expect(levelsOf([...half, ...half])).toBe(1);
    expect(levelsOf([...half, ...half], 400)).toBe(0);
    expect(levelsOf([turn(-45), turn(50 / 4), turn(50 / 4), turn(50 / 4), turn(-15)])).toBe(0);
  });

  it('tells two fingers from a wheel by how they begin, each time anew', () => {
    const wheel = new WheelLevels();
    expect([4, 60, 60].map((px, i) => wheel.add(turn(px), i * 16))).toEqual([0, -1, 0]);
    expect([60, 60, 60].map((px, i) => wheel.add(turn(px), 1_000 + i * 16))).toEqual([-1, -1, -1]);
    expect([4, 60, 60].map((px, i) => wheel.add(turn(px), 2_000 + i * 16))).toEqual([0, -1, 0]);
  });

  it('is never more than half a level from where the fingers are', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 49, noNaN: true }),
        fc.array(fc.double({ min: 0.01, max: 500, noNaN: true }), { maxLength: 200 }),
        fc.boolean(),
        (first, others, out) => {
          const wheel = new WheelLevels();
          let [fingers, levels] = [0, 0];
          for (const [i, one] of [first, ...others].entries()) {
            fingers += (out ? -one : one) / 120;
            levels += wheel.add(turn(out ? one : -one), i * 10);
            expect(Math.abs(levels - fingers)).toBeLessThanOrEqual(0.5 + 1e-9);
          }
        },
      ),
    );
  });
});
