import { describe, expect, it } from 'vitest';
import { Looks } from '../../../src/renderer/map/worker/looks';
import { pixelOf } from '../../../src/renderer/map/worker/pixels';
import { markSprite, PIECE, PIECE_FROM, PIECE_MASK, PIECE_X, PIECE_Y } from '../../../src/renderer/map/worker/sprites';
import { ONE_LOOK } from '../../../src/renderer/map/worker/surface';

const RED = '#e03131';
const BLUE = '#1971c2';

function open(): Looks {
  const looks = new Looks();
  looks.prepare('light', 1, false);
  return looks;
}

const made = (looks: Looks) => looks.sprites.flatMap((sprite, index) => (sprite ? [index] : []));

describe('the looks of marks', () => {
  it('are made when a mark first has them, and once', () => {
    const looks = open();
    const start = looks.startOf(RED);
    expect(made(looks)).toEqual([]);
    looks.need(start + 7);
    const [first] = [looks.sprites[start + 7]];
    looks.need(start + 7);
    expect(made(looks)).toEqual([start + 7]);
    expect(looks.sprites[start + 7]).toBe(first);
  });

  it('have the colour, the heading and the staleness that their index stands for', () => {
    const looks = open();
    const [red, blue] = [looks.startOf(RED), looks.startOf(BLUE)];
    const look = { outline: pixelOf('#ffffff'), ground: pixelOf('#e4e9eb'), crowd: false, size: 1 };
    for (const index of [blue + 3, red + 3, blue + Looks.STALE + 64]) looks.need(index);
    expect(looks.sprites[red + 3]).toEqual(markSprite({ ...look, color: pixelOf(RED), stale: false }, 3, 1));
    expect(looks.sprites[blue + 3]).toEqual(markSprite({ ...look, color: pixelOf(BLUE), stale: false }, 3, 1));
    expect(looks.sprites[blue + Looks.STALE + 64]).toEqual(
      markSprite({ ...look, color: pixelOf(BLUE), stale: true }, 64, 1),
    );
  });

  it('are made anew for another number of device pixels a CSS pixel', () => {
    const looks = open();
    looks.need(looks.startOf(RED));
    const before = looks.sprites[looks.startOf(RED)];
    looks.prepare('light', 2, false);
    expect(made(looks)).toEqual([]);
    const start = looks.startOf(RED);
    looks.need(start);
    expect(looks.sprites[start]?.reach).toBeGreaterThan(before?.reach ?? Number.POSITIVE_INFINITY);
  });

  it('are stamped from pieces that hold each of their pixels once, at any size', () => {
    for (const [scale, step] of [
      [1, 64],
      [1, 9],
      [2.5, 23],
      [4, 64],
    ] as const) {
      const look = { outline: pixelOf('#ffffff'), ground: pixelOf('#e4e9eb'), crowd: false, stale: false, size: 2 };
      const { dx, dy, pixel, pieces, piecePixels } = markSprite({ ...look, color: pixelOf(RED) }, step, scale);
      const places: string[] = [];
      for (let p = 0; p < pieces.length; p += PIECE) {
        for (let i = 0; i < ONE_LOOK; i++) {
          if ((((pieces[p + PIECE_MASK] ?? 0) >> i) & 1) === 0) continue;
          const x = (pieces[p + PIECE_X] ?? 0) + i;
          places.push(`${x} ${pieces[p + PIECE_Y]} ${piecePixels[(pieces[p + PIECE_FROM] ?? 0) + i]}`);
        }
        expect((pieces[p + PIECE_MASK] ?? 0) >>> ONE_LOOK).toBe(0);
      }
      expect(places).toEqual(Array.from(pixel, (value, k) => `${dx[k]} ${dy[k]} ${value}`));
      expect(places.length).toBeGreaterThan(50);
    }
  });
});
