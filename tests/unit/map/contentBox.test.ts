import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOX_GRID, contentBox } from '../../../src/renderer/map/worker/contentBox.ts';

const size = { width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 300 }) };
const place = fc.record({ x: fc.nat(299), y: fc.nat(299) });

describe('the part of a picture with anything in it', () => {
  it('has every pixel that is not empty, lies within the picture, and is no larger than the grid makes it', () => {
    fc.assert(
      fc.property(size.width, size.height, fc.array(place, { maxLength: 8 }), (width, height, wished) => {
        const places = wished.filter(({ x, y }) => x < width && y < height);
        const pixels = new Int32Array(width * height);
        for (const { x, y } of places) pixels[y * width + x] = -1;
        const box = contentBox(pixels, width, height);
        expect(box.width).toBeGreaterThan(0);
        expect(box.height).toBeGreaterThan(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
        if (places.length === 0) {
          expect(box).toEqual({ x: 0, y: 0, width: 1, height: 1 });
          return;
        }
        const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
        for (const [from, length, at] of [
          [box.x, box.width, xs],
          [box.y, box.height, ys],
        ] as const) {
          const [least, most] = [Math.min(...at), Math.max(...at)];
          expect(from).toBeLessThanOrEqual(least);
          expect(least - from).toBeLessThan(BOX_GRID);
          expect(from + length).toBeGreaterThan(most);
          expect(from + length - most).toBeLessThanOrEqual(BOX_GRID);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sees a pixel of any value', () => {
    for (const value of [1, -1, 1 << 24, 0x80 << 24, 0xff]) {
      const pixels = new Int32Array(200 * 200);
      pixels[150 * 200 + 130] = value;
      expect(contentBox(pixels, 200, 200)).toEqual({ x: 128, y: 128, width: 64, height: 64 });
    }
  });
});
