import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityStore, FADED, FRESH, HIDDEN, REMOVED } from '../../../src/renderer/map/worker/entityStore';
import { NONE, TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { batchOf, type TestRecord } from './batches';

const NOW = 1_700_000_000_000;
const store = () => {
  const trails = new TrailRing(4096);
  return { trails, entities: new EntityStore(trails) };
};

function trailTimes(trails: TrailRing, track: number): number[] {
  const times: number[] = [];
  for (let place = trails.newest(track); place !== NONE; place = trails.older(place)) times.push(trails.time(place));
  return times;
}

describe('the newest fix of an entity', () => {
  it('is the one with the latest event time, in whatever order and batches records arrive', () => {
    const records = fc.uniqueArray(
      fc.record({
        entity: fc.nat(4),
        time: fc.integer({ min: 1, max: 10_000 }),
        lat: fc.integer({ min: -80, max: 80 }),
      }),
      { selector: ({ entity, time }) => `${entity} ${time}`, minLength: 1, maxLength: 60 },
    );
    const arrival = records.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length }),
        fc.integer({ min: 1, max: 20 }),
      ),
    );
    fc.assert(
      fc.property(arrival, ([list, shuffled, size]) => {
        const { trails, entities } = store();
        let [shown, late, known] = [0, 0, 0];
        for (let i = 0; i < shuffled.length; i += size) {
          const batch = batchOf(shuffled.slice(i, i + size), known);
          known += batch.newEntities.length;
          const outcome = entities.apply(batch, NOW);
          expect(outcome.shown + outcome.late + outcome.removed).toBe(batch.count);
          shown += outcome.shown;
          late += outcome.late;
        }
        expect(shown + late).toBe(list.length);
        for (let e = 0; e < known; e++) {
          const own = list.filter(({ entity }) => entity === e).sort((a, b) => b.time - a.time);
          if (own.length === 0) continue;
          expect(entities.time[e]).toBe(own[0]?.time);
          expect(entities.lat[e]).toBe(own[0]?.lat);
          expect(trailTimes(trails, entities.track[e] ?? NONE)).toEqual(own.map(({ time }) => time));
        }
      }),
      { seed: 20_260_101, numRuns: 300 },
    );
  });

  it('is replaced by a fix of the same time, which counts as shown', () => {
    const { entities } = store();
    entities.apply(batchOf([{ entity: 0, time: 100, lat: 1 }]), NOW);
    const outcome = entities.apply(batchOf([{ entity: 0, time: 100, lat: 2 }], 1), NOW);
    expect(outcome).toEqual({ shown: 1, late: 0, removed: 0 });
    expect(entities.lat[0]).toBe(2);
  });

  it('is not moved by a late fix, which finds its place in the trail', () => {
    const { trails, entities } = store();
    entities.apply(
      batchOf([
        { entity: 0, time: 100, lat: 1 },
        { entity: 0, time: 300, lat: 3 },
      ]),
      NOW,
    );
    const outcome = entities.apply(batchOf([{ entity: 0, time: 200, lat: 2 }], 1), NOW);
    expect(outcome).toEqual({ shown: 0, late: 1, removed: 0 });
    expect(entities.lat[0]).toBe(3);
    expect(trailTimes(trails, entities.track[0] ?? NONE)).toEqual([300, 200, 100]);
  });
});

describe('the number that a layer shows', () => {
  it('is that of the newest fix, and none when that has none', () => {
    const { entities } = store();
    entities.apply(batchOf([{ entity: 0, time: 200, measure: 4.5 }]), NOW);
    entities.apply(batchOf([{ entity: 0, time: 100, measure: 9 }], 1), NOW);
    expect(entities.measure[0]).toBe(4.5);
    entities.apply(batchOf([{ entity: 0, time: 300 }], 1), NOW);
    expect(entities.measure[0]).toBeNaN();
  });

  it('makes a scale that only widens, of what was shown', () => {
    const { entities } = store();
    entities.apply(batchOf([{ entity: 0, time: 200 }]), NOW);
    expect(entities.measured).toBeNull();
    entities.apply(
      batchOf(
        [
          { entity: 0, time: 300, measure: 7 },
          { entity: 1, time: 300, measure: -2 },
        ],
        1,
      ),
      NOW,
    );
    // A late one never showed.
    entities.apply(batchOf([{ entity: 0, time: 100, measure: 99 }], 2), NOW);
    expect(entities.measured).toEqual({ least: -2, most: 7 });
    entities.apply(batchOf([{ entity: 1, time: 400, measure: 3 }], 2), NOW);
    expect(entities.measured).toEqual({ least: -2, most: 7 });
  });

  it('is none, and widens nothing, when no Float32 can hold it', () => {
    const { entities } = store();
    entities.apply(
      batchOf([
        { entity: 0, time: 1, measure: 1e300 },
        { entity: 1, time: 1, measure: -1e300 },
        { entity: 2, time: 1, measure: 5 },
      ]),
      NOW,
    );
    expect(entities.measured).toEqual({ least: 5, most: 5 });
    expect(entities.measure[0]).toBeNaN();
    expect(entities.measure[1]).toBeNaN();
  });

  it('is still none for entities that a grown column has room for', () => {
    const { entities } = store();
    entities.apply(batchOf(Array.from({ length: 1000 }, (_, entity) => ({ entity, time: 1, measure: entity }))), NOW);
    expect(entities.measure[999]).toBe(999);
    expect(entities.measure.subarray(1000).every(Number.isNaN)).toBe(true);
  });
});

describe('a null value', () => {
  const fix = (offset: number, time: number, lat: number): TestRecord => ({ entity: 0, offset, time, lat });
  const gone = (offset: number, time: number): TestRecord => ({
    entity: 0,
    offset,
    time,
    lat: Number.NaN,
    removed: true,
  });

  it('takes the entity and its trail away', () => {
    const { trails, entities } = store();
    const outcome = entities.apply(batchOf([fix(0, 100, 1), fix(1, 200, 2), gone(2, 300)]), NOW);
    expect(outcome).toEqual({ shown: 2, late: 0, removed: 1 });
    expect(entities.entities).toBe(0);
    expect(entities.phase[0]).toBe(REMOVED);
    expect(trails.fixes).toBe(0);
  });

  it('lets a later record revive the entity, even with an older event time', () => {
    const { trails, entities } = store();
    const outcome = entities.apply(batchOf([fix(0, 500, 1), gone(1, 600), fix(2, 50, 7)]), NOW);
    expect(outcome).toEqual({ shown: 2, late: 0, removed: 1 });
    expect(entities.phase[0]).toBe(FRESH);
    expect(entities.lat[0]).toBe(7);
    expect(trailTimes(trails, entities.track[0] ?? NONE)).toEqual([50]);
  });

  it('is not undone by a record that stands before it', () => {
    const { trails, entities } = store();
    const outcome = entities.apply(batchOf([gone(5, 600), fix(4, 900, 1)]), NOW);
    expect(outcome).toEqual({ shown: 0, late: 1, removed: 1 });
    expect(entities.entities).toBe(0);
    expect(trails.fixes).toBe(0);
  });

  it('for an entity that never was is counted, and harms nothing', () => {
    const { entities } = store();
    expect(entities.apply(batchOf([gone(0, 100), gone(1, 200)]), NOW)).toEqual({ shown: 0, late: 0, removed: 2 });
    expect(entities.entities + entities.hidden).toBe(0);
  });
});

describe('staleness', () => {
  const minutes = 60_000;
  const setting = { fadeAfterMs: 5 * minutes, hideAfterMs: 60 * minutes };

  it("is measured on the stream's own clock, so that old records do not look stale", () => {
    const { entities } = store();
    entities.setStaleness(setting, NOW);
    const past = NOW - 1_000_000 * minutes;
    entities.apply(
      batchOf([
        { entity: 0, time: past },
        { entity: 1, time: past - 6 * minutes },
        { entity: 2, time: past - 61 * minutes },
      ]),
      NOW,
    );
    expect([...entities.phase.slice(0, 3)]).toEqual([FRESH, FADED, HIDDEN]);
    expect([entities.entities, entities.faded, entities.hidden]).toEqual([2, 1, 1]);
  });

  it('goes on with the wall clock when the stream falls silent', () => {
    const { entities } = store();
    entities.setStaleness(setting, NOW);
    entities.apply(batchOf([{ entity: 0, time: NOW - 1000 }]), NOW);
    expect(entities.restsFor(NOW)).toBe(5 * minutes);
    expect(entities.settle(NOW + 5 * minutes - 1)).toBe(false);
    expect(entities.settle(NOW + 5 * minutes)).toBe(true);
    expect(entities.phase[0]).toBe(FADED);
    expect(entities.restsFor(NOW + 5 * minutes)).toBe(55 * minutes);
    expect(entities.settle(NOW + 60 * minutes)).toBe(true);
    expect([entities.entities, entities.hidden]).toEqual([0, 1]);
    expect(entities.restsFor(NOW + 60 * minutes)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not let one clock in the future age everybody else', () => {
    const { entities } = store();
    entities.setStaleness(setting, NOW);
    entities.apply(
      batchOf([
        { entity: 0, time: NOW },
        { entity: 1, time: NOW + 24 * 60 * minutes },
      ]),
      NOW,
    );
    expect([...entities.phase.slice(0, 2)]).toEqual([FRESH, FRESH]);
  });

  it('brings hidden entities back with a new fix, or with another setting', () => {
    const { entities } = store();
    entities.setStaleness(setting, NOW);
    entities.apply(
      batchOf([
        { entity: 0, time: NOW - 61 * minutes },
        { entity: 1, time: NOW - 62 * minutes },
        { entity: 2, time: NOW },
      ]),
      NOW,
    );
    expect(entities.hidden).toBe(2);
    entities.apply(batchOf([{ entity: 0, time: NOW - 1 }], 3), NOW);
    expect([entities.entities, entities.hidden]).toEqual([2, 1]);
    entities.setStaleness({ fadeAfterMs: null, hideAfterMs: null }, NOW);
    expect([entities.entities, entities.faded, entities.hidden]).toEqual([3, 0, 0]);
  });
});

describe('a batch that does not go with the dictionary', () => {
  it('is refused as a whole, in words', () => {
    const { entities } = store();
    const stray = { ...batchOf([{ entity: 0, time: 1 }]), entity: Uint32Array.of(9) };
    expect(() => entities.apply(stray, NOW)).toThrow('speaks of entity 9, but 1 are known');
    expect(() => entities.apply(batchOf([{ entity: 5, time: 1 }], 4), NOW)).toThrow('from number 4, but 0 are known');
    expect([entities.entities, entities.length]).toEqual([0, 0]);
  });
});

it('keeps its columns when it grows', () => {
  const { entities } = store();
  const many = Array.from({ length: 3000 }, (_, entity) => ({ entity, time: entity + 1, lat: entity / 100 }));
  entities.apply(batchOf(many.slice(0, 200)), NOW);
  entities.apply(batchOf(many.slice(200), 200), NOW);
  expect(entities.entities).toBe(3000);
  expect(entities.lat[199]).toBe(1.99);
  expect(entities.lat[2999]).toBe(29.99);
});
