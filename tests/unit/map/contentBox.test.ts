import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BOX_GRID,
  contentBox,
  MOST_STRIPS,
  STRIP_PIXELS,
  stripsOf,
} from '../../../src/renderer/map/worker/contentBox.ts';
import { Extent } from '../../../src/renderer/map/worker/extent.ts';

const size = fc.integer({ min: 1, max: 300 });
const edge = fc.integer({ min: -40, max: 340 });

describe('the part of a picture that is handed on', () => {
  it('has all that has been drawn, lies within the picture, and is no larger than the grid makes it', () => {
    fc.assert(
      fc.property(size, size, fc.tuple(edge, edge), fc.tuple(edge, edge), (width, height, xs, ys) => {
        const [left, right] = [Math.min(...xs), Math.max(...xs)];
        const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
        const box = contentBox({ width, height }, { left, top, right, bottom });
        if (right < 0 || bottom < 0 || left >= width || top >= height) {
          expect(box).toEqual({ x: 0, y: 0, width: 1, height: 1 });
          return;
        }
        for (const [from, length, least, most, whole] of [
          [box.x, box.width, left, right, width],
          [box.y, box.height, top, bottom, height],
        ] as const) {
          const [first, last] = [Math.max(0, least), Math.min(whole - 1, most)];
          expect(from).toBeGreaterThanOrEqual(0);
          expect(from + length).toBeLessThanOrEqual(whole);
          expect(from).toBeLessThanOrEqual(first);
          expect(first - from).toBeLessThan(BOX_GRID);
          expect(from + length).toBeGreaterThan(last);
          expect(from + length - last).toBeLessThanOrEqual(BOX_GRID);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is one pixel of a picture of nothing', () => {
    expect(contentBox({ width: 200, height: 100 }, new Extent())).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });
});

describe('the strips that it is handed on in', () => {
  const side = fc.integer({ min: 1, max: 4_000 });

  it('cover it, each part once, and none is larger than memory is kept for', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), side, side, (x, y, width, height) => {
        const strips = stripsOf({ x, y, width, height });
        let next = y;
        for (const strip of strips) {
          expect(strip).toMatchObject({ x, y: next, width });
          expect(strip.height).toBeGreaterThan(0);
          next += strip.height;
        }
        expect(next).toBe(y + height);
        if (strips.length > 1) {
          for (const strip of strips) expect(strip.width * strip.height).toBeLessThanOrEqual(STRIP_PIXELS);
        }
        const wanted = Math.ceil((width * height) / STRIP_PIXELS);
        expect(strips.length > 1).toBe(wanted > 1 && wanted <= MOST_STRIPS);
      }),
      { numRuns: 1000 },
    );
  });

  it('are six for a usual window, and one for a small picture or one of a large screen', () => {
    const countOf = (width: number, height: number) => stripsOf({ x: 0, y: 0, width, height }).length;
    expect(countOf(1344, 864)).toBe(6);
    expect(countOf(320, 192)).toBe(1);
    expect(countOf(3904, 2224)).toBe(1);
  });
});
