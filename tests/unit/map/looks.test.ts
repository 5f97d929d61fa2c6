import { describe, expect, it } from 'vitest';
import { Looks } from '../../../src/renderer/map/worker/looks';
import { pixelOf } from '../../../src/renderer/map/worker/pixels';
import { markSprite } from '../../../src/renderer/map/worker/sprites';

const RED = '#e03131';
const BLUE = '#1971c2';

function open(): Looks {
  const looks = new Looks();
  looks.prepare('light', 1, 640, false);
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
    expect(looks.sprites[red + 3]).toEqual(markSprite({ ...look, color: pixelOf(RED), stale: false }, 3, 1, 640));
    expect(looks.sprites[blue + 3]).toEqual(markSprite({ ...look, color: pixelOf(BLUE), stale: false }, 3, 1, 640));
    expect(looks.sprites[blue + Looks.STALE + 64]).toEqual(
      markSprite({ ...look, color: pixelOf(BLUE), stale: true }, 64, 1, 640),
    );
  });

  it('are made anew for a surface of another width', () => {
    const looks = open();
    looks.need(looks.startOf(RED));
    looks.prepare('light', 1, 1_280, false);
    expect(made(looks)).toEqual([]);
    const start = looks.startOf(RED);
    looks.need(start);
    const offsets = looks.sprites[start];
    expect(offsets?.at).toEqual(
      Int32Array.from(offsets?.at ?? [], (_, k) => (offsets?.dy[k] ?? 0) * 1_280 + (offsets?.dx[k] ?? 0)),
    );
    expect(offsets?.at.length).toBeGreaterThan(40);
  });
});
