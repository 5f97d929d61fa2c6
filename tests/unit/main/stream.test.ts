import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fetched, ReaderListener } from '../../../src/main/kafka/reader';
import { decodeHere } from '../../../src/main/streams/decoding/decodeHere';
import { openStream } from '../../../src/main/streams/stream';
import { BATCH_POINTS, decodePointBatch, type PointBatch } from '../../../src/shared/pointBatch';
import type { FromWorker, ToWorker } from '../../../src/shared/pointsPort';
import { sampleBatch } from '../broker/sampleBatch';
import { fakeKafkaClient } from './fakeKafkaClient';

/** One batch of records from this offset on, in which `next - base` offsets are. */
function batchAt(base: number, values: readonly unknown[], next = base + values.length): Buffer {
  const records = values.map((value, i) => ({
    key: 'k',
    value: value === null ? null : JSON.stringify(value),
    timestamp: 1_000 + base + i,
  }));
  const batch = sampleBatch(records);
  batch.writeBigInt64BE(BigInt(base), 0);
  batch.writeInt32BE(next - base - 1, 23);
  return batch;
}

const fetched = (position: number, highWatermark: number, ...batches: readonly Buffer[]): Fetched => ({
  partition: 0,
  data: Buffer.concat(batches),
  abortedTransactions: [],
  position,
  end: Number.POSITIVE_INFINITY,
  before: Number.POSITIVE_INFINITY,
  highWatermark,
});

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
  const listeners: ReaderListener[] = [];
  const decoding = decodeHere(({ listener }) => {
    listeners.push(listener);
    return { close: () => undefined };
  });
  decoding.post({ kind: 'limit', entities: 1_000 });
  const stream = openStream({
    number: 7,
    topic: 'ships',
    range: { start: { kind: 'beginning' }, stop: { kind: 'never' } },
    client,
    decoding,
    limits: { batches: CREDITS, examples: 2 },
    measure: null,
    post: (message) => posted.push(message),
    onRead: () => undefined,
    listener: {
      onStatus: ({ kind }) => statuses.push(kind),
      onCounts: () => undefined,
      onCaughtUp: () => events.push('caught up'),
      onEvent: (event) => events.push(event.kind),
      onReplaced: () => events.push('replaced'),
      onBroken: (message) => broken.push(message),
    },
  });
  const listener = listeners[0]!;
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
    nextIn: null,
  });
  return { client, stream, listener, posted, statuses, broken, events, batches, ack };
}

const CREDITS = 8;

const until = async (condition: () => boolean) => {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(condition()).toBe(true);
};

describe('a stream', () => {
  it('counts a record only when the map has acknowledged it', async () => {
    const { stream, listener, batches, ack } = open();
    listener.onStart(located(5, 8));
    await until(() => stream.counts(0).waiting === 3);
    expect(stream.counts(0)).toMatchObject({ read: 0 });
    const passed = await listener.onFetched(fetched(5, 8, batchAt(5, [{ lat: 1, lon: 2 }, { lat: 91, lon: 2 }, null])));
    expect(passed).toEqual({ next: 8, late: null });
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
        examples: [{ partition: 0, offset: '6', text: '{"lat":91,"lon":2}', detail: 'lat is 91' }],
      },
    ]);
    expect([...stream.applied()]).toEqual([[0, 8]]);
    stream.close();
  });

  it('says once that all that there was when it began is on the map', async () => {
    const { stream, listener, batches, ack, events } = open();
    const point = { lat: 1, lon: 2 };
    listener.onStart(located(5, 8));
    await listener.onFetched(fetched(5, 8, batchAt(5, [point, point])));
    await until(() => batches().length === 1);
    stream.fromWorker(ack(batches()[0]!));
    expect(events).toEqual([]);
    await listener.onFetched(fetched(7, 9, batchAt(7, [point])));
    await until(() => batches().length === 2);
    expect(events).toEqual([]);
    stream.fromWorker(ack(batches()[1]!));
    expect(events).toEqual(['caught up']);
    await listener.onFetched(fetched(8, 9, batchAt(8, [point])));
    await until(() => batches().length === 3);
    stream.fromWorker(ack(batches()[2]!));
    expect(events).toEqual(['caught up']);
    stream.close();
  });

  it('holds the reader back when the map has no room, and drops nothing', async () => {
    const { stream, listener, batches, ack, statuses } = open();
    listener.onState({ kind: 'reading' });
    const total = BATCH_POINTS * (CREDITS + 3);
    const values = Array.from({ length: total }, () => ({ lat: 1, lon: 2 }));
    let taken = false;
    void listener.onFetched(fetched(0, total, batchAt(0, values))).then(() => {
      taken = true;
    });
    await until(() => batches().length === CREDITS);
    expect(taken).toBe(false);
    await until(() => statuses.at(-1) === 'held-back');
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

  it('tells a backlog from a stream that is followed, however much comes at once', async () => {
    const { stream, listener, batches } = open();
    const values = Array.from({ length: 2 * BATCH_POINTS }, () => ({ lat: 1, lon: 2 }));
    const end = 10 * BATCH_POINTS;
    await listener.onFetched(fetched(0, end, batchAt(0, values)));
    await listener.onFetched(fetched(end - values.length, end, batchAt(end - values.length, values)));
    await listener.onFetched({ ...fetched(0, end, batchAt(0, values)), end: values.length });
    const full = batches().filter(({ count }) => count > 0);
    expect(full.map(({ isBacklog }) => isBacklog)).toEqual([true, true, false, false, false, false]);
    stream.close();
  });

  it('counts the records of a batch that cannot be unpacked as refused, with the reason', async () => {
    const { stream, listener, batches, ack } = open();
    listener.onStart(located(0, 12));
    const damaged = batchAt(0, Array(10).fill('x'));
    damaged.writeInt16BE(7, 21);
    await listener.onFetched(
      fetched(
        0,
        12,
        damaged,
        batchAt(10, [
          { lat: 1, lon: 2 },
          { lat: 1, lon: 2 },
        ]),
      ),
    );
    await until(() => batches().length === 1);
    stream.fromWorker(ack(batches()[0]!));
    expect(stream.counts(0)).toMatchObject({ read: 12, shown: 2, refused: 10, waiting: 0 });
    expect(stream.counts(0).refusals).toMatchObject([
      {
        reason: 'in a batch that cannot be unpacked',
        count: 10,
        examples: [{ offset: '0', detail: expect.stringContaining('codec 7') }],
      },
    ]);
    stream.close();
  });

  it('passes offsets that hold no record', async () => {
    const { stream, listener, batches, ack } = open();
    listener.onStart(located(0, 10));
    await listener.onFetched(fetched(0, 10, batchAt(3, [{ lat: 1, lon: 2 }], 10)));
    await until(() => batches().length === 1);
    stream.fromWorker(ack(batches()[0]!));
    expect(stream.counts(0)).toMatchObject({ read: 1, waiting: 0 });
    await listener.onFetched(fetched(10, 10));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(batches()).toHaveLength(1);
    stream.close();
  });

  it('is started anew when the map acknowledges what cannot be', () => {
    const { stream, broken } = open();
    stream.fromWorker({
      kind: 'ack',
      stream: 7,
      sequence: 3,
      shown: 1,
      late: 0,
      removed: 0,
      entities: 0,
      hidden: 0,
      nextIn: null,
    });
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
            const position = offset;
            offset += fetch.length;
            await listener.onFetched(
              fetched(position, offset, ...(fetch.length > 0 ? [batchAt(position, fetch)] : [])),
            );
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

describe('the decoder', () => {
  const fix = { lat: 1, lon: 2 };

  it('names each entity once, in the batch where it first appears', async () => {
    const { listener, batches, stream } = open();
    const named = (base: number, ...names: readonly string[]) => {
      const records = names.map((name) => ({ value: JSON.stringify({ ...fix, name }), timestamp: 1 }));
      const batch = sampleBatch(records);
      batch.writeBigInt64BE(BigInt(base), 0);
      return fetched(base, base + names.length, batch);
    };
    await listener.onFetched(named(0, 'a', 'Räpina', 'a'));
    await until(() => batches().length === 1);
    await listener.onFetched(named(3, 'c', 'Räpina', 'a'));
    await until(() => batches().length === 2);
    const [first, second] = batches();
    expect([first!.firstNewEntity, first!.newEntities, [...first!.entity]]).toEqual([0, ['a', 'Räpina'], [0, 1, 0]]);
    expect([second!.firstNewEntity, second!.newEntities, [...second!.entity]]).toEqual([2, ['c'], [2, 1, 0]]);
    expect([first!.sequence, second!.sequence]).toEqual([0, 1]);
    stream.close();
  });

  it('refuses records of further entities when it holds as many as it may, and keeps the last examples', async () => {
    const { listener, batches, stream, ack } = open();
    const values = Array.from({ length: 1_004 }, (_, i) => ({
      value: JSON.stringify({ ...fix, id: i }),
      timestamp: 1,
    }));
    await listener.onFetched(fetched(0, 1_004, sampleBatch(values)));
    await until(() => batches().length === 1);
    stream.fromWorker(ack(batches()[0]!));
    expect(stream.counts(0)).toMatchObject({ read: 1_004, shown: 1_000, refused: 4 });
    expect(stream.counts(0).refusals).toMatchObject([
      { reason: 'more entities than the map may hold', count: 4, examples: [{ offset: '1002' }, { offset: '1003' }] },
    ]);
    stream.close();
  });
});
