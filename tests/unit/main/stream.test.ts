import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FetchedRecord } from '../../../src/main/kafka/reader';
import { BATCH_POINTS, createPointBatcher } from '../../../src/main/streams/pointBatcher';
import { openStream } from '../../../src/main/streams/stream';
import { decodePointBatch, type PointBatch } from '../../../src/shared/pointBatch';
import { CREDITS, type FromWorker, type ToWorker } from '../../../src/shared/pointsPort';
import { fakeKafkaClient } from './fakeKafkaClient';

const encode = (value: unknown) => (value === null ? null : new TextEncoder().encode(JSON.stringify(value)));

function record(offset: number, value: unknown, key = 'k'): FetchedRecord {
  return { partition: 0, offset, timestamp: 1_000 + offset, key: encode(key), value: encode(value) };
}

const located = (position: number, highWatermark: number) => ({
  topicId: null,
  positions: new Map([[0, position]]),
  highWatermarks: new Map([[0, highWatermark]]),
  stops: new Map(),
});

function open() {
  const client = fakeKafkaClient();
  const posted: ToWorker[] = [];
  const statuses: string[] = [];
  const broken: string[] = [];
  const events: string[] = [];
  const stream = openStream({
    number: 7,
    topic: 'ships',
    range: { start: { kind: 'beginning' }, stop: { kind: 'never' } },
    client,
    post: (message) => posted.push(message),
    onRead: () => undefined,
    listener: {
      onStatus: ({ kind }) => statuses.push(kind),
      onCounts: () => undefined,
      onEvent: (event) => events.push(event.kind),
      onReplaced: () => events.push('replaced'),
      onBroken: (message) => broken.push(message),
    },
  });
  const listener = client.listeners[0]!;
  const batches = () =>
    posted.flatMap((message) => (message.kind === 'batch' ? [decodePointBatch(message.buffer)] : []));
  const ack = (batch: PointBatch, late = 0, removed = 0): FromWorker => ({
    kind: 'ack',
    stream: 7,
    sequence: batch.sequence,
    shown: batch.count - late - removed,
    late,
    removed,
    entities: 1,
    hidden: 0,
  });
  return { client, stream, listener, posted, statuses, broken, events, batches, ack };
}

const until = async (condition: () => boolean) => {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(condition()).toBe(true);
};

describe('a stream', () => {
  it('counts a record only when the map has acknowledged it', async () => {
    const { stream, listener, batches, ack } = open();
    listener.onStart(located(5, 8));
    expect(stream.counts(0)).toMatchObject({ read: 0, waiting: 3 });
    await listener.onFetched({
      partition: 0,
      records: [record(5, { lat: 1, lon: 2 }), record(6, { lat: 91, lon: 2 }), record(7, null)],
      unreadable: [],
      next: 8,
      highWatermark: 8,
    });
    await until(() => batches().length === 1);
    expect(stream.counts(0)).toMatchObject({ read: 0, waiting: 3 });
    stream.fromWorker(ack(batches()[0]!, 0, 1));
    expect(stream.counts(0)).toMatchObject({
      read: 3,
      shown: 1,
      late: 0,
      removed: 1,
      refused: 1,
      waiting: 0,
      entities: 1,
    });
    expect(stream.counts(0).refusals).toEqual([
      {
        reason: 'latitude outside [-90, 90]',
        count: 1,
        example: { partition: 0, offset: '6', text: '{"lat":91,"lon":2}', detail: 'lat is 91' },
      },
    ]);
    expect([...stream.applied()]).toEqual([[0, 8]]);
    stream.close();
  });

  it('holds the reader back when the map has no room, and drops nothing', async () => {
    const { stream, listener, batches, ack, statuses } = open();
    listener.onState({ kind: 'reading' });
    const total = BATCH_POINTS * (CREDITS + 3);
    const records = Array.from({ length: total }, (_, i) => record(i, { lat: 1, lon: 2 }));
    let taken = false;
    void Promise.resolve(
      listener.onFetched({ partition: 0, records, unreadable: [], next: total, highWatermark: total }),
    ).then(() => {
      taken = true;
    });
    await until(() => batches().length === CREDITS);
    expect(taken).toBe(false);
    expect(statuses.at(-1)).toBe('held-back');
    let acknowledged = 0;
    while (stream.counts(0).read < total) {
      const batch = batches()[acknowledged];
      if (batch) {
        stream.fromWorker(ack(batch));
        acknowledged += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => taken);
    expect(statuses.at(-1)).toBe('reading');
    const offsets = batches().flatMap(({ offset }) => [...offset]);
    expect(offsets).toEqual(Array.from({ length: total }, (_, i) => i));
    stream.close();
  });

  it('counts the records of a batch that cannot be unpacked as refused, with the reason', async () => {
    const { stream, listener, batches, ack } = open();
    listener.onStart(located(0, 12));
    const unreadable = [{ from: 0, to: 10, records: 10, reason: 'The batch is compressed with codec 7.' }];
    await listener.onFetched({
      partition: 0,
      records: [record(10, { lat: 1, lon: 2 }), record(11, { lat: 1, lon: 2 })],
      unreadable,
      next: 12,
      highWatermark: 12,
    });
    await until(() => batches().length === 1);
    stream.fromWorker(ack(batches()[0]!));
    expect(stream.counts(0)).toMatchObject({ read: 12, shown: 2, refused: 10, waiting: 0 });
    expect(stream.counts(0).refusals).toMatchObject([
      {
        reason: 'in a batch that cannot be unpacked',
        count: 10,
        example: { offset: '0', detail: unreadable[0]!.reason },
      },
    ]);
    stream.close();
  });

  it('passes offsets that hold no record', async () => {
    const { stream, listener, batches, ack } = open();
    listener.onStart(located(0, 10));
    await listener.onFetched({
      partition: 0,
      records: [record(3, { lat: 1, lon: 2 })],
      unreadable: [],
      next: 10,
      highWatermark: 10,
    });
    await until(() => batches().length === 1);
    stream.fromWorker(ack(batches()[0]!));
    expect(stream.counts(0)).toMatchObject({ read: 1, waiting: 0 });
    await listener.onFetched({ partition: 0, records: [], unreadable: [], next: 10, highWatermark: 10 });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(batches()).toHaveLength(1);
    stream.close();
  });

  it('is started anew when the map acknowledges what cannot be', () => {
    const { stream, broken } = open();
    stream.fromWorker({ kind: 'ack', stream: 7, sequence: 3, shown: 1, late: 0, removed: 0, entities: 0, hidden: 0 });
    expect(broken).toHaveLength(1);
    stream.close();
  });

  it('adds up under any mix of records and acknowledgements', async () => {
    const values = fc.constantFrom<unknown>({ lat: 1, lon: 2 }, { lat: 91, lon: 2 }, null, 'x', { lat: '5', lon: '6' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(values, { maxLength: 30 }), { maxLength: 20 }),
        fc.nat(),
        async (fetches, seed) => {
          const { stream, listener, batches, ack } = open();
          let offset = 0;
          let acknowledged = 0;
          const check = () => {
            const { read, shown, late, removed, refused } = stream.counts(0);
            expect(read).toBe(shown + late + removed + refused);
            expect(read).toBeLessThanOrEqual(offset);
          };
          const settle = () => {
            const batch = batches()[acknowledged];
            if (!batch) return;
            acknowledged += 1;
            const removed = [...batch.flags].filter((flag) => flag === 1).length;
            stream.fromWorker(ack(batch, (seed + acknowledged) % (batch.count - removed + 1), removed));
          };
          for (const fetch of fetches) {
            const records = fetch.map((value) => record(offset++, value));
            await listener.onFetched({ partition: 0, records, unreadable: [], next: offset, highWatermark: offset });
            if ((seed + offset) % 3 === 0) settle();
            check();
          }
          await until(() => {
            settle();
            return stream.counts(0).read === offset;
          });
          check();
          expect(stream.counts(0).waiting).toBe(0);
          stream.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the batcher', () => {
  it('names each entity once, in the batch where it first appears', () => {
    const batcher = createPointBatcher(1);
    const add = (entity: string, offset: number) =>
      batcher.add(
        { partition: 0, offset, value: null },
        { kind: 'fix', entity, lat: 1, lon: 2, time: 3, heading: Number.NaN, speed: Number.NaN, measure: Number.NaN },
      );
    add('a', 0);
    add('b', 1);
    add('a', 2);
    const first = decodePointBatch(batcher.take().buffer);
    add('c', 3);
    add('b', 4);
    const second = decodePointBatch(batcher.take().buffer);
    expect([first.firstNewEntity, first.newEntities, [...first.entity]]).toEqual([0, ['a', 'b'], [0, 1, 0]]);
    expect([second.firstNewEntity, second.newEntities, [...second.entity]]).toEqual([2, ['c'], [2, 1]]);
    expect([first.sequence, second.sequence]).toEqual([0, 1]);
  });

  it('refuses records of further entities when it holds as many as it may', () => {
    const batcher = createPointBatcher(1, 2);
    for (const [offset, entity] of ['a', 'b', 'c', 'a'].entries()) {
      batcher.add(
        { partition: 0, offset, value: null },
        { kind: 'fix', entity, lat: 1, lon: 2, time: 3, heading: Number.NaN, speed: Number.NaN, measure: Number.NaN },
      );
    }
    const { account } = batcher.take();
    expect(account).toMatchObject({ read: 4, points: 3 });
    expect(account.refused.get('too-many-entities')?.count).toBe(1);
  });
});
