import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latitudeOf, longitudeOf, mercatorX, mercatorY, worldSize } from '../../../src/renderer/map/projection';
import { EntityStore } from '../../../src/renderer/map/worker/entityStore';
import { LONGEST_GLIDE_MS, LONGEST_WAY, SHORTEST_GLIDE_MS, wayAcross } from '../../../src/renderer/map/worker/glide';
import type { FrameView } from '../../../src/renderer/map/worker/messages';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { walkTrails } from '../../../src/renderer/map/worker/trailWalk';
import { batchOf, type TestRecord } from './batches';

const NOW = 1_700_000_000_000;
/** World widths; a tenth of a millimetre. */
const TINY = 1e-11;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** One stream of one entity, fed and looked at as the worker does it. */
class One {
  readonly trails = new TrailRing(4096);
  readonly store = new EntityStore(this.trails);
  #known = 0;

  constructor(smooth = true) {
    this.store.setSmooth(smooth);
  }

  fix(at: number, lat: number, lon: number, more: Partial<TestRecord> = {}): Place {
    return this.fixes(at, [{ entity: 0, time: at, lat, lon, ...more }]);
  }

  fixes(at: number, records: readonly TestRecord[]): Place {
    this.store.apply(batchOf(records, this.#known), at);
    this.#known = 1;
    return this.target;
  }

  shown(at: number): Place {
    this.store.moveOn(at);
    return { x: this.store.shownX[0] ?? Number.NaN, y: this.store.shownY[0] ?? Number.NaN };
  }

  get target(): Place {
    return { x: this.store.x[0] ?? Number.NaN, y: this.store.y[0] ?? Number.NaN };
  }
}

/** How far the second place lies from the first on the straight way to the third (0 to 1), and how far beside it. */
function alongWay(from: Place, at: Place, to: Place): { part: number; beside: number } {
  const [wayX, wayY] = [wayAcross(from.x, to.x), to.y - from.y];
  const [x, y] = [wayAcross(from.x, at.x), at.y - from.y];
  const length = Math.hypot(wayX, wayY);
  if (length < TINY) return { part: 0, beside: Math.hypot(x, y) };
  return { part: (x * wayX + y * wayY) / length ** 2, beside: Math.abs(x * wayY - y * wayX) / length };
}

describe('an entity that glides', () => {
  it('takes as long as its last two arrivals were apart, at an even pace, and then rests exactly at its fix', () => {
    const one = new One();
    const from = one.fix(NOW, 59, 24);
    const to = one.fix(NOW + 2_000, 59.1, 24.2);
    expect(one.shown(NOW + 2_000)).toEqual(from);
    for (const passed of [16, 500, 777, 1_000, 1_999]) {
      const { part, beside } = alongWay(from, one.shown(NOW + 2_000 + passed), to);
      expect(part).toBeCloseTo(passed / 2_000, 9);
      expect(beside).toBeLessThan(TINY);
    }
    expect(one.store.gliding).toBe(1);
    expect(one.shown(NOW + 4_000)).toEqual(to);
    expect(one.store.gliding).toBe(0);
    expect(one.shown(NOW + 1_000_000)).toEqual(to);
  });

  it('goes from where it is shown when the next fix comes early, and never by way of the fix it had not reached', () => {
    const one = new One();
    one.fix(NOW, 59, 24);
    one.fix(NOW + 2_000, 59.1, 24);
    const turn = one.shown(NOW + 3_000);
    const to = one.fix(NOW + 3_000, 59.1, 24.3);
    const { part, beside } = alongWay(turn, one.shown(NOW + 3_250), to);
    expect(part).toBeCloseTo(0.25, 9);
    expect(beside).toBeLessThan(TINY);
    expect(one.shown(NOW + 4_000)).toEqual(to);
  });

  it('takes fixes that come in one go as one, in the time that it had', () => {
    const one = new One();
    const from = one.fix(NOW, 59, 24);
    const records = [1, 2, 3].map((i) => ({ entity: 0, time: NOW + i, lat: 59 + i / 10, lon: 24 }));
    one.fixes(NOW + 1_000, records);
    const to = one.fix(NOW + 1_040, 59.4, 24);
    expect(alongWay(from, one.shown(NOW + 1_540), to).part).toBeCloseTo(0.52, 1);
    expect(one.shown(NOW + 1_999)).not.toEqual(to);
    expect(one.shown(NOW + 2_000)).toEqual(to);
  });

  it('takes a moment also where fixes come faster than that', () => {
    const one = new One();
    one.fix(NOW, 59, 24);
    const to = one.fix(NOW + 10, 59.1, 24);
    expect(one.shown(NOW + 10 + SHORTEST_GLIDE_MS - 1)).not.toEqual(to);
    expect(one.shown(NOW + 10 + SHORTEST_GLIDE_MS)).toEqual(to);
  });

  it('crosses the antimeridian the short way, and is always in the one world', () => {
    for (const [west, east] of [
      [179.9, -179.8],
      [-179.9, 179.8],
      [180, -179.9],
    ] as const) {
      const one = new One();
      one.fix(NOW, -17, west);
      one.fix(NOW + 1_000, -17, east);
      for (let passed = 0; passed <= 1_000; passed += 50) {
        const { x } = one.shown(NOW + 1_000 + passed);
        expect(Math.abs(longitudeOf(x))).toBeGreaterThan(179.75);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(1);
      }
      expect(one.shown(NOW + 2_000)).toEqual(one.target);
    }
  });

  it.each([
    ['after a long silence', (one: One) => one.fix(NOW + LONGEST_GLIDE_MS + 1, 59.1, 24)],
    ['far off', (one: One) => one.fix(NOW + 1_000, 59, 24 + 361 * LONGEST_WAY)],
    ['when the clock was set back', (one: One) => one.fix(NOW - 5_000, 59.1, 24, { time: NOW + 1 })],
  ])('does not: a fix %s is shown at once', (_, next) => {
    const one = new One();
    one.fix(NOW, 59, 24);
    const to = next(one);
    expect(one.shown(NOW + 1_001)).toEqual(to);
    expect(one.store.gliding).toBe(0);
  });

  it('is at its first fix at once, also when it was removed or hidden before', () => {
    const one = new One();
    const first = one.fix(NOW, 59, 24);
    expect(one.shown(NOW)).toEqual(first);
    one.fix(NOW + 500, 59.1, 24);
    expect(one.store.gliding).toBe(1);
    one.fixes(NOW + 600, [{ entity: 0, time: NOW + 600, removed: true, offset: 9 }]);
    expect(one.store.gliding).toBe(0);
    const again = one.fix(NOW + 700, 59.2, 24, { offset: 10 });
    expect(one.shown(NOW + 700)).toEqual(again);
    one.store.setStaleness({ fadeAfterMs: null, hideAfterMs: 1_000 }, NOW + 700);
    const hidden = one.fix(NOW + 800, 59.3, 24, { offset: 11 });
    expect(one.store.gliding).toBe(1);
    one.store.settle(NOW + 2_000);
    expect(one.store.hidden).toBe(1);
    expect(one.store.gliding).toBe(0);
    expect(one.shown(NOW + 2_000)).toEqual(hidden);
    const back = one.fix(NOW + 2_100, 59.4, 24, { offset: 12 });
    expect(one.shown(NOW + 2_100)).toEqual(back);
  });

  it('is not turned by a late fix', () => {
    const one = new One();
    const from = one.fix(NOW, 59, 24);
    const to = one.fix(NOW + 1_000, 59.1, 24);
    one.fix(NOW + 1_500, 10, 10, { time: NOW + 500 });
    expect(one.target).toEqual(to);
    expect(alongWay(from, one.shown(NOW + 1_500), to).part).toBeCloseTo(0.5, 9);
  });

  it('is not held up by a clock that is set back', () => {
    const one = new One();
    one.fix(NOW, 59, 24);
    const to = one.fix(NOW + 5_000, 59.1, 24);
    one.shown(NOW + 6_000);
    expect(one.shown(NOW - 3_600_000)).toEqual(to);
    expect(one.store.gliding).toBe(0);
  });

  it('is at its fix as soon as motion is no longer smooth', () => {
    const one = new One();
    one.fix(NOW, 59, 24);
    const to = one.fix(NOW + 1_000, 59.1, 24);
    one.shown(NOW + 1_200);
    one.store.setSmooth(false);
    expect(one.shown(NOW + 1_200)).toEqual(to);
    expect(one.store.gliding).toBe(0);
  });

  it('keeps its place when the columns grow', () => {
    const one = new One();
    one.fix(NOW, 59, 24);
    one.fix(NOW + 1_000, 59.1, 24);
    const before = one.shown(NOW + 1_500);
    const crowd = Array.from({ length: 3_000 }, (_, i) => ({ entity: i + 1, time: NOW, lat: 1, lon: i / 100 }));
    one.store.apply(batchOf(crowd, 1), NOW + 1_500);
    expect(one.shown(NOW + 1_500)).toEqual(before);
    expect(one.store.gliding).toBe(1);
    expect(latitudeOf(one.store.shownY[3_000] ?? 0)).toBeCloseTo(1, 6);
  });
});

/** Fixes with their gaps in arrival, their event times in any order, and looks in between. */
const sequences = fc.array(
  fc.record({
    apart: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 90, max: 4_000 }), fc.constant(12_000)),
    time: fc.integer({ min: 0, max: 40 }),
    lat: fc.integer({ min: -800, max: 800 }).map((tenths) => 10 + tenths / 100),
    // Round the antimeridian.
    lon: fc.integer({ min: -2_000, max: 2_000 }).map((hundredths) => 179 + hundredths / 100),
    looks: fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 6 }),
  }),
  { minLength: 2, maxLength: 20 },
);
/** As `expect` does, for hundreds of thousands of looks. */
function hold(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It does not hold that ${what}.`);
}

const wrapped = (lon: number) => lon - 360 * Math.floor((lon + 180) / 360);

describe('of any sequence of fixes and looks', () => {
  it('what is shown is on the way to the newest fix, only goes on, never beyond, and ends exactly there', () => {
    let [glides, ends] = [0, 0];
    fc.assert(
      fc.property(sequences, (sequence) => {
        const one = new One();
        let now = NOW;
        let from = null as Place | null;
        for (const { apart, time, lat, lon, looks } of sequence) {
          now += apart;
          const before: Place | null = from === null ? null : one.shown(now);
          const targetBefore = one.target;
          const to = one.fix(now, lat, wrapped(lon), { time: NOW + time });
          if (before === null) hold(one.shown(now).x === to.x, 'it is at its first fix at once');
          const moved = to.x !== targetBefore.x || to.y !== targetBefore.y;
          const start: Place = moved || from === null ? (before ?? to) : from;
          from = start;
          let reached = 0;
          for (const look of looks) {
            now += look;
            const shown = one.shown(now);
            if (one.store.gliding === 0) {
              hold(shown.x === to.x && shown.y === to.y, 'it rests exactly at its newest fix');
              continue;
            }
            glides++;
            const { part, beside } = alongWay(start, shown, to);
            hold(beside < TINY, 'it is on the straight way');
            hold(part >= reached - 1e-6, 'it does not go back');
            hold(part <= 1 + 1e-9, 'it is not beyond its newest fix');
            hold(shown.x >= 0 && shown.x <= 1, 'it is in the one world');
            reached = part;
          }
        }
        ends++;
        const end = one.shown(now + LONGEST_GLIDE_MS);
        hold(end.x === one.target.x && end.y === one.target.y, 'it ends exactly at its newest fix');
        hold(one.store.gliding === 0, 'it rests');
      }),
      { seed: 20_260_101, numRuns: 4_000 },
    );
    expect(ends).toBe(4_000);
    expect(glides).toBeGreaterThan(5_000);
  });
});

describe('the trail of an entity that glides', () => {
  const view: FrameView = {
    zoom: 8,
    x: mercatorX(24) * worldSize(8) - 500,
    y: mercatorY(59) * worldSize(8) - 500,
    width: 1_000,
    height: 1_000,
    scale: 1,
    viewport: { x: 0, y: 0, width: 1_000, height: 1_000 },
  };
  const style = { color: '#e03131', visible: true, trails: true, fadeAfterMs: null, hideAfterMs: null, measure: null };

  /** Corners of the trail as it is drawn, from its head, in device pixels. */
  function cornersOf({ trails, store }: One): { x: number; y: number }[] {
    const corners: { x: number; y: number }[] = [];
    const stretch = (x0: number, y0: number, _: number, x1: number, y1: number) => {
      if (corners.length === 0) corners.push({ x: x0, y: y0 });
      corners.push({ x: x1, y: y1 });
    };
    walkTrails(trails, [{ stream: 1, style, store, base: 1 }], view, { begin: () => undefined, stretch });
    return corners;
  }
  const pixelOf = ({ x, y }: Place) => ({ x: x * worldSize(8) - view.x, y: y * worldSize(8) - view.y });
  function expectCorners(found: readonly { x: number; y: number }[], expected: readonly Place[]): void {
    expect(found).toHaveLength(expected.length);
    for (const [i, corner] of expected.entries()) {
      expect(found[i]?.x).toBeCloseTo(pixelOf(corner).x, 2);
      expect(found[i]?.y).toBeCloseTo(pixelOf(corner).y, 2);
    }
  }

  it('ends where the entity is shown, and grows with it', () => {
    const one = new One();
    const first = one.fix(NOW, 59, 24);
    const second = one.fix(NOW + 1_000, 59.1, 24.1);
    one.shown(NOW + 2_000);
    const third = one.fix(NOW + 2_000, 59.1, 24.4);
    expectCorners(cornersOf(one), [second, first]);
    const half = one.shown(NOW + 2_500);
    expectCorners(cornersOf(one), [half, second, first]);
    one.shown(NOW + 3_000);
    expectCorners(cornersOf(one), [third, second, first]);
  });

  it('does not run ahead to a fix that the entity had not reached when the next one came', () => {
    const one = new One();
    const first = one.fix(NOW, 59, 24);
    one.fix(NOW + 1_000, 59.1, 24);
    one.shown(NOW + 1_800);
    one.fix(NOW + 1_800, 59.2, 24);
    const shown = one.shown(NOW + 1_850);
    expectCorners(cornersOf(one), [shown, first]);
    // Past the fix in between, that is the way it came.
    const beyond = one.shown(NOW + 2_500);
    expect(cornersOf(one)).toHaveLength(3);
    expectCorners(cornersOf(one).slice(0, 1), [beyond]);
  });

  it('leaves out the fixes that came together with the one it goes to, wherever they lie', () => {
    const one = new One();
    const first = one.fix(NOW, 59, 24);
    const second = one.fix(NOW + 1_000, 59.1, 24);
    one.shown(NOW + 2_000);
    const detour = [
      { entity: 0, time: NOW + 1_200, lat: 58.9, lon: 23.8 },
      { entity: 0, time: NOW + 1_400, lat: 58.9, lon: 24.3 },
      { entity: 0, time: NOW + 2_000, lat: 59.2, lon: 24.3 },
    ];
    one.fixes(NOW + 2_000, detour);
    const shown = one.shown(NOW + 2_400);
    expectCorners(cornersOf(one), [shown, second, first]);
    one.shown(NOW + 3_000);
    expect(cornersOf(one)).toHaveLength(5);
  });

  it('is as it was where motion is not smooth', () => {
    const one = new One(false);
    const first = one.fix(NOW, 59, 24);
    const second = one.fix(NOW + 1_000, 59.1, 24.1);
    expectCorners(cornersOf(one), [second, first]);
  });
});

describe('one who glides and is moved by steps', () => {
  const at = ({ store }: One): Place => ({ x: store.shownX[0] ?? Number.NaN, y: store.shownY[0] ?? Number.NaN });

  it('is never farther than a step behind, is told of when moved, rests until then, and ends exactly at the fix', () => {
    fc.assert(
      fc.property(
        fc.record({ lat: fc.integer({ min: -60, max: 60 }), lon: fc.integer({ min: -179, max: 179 }) }),
        fc.record({ lat: fc.integer({ min: -40, max: 40 }), lon: fc.integer({ min: -40, max: 40 }) }),
        fc.integer({ min: SHORTEST_GLIDE_MS, max: LONGEST_GLIDE_MS }),
        fc.double({ min: 1e-7, max: 0.05, noNaN: true }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 }),
        ({ lat, lon }, by, takes, step, frames) => {
          const [stepped, exact] = [new One(), new One()];
          let now = NOW + takes;
          let to: Place = { x: 0, y: 0 };
          for (const one of [stepped, exact]) {
            one.fix(NOW, lat, lon);
            to = one.fix(now, lat + by.lat, ((lon + by.lon + 540) % 360) - 180);
          }
          const { store } = stepped;
          let dueAt = now;
          for (const passed of frames) {
            now += passed;
            const [before, told] = [at(stepped), store.changes.count];
            const gliding = store.gliding;
            const next = store.moveOn(now, step);
            const shown = exact.shown(now);
            const behind = Math.max(Math.abs(wayAcross(at(stepped).x, shown.x)), Math.abs(at(stepped).y - shown.y));
            expect(behind).toBeLessThan(step + TINY);
            const isMoved = store.changes.count > told;
            if (gliding > 0) expect(isMoved).toBe(now >= dueAt);
            if (!isMoved) expect(at(stepped)).toEqual(before);
            dueAt = now + next;
          }
          store.moveOn(NOW + 2 * takes, step);
          expect(at(stepped)).toEqual(to);
          expect(store.moveOn(NOW + 2 * takes + 1, step)).toBe(Number.POSITIVE_INFINITY);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is moved at once when a step has become another, or the clock was set back', () => {
    const one = new One();
    one.fix(NOW, 10, 10);
    one.fix(NOW + 1_000, 10, 11);
    one.store.moveOn(NOW + 1_000, 0.01);
    expect(one.store.moveOn(NOW + 1_400, 0.01)).toBe(600);
    const before = at(one);
    one.store.moveOn(NOW + 1_500, 0.01);
    expect(at(one)).toEqual(before);
    one.store.moveOn(NOW + 1_500, 0.001);
    expect(alongWay(before, at(one), one.target).part).toBeGreaterThan(0.4);
    one.store.moveOn(NOW, 0.001);
    expect(at(one)).toEqual(one.target);
  });
});
