/** What consumers see of transactions: their records, their end markers, and how far a committed read comes. */
import type { Fields } from '../allowedDifferences.ts';
import { batch } from '../batches.ts';
import { fetch } from '../fetching.ts';
import { T0 } from '../library.ts';
import { FRESH } from '../prepared.ts';
import { records } from '../producing.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { add, addAndWrite, begin, end, endOffset, type Producer, untilStableAt, write } from '../transactions.ts';

/** From each offset, uncommitted and committed. */
async function read(t: Talk, offsets: readonly number[], partitionMaxBytes = 1 << 20): Promise<void> {
  for (const fetchOffset of offsets) {
    for (const isolationLevel of [0, 1]) {
      const wanted = { partition: t.place.partition, fetchOffset, partitionMaxBytes };
      await fetch(t, [wanted], { name: FRESH, isolationLevel });
    }
  }
}

const from = (start: number, count: number) => Array.from({ length: count }, (_, index) => start + index);

/** One record outside of every transaction. */
async function writePlain(t: Talk): Promise<void> {
  await t.look('Produce', records(t, batch([T0 + 5])));
}

async function beginTwo(t: Talk): Promise<[Producer, Producer]> {
  return [await begin(t), await begin(t, { transactionalId: t.name('other') })];
}

export const transactionFetchScenarios = about('Fetch', {
  'an open transaction, between records of nobody': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await writePlain(t);
    await addAndWrite(t, producer);
    await writePlain(t);
    await read(t, from(start, 6));
    await end(t, producer, true, start + 5);
  },
  'a committed transaction': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await addAndWrite(t, producer);
    await write(t, producer, 2);
    await end(t, producer, true, start + 5);
    await read(t, [start, start + 4, start + 5, start + 6]);
  },
  'an aborted transaction, between records of nobody': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await writePlain(t);
    await addAndWrite(t, producer);
    await writePlain(t);
    await end(t, producer, false, start + 5);
    await writePlain(t);
    await read(t, from(start, 7));
  },
  'aborted without records': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await add(t, producer);
    await end(t, producer, false, start + 1);
    await read(t, [start]);
  },
  'two transactions at once: the one that begins first ends last': async (t) => {
    const start = await endOffset(t);
    const [one, other] = await beginTwo(t);
    await addAndWrite(t, one);
    await addAndWrite(t, other);
    await write(t, one, 2);
    await t.look('EndTxn', { ...other, committed: false });
    // Its marker is behind the first open record, where no committed read comes.
    await t.until(
      'ListOffsets',
      {
        replicaId: -1,
        topics: [{ name: FRESH, partitions: [{ partitionIndex: t.place.partition, timestamp: -1 }] }],
      },
      (answer) => answer.at('topics.0.partitions.0.offset') === start + 7,
      { quiet: true },
    );
    await read(t, [start, start + 2, start + 7]);
    await end(t, one, false, start + 8);
    await read(t, [start, start + 2, start + 5, start + 6, start + 7]);
  },
  'one is committed and one aborted, and the next is open': async (t) => {
    const start = await endOffset(t);
    const [one, other] = await beginTwo(t);
    await addAndWrite(t, one);
    await end(t, one, false, start + 3);
    await addAndWrite(t, other);
    await end(t, other, true, start + 6);
    await addAndWrite(t, one, 2);
    await read(t, [start, start + 2, start + 3, start + 6, start + 7]);
    await end(t, one, false, start + 9);
  },
  'of several aborted ones, those in what is sent are named': {
    differs: [
      {
        at: /abortedTransactions/,
        because: 'Kafka looks no closer than its index does, and names some that end behind what it sends',
      },
    ],
    run: async (t) => {
      const start = await endOffset(t);
      const producer = await begin(t);
      for (const round of [0, 1, 2]) {
        await addAndWrite(t, producer, 2 * round);
        await end(t, producer, false, start + 3 * (round + 1));
      }
      await read(t, [start, start + 2, start + 4, start + 8], 1);
      await read(t, [start, start + 3], 200);
      await read(t, [start]);
    },
  },
  'a transaction that a newer instance aborts': async (t) => {
    const start = await endOffset(t);
    const former = await begin(t);
    await addAndWrite(t, former);
    const producer = await begin(t);
    await untilStableAt(t, start + 3);
    await addAndWrite(t, producer);
    await end(t, producer, true, start + 6);
    await read(t, [start, start + 2, start + 3]);
  },
  'a committed read is not woken by records of an open transaction': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await addAndWrite(t, producer);
    const wanted = { partition: t.place.partition, fetchOffset: start };
    await fetch(t, [wanted], { name: FRESH, isolationLevel: 1, minBytes: 1, maxWaitMs: 100 });
    const waiting = fetch(t, [wanted], { name: FRESH, isolationLevel: 1, minBytes: 1, maxWaitMs: 25_000 });
    await end(t.second(), producer, true, start + 3);
    await waiting;
  },
  'the first records are deleted, and an aborted transaction with them': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    for (const round of [0, 1]) {
      await addAndWrite(t, producer, 2 * round);
      await end(t, producer, false, start + 3 * (round + 1));
    }
    const partitions = [{ partitionIndex: t.place.partition, offset: start + 3 }];
    await t.call('DeleteRecords', { topics: [{ name: FRESH, partitions }], timeoutMs: 30_000 });
    await read(t, [start, start + 2, start + 3, start + 5]);
  },
});

const DAY = 86_400_000;
const TIMES = [-1, -2, T0, T0 + 1, T0 + 5, T0 + 6];

/** An end marker has the time of the broker's clock. */
const only = ({ topics }: Fields) =>
  JSON.stringify(topics, (name, value) => (name === 'timestamp' && value > T0 + DAY ? '(some time)' : value));

async function list(t: Talk, timestamps: readonly number[] = TIMES): Promise<void> {
  for (const timestamp of timestamps) {
    for (const isolationLevel of [0, 1]) {
      const topics = [{ name: FRESH, partitions: [{ partitionIndex: t.place.partition, timestamp }] }];
      await t.ask({ replicaId: -1, isolationLevel, topics }, { only });
    }
  }
}

export const transactionListOffsetsScenarios = about('ListOffsets', {
  'an open transaction, before and after its end': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await writePlain(t);
    await addAndWrite(t, producer);
    await writePlain(t);
    await list(t);
    await end(t, producer, true, start + 5);
    await list(t);
  },
  'the largest timestamp in an open transaction': {
    from: 7,
    run: async (t) => {
      const start = await endOffset(t);
      const producer = await begin(t);
      await addAndWrite(t, producer);
      await list(t, [-3]);
      await end(t, producer, false, start + 3);
    },
  },
  'an aborted transaction': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    await addAndWrite(t, producer);
    await writePlain(t);
    await end(t, producer, false, start + 4);
    await list(t);
  },
});
