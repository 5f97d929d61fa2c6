import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOX_GRID, contentBox } from '../../../src/renderer/map/worker/contentBox.ts';
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
