import { describe, expect, it } from 'vitest';
import { Streams } from '../../../src/renderer/map/worker/streams';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { encodePointBatch } from '../../../src/shared/pointBatch';
import type { ToWorker } from '../../../src/shared/pointsPort';
import { batchOf, type TestRecord } from './batches';

const NOW = 1_700_000_000_000;
const style = {
  color: '#e03131',
  visible: true,
  trails: true,
  fadeAfterMs: 60_000,
  hideAfterMs: 600_000,
  measure: null,
};

function opened() {
  const streams = new Streams(new TrailRing(1000));
  streams.setLayers([{ stream: 1, topic: 'ships', style }], NOW);
  streams.receive({ kind: 'open', stream: 1, topic: 'ships' }, NOW);
  const batch = (records: readonly TestRecord[], known = 0, sequence = 0) =>
    streams.receive({ kind: 'batch', buffer: encodePointBatch(batchOf(records, known, sequence)) }, NOW)?.outcome;
  return { streams, batch };
}

describe('the streams of the drawing worker', () => {
  it('answer a batch with how its records ended and what is on the map then', () => {
    const { batch } = opened();
    const answer = batch(
      [
        { entity: 0, time: NOW },
        { entity: 0, time: NOW - 5 },
        { entity: 1, time: NOW - 700_000 },
        { entity: 2, time: NOW - 1 },
        { entity: 2, time: NOW, removed: true },
      ],
      0,
      7,
    );
    expect(answer).toEqual({
      kind: 'ack',
      stream: 1,
      sequence: 7,
      shown: 3,
      late: 1,
      removed: 1,
      entities: 1,
      hidden: 1,
    });
  });

  it('tell of figures that changed by the passing of time, once', () => {
    const { streams, batch } = opened();
    batch([{ entity: 0, time: NOW }]);
    expect(streams.news()).toEqual([]);
    expect(streams.restsFor(NOW)).toBe(60_000);
    expect(streams.settle(NOW + 600_000)).toBe(true);
    expect(streams.news()).toEqual([{ kind: 'entities', stream: 1, entities: 0, hidden: 1 }]);
    expect(streams.news()).toEqual([]);
    expect(streams.restsFor(NOW + 600_000)).toBe(Number.POSITIVE_INFINITY);
  });

  it('let entities glide where that is wished, and say where they are shown until nobody that is drawn is on the way', () => {
    const { streams, batch } = opened();
    const name = { stream: 1, entity: 0 };
    streams.setSmooth(true);
    batch([{ entity: 0, time: NOW, lat: 10, lon: 20 }]);
    expect(streams.moveOn(NOW)).toBe(Number.POSITIVE_INFINITY);
    const { store } = streams.drawn[0] ?? {};
    store?.moveOn(NOW);
    store?.apply(batchOf([{ entity: 0, time: NOW + 1, lat: 10, lon: 20 }], 1), NOW + 1_000);
    store?.apply(batchOf([{ entity: 0, time: NOW + 2, lat: 10, lon: 22 }], 1), NOW + 2_000);
    expect(streams.moveOn(NOW + 2_500)).toBe(1);
    expect(streams.shownAt(name)?.lon).toBeCloseTo(21, 9);
    expect(streams.fix(name)?.lon).toBe(22);
    streams.setLayers([{ stream: 1, topic: 'ships', style: { ...style, visible: false } }], NOW + 2_500);
    expect(streams.moveOn(NOW + 2_600)).toBe(Number.POSITIVE_INFINITY);
    streams.setLayers([{ stream: 1, topic: 'ships', style }], NOW + 2_700);
    expect(streams.moveOn(NOW + 2_800)).toBe(1);
    expect(streams.moveOn(NOW + 3_000)).toBe(Number.POSITIVE_INFINITY);
    expect(streams.shownAt(name)).toEqual({ lat: 10, lon: 22 });
    expect(streams.shownAt({ stream: 1, entity: 7 })).toBeNull();
  });

  it('tell of figures that changed by another setting', () => {
    const { streams, batch } = opened();
    batch([
      { entity: 0, time: NOW },
      { entity: 1, time: NOW - 30_000 },
    ]);
    streams.setLayers([{ stream: 1, topic: 'ships', style: { ...style, hideAfterMs: 10_000 } }], NOW);
    expect(streams.news()).toEqual([{ kind: 'entities', stream: 1, entities: 1, hidden: 1 }]);
  });

  it('look no different for a layer without entities, so that no frame is drawn for it', () => {
    const { streams, batch } = opened();
    const nothing = streams.appearance;
    const layer = (stream: number, change = {}) => ({
      stream,
      topic: `topic-${stream}`,
      style: { ...style, ...change },
    });
    streams.receive({ kind: 'open', stream: 2, topic: 'topic-2' }, NOW);
    streams.setLayers([layer(1), layer(2)], NOW);
    expect(streams.appearance).toBe(nothing);
    expect(streams.entities).toBe(0);
    batch([
      { entity: 0, time: NOW },
      { entity: 1, time: NOW },
    ]);
    const shown = streams.appearance;
    expect(shown).not.toBe(nothing);
    expect(streams.entities).toBe(2);
    streams.setLayers([layer(1), layer(2, { color: '#1971c2' })], NOW);
    expect(streams.appearance).toBe(shown);
    streams.setLayers([layer(1, { color: '#1971c2' }), layer(2)], NOW);
    expect(streams.appearance).not.toBe(shown);
    streams.setLayers([layer(2)], NOW);
    expect(streams.appearance).toBe(nothing);
    streams.receive({ kind: 'close', stream: 2 }, NOW);
    expect(streams.entities).toBe(2);
    streams.receive({ kind: 'close', stream: 1 }, NOW);
    expect(streams.entities).toBe(0);
  });

  it('know an entity as its newest record said', () => {
    const { streams, batch } = opened();
    batch([
      { entity: 0, time: NOW - 70_000, lat: 1, lon: 2, heading: 90, speed: 5, measure: 12.5, partition: 3, offset: 41 },
      { entity: 1, time: NOW, lat: 90, lon: -180, offset: 2 ** 53 },
    ]);
    expect(streams.fix({ stream: 1, entity: 0 })).toEqual({
      stream: 1,
      entity: 0,
      id: 'entity-0',
      lat: 1,
      lon: 2,
      time: NOW - 70_000,
      heading: 90,
      speed: 5,
      measure: 12.5,
      partition: 3,
      offset: '41',
      trail: 1,
      stale: true,
    });
    expect(streams.fix({ stream: 1, entity: 1 })).toMatchObject({
      lat: 90,
      lon: -180,
      heading: null,
      speed: null,
      offset: '9007199254740992',
      stale: false,
    });
    expect(streams.fix({ stream: 1, entity: 2 })).toBeNull();
    expect(streams.fix({ stream: 2, entity: 0 })).toBeNull();
  });

  it('forget a stream that is closed, opened again, or whose port was replaced', () => {
    const { streams, batch } = opened();
    batch([{ entity: 0, time: NOW }]);
    streams.receive({ kind: 'open', stream: 1, topic: 'ships' }, NOW);
    expect([streams.fix({ stream: 1, entity: 0 }), streams.trails.fixes]).toEqual([null, 0]);
    batch([{ entity: 0, time: NOW }]);
    streams.receive({ kind: 'close', stream: 1 }, NOW);
    expect([streams.drawn, streams.trails.fixes]).toEqual([[], 0]);
    streams.receive({ kind: 'open', stream: 1, topic: 'ships' }, NOW);
    batch([{ entity: 0, time: NOW }]);
    streams.clear();
    expect([streams.drawn, streams.trails.fixes]).toEqual([[], 0]);
  });

  it.each([
    ['nothing', null, 'not of the points protocol'],
    ['another kind', { kind: 'hello' }, 'not of the points protocol'],
    ['a batch without a buffer', { kind: 'batch' }, 'without its buffer'],
    ['a batch too short', { kind: 'batch', buffer: new ArrayBuffer(3) }, 'has no header'],
    ['a batch of another stream', { kind: 'batch', buffer: encodePointBatch(batchOf([], 0, 0, 9)) }, 'is not open'],
  ])('refuse %s in words, and go on', (_, message, words) => {
    const { streams, batch } = opened();
    expect(() => streams.receive(message as unknown as ToWorker, NOW)).toThrow(words);
    expect(batch([{ entity: 0, time: NOW }])).toMatchObject({ shown: 1, entities: 1 });
  });

  it('answer a batch that could not be applied, where it tells its stream', () => {
    const { streams } = opened();
    const failure = (buffer: unknown) => streams.failure({ kind: 'batch', buffer } as ToWorker, new Error('why'));
    const gap = encodePointBatch(batchOf([{ entity: 7, time: NOW }], 7));
    expect(() => streams.receive({ kind: 'batch', buffer: gap }, NOW)).toThrow('are known');
    const answer = { kind: 'failed', stream: 1, message: 'why' };
    expect(failure(gap)).toEqual(answer);
    expect(failure(gap.slice(0, 40))).toEqual(answer);
    expect(failure(encodePointBatch(batchOf([], 0, 0, 9)))).toEqual({ ...answer, stream: 9 });
    expect(failure(encodePointBatch(batchOf([], 0, 0, 9)).slice(0, 20))).toBeNull();
    expect([failure(new ArrayBuffer(3)), failure(undefined)]).toEqual([null, null]);
    expect(streams.failure({ kind: 'close', stream: 1 }, new Error('why'))).toBeNull();
  });
});
