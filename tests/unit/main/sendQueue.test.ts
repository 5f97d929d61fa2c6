import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KafkaError } from '../../../src/main/kafka/kafkaError';
import {
  outcomesOf,
  type RecordToSend,
  recordBytes,
  type Sending,
  type SendOutcome,
} from '../../../src/main/kafka/sending';
import { createSendQueue, type SendQueue, type SendQueueLimits } from '../../../src/main/kafka/sendQueue';
import { AttemptFailure, type Batch, type Transport } from '../../../src/main/kafka/transport';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const away = new KafkaError('LEADER_AWAY', 'The leader of t-0 is away.', 'Wait.', true);
const failure = (next: 'retry' | 'split' | 'restart' | 'give-up', mayBeWritten = false, error = away): AttemptFailure =>
  new AttemptFailure(error, { mayBeWritten, next });
const tooLarge = new KafkaError(
  'MESSAGE_TOO_LARGE',
  'The record is larger than the cluster accepts.',
  'Send less.',
  false,
);

interface FakeCluster extends Transport {
  /** What each partition holds. */
  readonly log: Map<string, string[]>;
  readonly batches: Batch[];
  readonly abandoned: string[];
  /** Consulted before a batch is written; throws an AttemptFailure. */
  onWrite: (batch: Batch) => void | Promise<void>;
  onPlace: (topic: string) => void;
  latencyMs: number;
}

function fakeCluster(): FakeCluster {
  const cluster: FakeCluster = {
    log: new Map(),
    batches: [],
    abandoned: [],
    onWrite: () => undefined,
    onPlace: () => undefined,
    latencyMs: 0,
    place: async (topic, records) => {
      cluster.onPlace(topic);
      return records.map(({ key }) => Number(key ?? 0));
    },
    write: async (batch) => {
      cluster.batches.push(batch);
      if (cluster.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, cluster.latencyMs));
      await cluster.onWrite(batch);
      const name = `${batch.topic}-${batch.partition}`;
      const log = cluster.log.get(name) ?? [];
      cluster.log.set(name, log);
      const base = log.length;
      log.push(...batch.records.map(({ value }) => String(value)));
      return base;
    },
    abandon: (topic, partition) => cluster.abandoned.push(`${topic}-${partition}`),
  };
  return cluster;
}

function open(limits: Partial<SendQueueLimits> = {}) {
  const cluster = fakeCluster();
  const told: Sending[] = [];
  const queue = createSendQueue({ transport: cluster, onSending: (sending) => told.push(sending), limits });
  return { cluster, told, queue };
}

const record = (value: string, partition = 0): RecordToSend => ({ key: String(partition), value });

/** What became of each record of a send. */
async function outcomes(queue: SendQueue, topic: string, records: RecordToSend[]): Promise<readonly SendOutcome[]> {
  try {
    return (await queue.send(topic, records)).map((place) => ({ kind: 'acknowledged', ...place }));
  } catch (error) {
    return outcomesOf(error as KafkaError, records.length);
  }
}

describe('the send queue', () => {
  it('writes together what waits for a partition, and gives every caller its own acknowledgements', async () => {
    const { cluster, queue } = open();
    cluster.latencyMs = 100;
    const first = queue.send('t', [record('a')]);
    await vi.advanceTimersByTimeAsync(10);
    const others = ['b', 'c', 'd'].map((value) => queue.send('t', [record(value), record(`${value}${value}`)]));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await first).toEqual([{ partition: 0, offset: '0' }]);
    expect((await Promise.all(others)).map((places) => places.map(({ offset }) => offset))).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
    expect(cluster.batches.map(({ records }) => records.length)).toEqual([1, 6]);
  });

  it('acknowledges nothing at once when there is nothing to send', async () => {
    expect(await open().queue.send('t', [])).toEqual([]);
  });

  it('keeps batches within their bounds; a larger record goes alone', async () => {
    const { cluster, queue } = open({ batchBytes: 1_000, batchRecords: 5 });
    const sizes = [10, 10, 2_000, 900, 900, 1, 1, 1, 1, 1, 1, 1];
    const sent = queue.send(
      't',
      sizes.map((size) => record('x'.repeat(size))),
    );
    await vi.advanceTimersByTimeAsync(100);
    expect(await sent).toHaveLength(sizes.length);
    expect(cluster.batches.map(({ records }) => records.map(({ value }) => String(value).length))).toEqual([
      [10, 10],
      [2_000],
      [900],
      [900, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
  });

  it('makes senders wait while it is full, says so, and lets them in by turns', async () => {
    const { cluster, told, queue } = open({ records: 10 });
    cluster.latencyMs = 1_000;
    const sent = ['a', 'b', 'c'].map((name) =>
      queue.send(
        't',
        Array.from({ length: 8 }, (_, index) => record(`${name}${index}`)),
      ),
    );
    await vi.advanceTimersByTimeAsync(300);
    expect(told.at(-1)).toMatchObject({ records: 10, full: true, trouble: null });
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(sent);
    expect(cluster.log.get('t-0')).toEqual(
      ['a', 'b', 'c'].flatMap((name) => [...Array(8).keys()].map((i) => `${name}${i}`)),
    );
    expect(told.at(-1)).toEqual({ records: 0, bytes: 0, full: false, trouble: null });
    expect(Math.max(...told.map(({ records }) => records))).toBe(10);
  });

  it('takes a record that is larger than the whole queue once that is empty', async () => {
    const { queue } = open({ bytes: 1_000 });
    const sent = [queue.send('t', [record('small')]), queue.send('t', [record('x'.repeat(5_000))])];
    await vi.advanceTimersByTimeAsync(100);
    expect((await Promise.all(sent)).flat().map(({ offset }) => offset)).toEqual(['0', '1']);
  });

  it('lets no partition wait for another', async () => {
    const { cluster, queue } = open();
    cluster.onWrite = ({ partition }) => {
      if (partition === 0) throw failure('retry');
    };
    const stuck = outcomes(queue, 't', [record('a', 0)]);
    expect(await outcomes(queue, 't', [record('b', 1)])).toMatchObject([{ kind: 'acknowledged' }]);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await stuck).toMatchObject([{ kind: 'failed', written: 'no', error: { code: 'NOT_SENT' } }]);
  });

  it('tries the very same batch again when it may have been written, and says meanwhile why it takes so long', async () => {
    const { cluster, told, queue } = open();
    let failures = 5;
    cluster.onWrite = () => {
      if (failures-- > 0) throw failure('retry', true);
    };
    const first = queue.send('t', [record('a'), record('b')]);
    await vi.advanceTimersByTimeAsync(300);
    const second = queue.send('t', [record('c')]);
    await vi.advanceTimersByTimeAsync(100);
    expect(told.at(-1)?.trouble).toBe('The leader of t-0 is away. Trying again.');
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all([first, second]);
    expect(cluster.batches.map(({ records }) => records.map(({ value }) => value).join(''))).toEqual([
      ...Array(6).fill('ab'),
      'c',
    ]);
    expect(cluster.abandoned).toEqual([]);
    expect(told.at(-1)).toEqual({ records: 0, bytes: 0, full: false, trouble: null });
  });

  it('gives up when a record is overdue: unknown when it may have been written, and then nothing follows on it', async () => {
    const { cluster, queue } = open();
    cluster.onWrite = () => {
      throw failure('retry', cluster.batches.length === 1);
    };
    const sent = outcomes(queue, 't', [record('a'), record('b')]);
    const waiting = outcomes(queue, 't', [record('c', 1)]);
    await vi.advanceTimersByTimeAsync(29_900);
    expect(cluster.abandoned).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(cluster.abandoned).toEqual(['t-0']);
    expect(await sent).toMatchObject(
      Array(2).fill({ kind: 'failed', written: 'unknown', error: { code: 'UNKNOWN_OUTCOME', retriable: false } }),
    );
    expect(await waiting).toMatchObject([{ written: 'no', error: { code: 'NOT_SENT', retriable: true } }]);
  });

  it('lets one poison record fail alone', async () => {
    const { cluster, queue } = open();
    cluster.onWrite = ({ records }) => {
      if (records.some(({ value }) => value === 'poison')) throw failure('split', false, tooLarge);
    };
    const records = Array.from({ length: 100 }, (_, index) => record(index === 37 ? 'poison' : `v${index}`));
    const result = await outcomes(queue, 't', records);
    expect(result.map(({ kind }) => kind === 'acknowledged')).toEqual(records.map((_, index) => index !== 37));
    expect(result[37]).toMatchObject({ written: 'no', error: { code: 'MESSAGE_TOO_LARGE' } });
    expect(cluster.log.get('t-0')).toEqual(records.flatMap(({ value }) => (value === 'poison' ? [] : [value])));
  });

  it('starts under a fresh producer id when the broker lost the sequence, unless the batch may be written', async () => {
    const { cluster, queue } = open();
    let steps = [failure('restart')];
    cluster.onWrite = () => {
      const step = steps.shift();
      if (step) throw step;
    };
    const restarted = outcomes(queue, 't', [record('a')]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await restarted).toMatchObject([{ kind: 'acknowledged', offset: '0' }]);
    expect(cluster.abandoned).toEqual(['t-0']);
    steps = [failure('retry', true), failure('restart')];
    const doubtful = outcomes(queue, 't', [record('b')]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await doubtful).toMatchObject([{ kind: 'failed', written: 'unknown' }]);
    expect(cluster.abandoned).toEqual(['t-0', 't-0']);
    expect(cluster.log.get('t-0')).toEqual(['a']);
  });

  it('waits for a topic that comes, and fails at once for one that is refused', async () => {
    const { cluster, told, queue } = open();
    const denied = new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'Not allowed.', 'Ask.', false);
    let missing = true;
    cluster.onPlace = (topic) => {
      if (topic === 'denied') throw denied;
      if (missing) throw new KafkaError('LEADER_NOT_AVAILABLE', 'The topic is being made.', 'Wait.', true);
    };
    expect(await outcomes(queue, 'denied', [record('a')])).toEqual([{ kind: 'failed', error: denied, written: 'no' }]);
    const coming = outcomes(queue, 'coming', [record('b')]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.at(-1)?.trouble).toBe('The topic is being made. Trying again.');
    missing = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await coming).toMatchObject([{ kind: 'acknowledged' }]);
  });

  it('fails what waits when it is closed, and says what is unknown', async () => {
    const { cluster, queue } = open({ records: 3 });
    cluster.onWrite = () => new Promise(() => undefined);
    const inFlight = outcomes(queue, 't', [record('a')]);
    await vi.advanceTimersByTimeAsync(10);
    const behind = outcomes(queue, 't', [record('b'), record('c')]);
    const outside = outcomes(queue, 't', [record('d')]);
    await vi.advanceTimersByTimeAsync(10);
    queue.close();
    expect(await inFlight).toMatchObject([{ kind: 'failed', written: 'unknown', error: { code: 'CLOSED' } }]);
    expect(await behind).toMatchObject(Array(2).fill({ kind: 'failed', written: 'no', error: { code: 'CLOSED' } }));
    expect(await outside).toMatchObject([{ written: 'no', error: { code: 'CLOSED' } }]);
    expect(await outcomes(queue, 't', [record('e')])).toMatchObject([{ written: 'no', error: { code: 'CLOSED' } }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells its state at a calm rate, and only when it changes', async () => {
    const { told, queue } = open();
    for (let i = 0; i < 1_000; i++) {
      void queue.send('t', [record(String(i))]);
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.length).toBeLessThanOrEqual(5);
  });
});

describe('whatever happens on the way', () => {
  const step = fc.constantFrom('ok', 'ok', 'ok', 'refused', 'lost', 'written and lost', 'give-up');

  it('acknowledges a record exactly when it is in the log at that place, in order, and stays within its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 9 }), pause: fc.integer({ min: 0, max: 400 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.array(step, { maxLength: 30 }),
        async (sends, steps) => {
          const { cluster, told, queue } = open({ records: 12, batchRecords: 4, deliverWithinMs: 3_000 });
          cluster.latencyMs = 50;
          /** As an idempotent broker: the batch that it took last is taken once. */
          let taken: { readonly text: string; readonly base: number } | undefined;
          const log: string[] = [];
          cluster.write = async ({ records }) => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            const next = steps.shift() ?? 'ok';
            if (next === 'refused') throw failure('retry');
            if (next === 'give-up') throw failure('give-up', false, tooLarge);
            if (next === 'lost') throw failure('retry', true);
            const text = JSON.stringify(records);
            if (taken?.text !== text) {
              taken = { text, base: log.length };
              log.push(...records.map(({ value }) => String(value)));
            }
            if (next === 'written and lost') throw failure('retry', true);
            return taken.base;
          };
          const calls: Promise<void>[] = [];
          const results = new Map<string, SendOutcome>();
          let number = 0;
          for (const { count, pause } of sends) {
            const records = Array.from({ length: count }, () => record(`v${number++}`));
            calls.push(
              outcomes(queue, 't', records).then((all) => {
                for (const [index, outcome] of all.entries()) results.set(String(records[index]?.value), outcome);
              }),
            );
            await vi.advanceTimersByTimeAsync(pause);
          }
          await vi.advanceTimersByTimeAsync(60_000);
          await Promise.all(calls);
          expect(results.size).toBe(number);
          expect(new Set(log).size).toBe(log.length);
          for (const [value, outcome] of results) {
            if (outcome.kind === 'acknowledged') expect(log[Number(outcome.offset)]).toBe(value);
            else if (outcome.written === 'no') expect(log).not.toContain(value);
          }
          expect(log).toEqual([...log].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
          expect(Math.max(0, ...told.map(({ records }) => records))).toBeLessThanOrEqual(12);
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 150, seed: 3 },
    );
  });
});

describe('the size of a record', () => {
  it('is never less than what it takes in a batch', () => {
    expect(recordBytes({ key: null, value: null })).toBeGreaterThan(0);
    expect(recordBytes({ key: 'é', value: Buffer.alloc(100), headers: { a: 'é' } })).toBeGreaterThanOrEqual(
      2 + 100 + 1 + 2,
    );
  });
});
