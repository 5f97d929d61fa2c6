/**
 * The broker is killed at random moments while producers write in transactions over two topics and commit offsets with
 * them: what was said to be committed is there whole, what was aborted or not ended is not there at all.
 */
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrokerProcess, makeDataDir, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';

const TOPICS = ['killed-one', 'killed-two'] as const;
const PARTITIONS = 2;
const RECORDS = 4;
const ROUNDS = 5;
const WRITERS = 3;

const running: BrokerProcess[] = [];

async function start(dataDir: string) {
  const broker = await startBrokerProcess({ dataDir });
  running.push(broker);
  return broker;
}

afterEach(async () => {
  for (const broker of running.splice(0)) {
    await broker.stop();
    await removeDataDir(broker.dataDir);
  }
});

const connectTo = (broker: BrokerProcess, retries = 10) =>
  new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries } });

/** Names of transactions by what is known of them. */
interface Fates {
  readonly committed: Set<string>;
  readonly aborted: Set<string>;
  /** Never ended, as far as its producer was told. */
  readonly doubtful: Set<string>;
}

/** Runs one transaction after the other until the broker is gone. */
async function write(producer: Producer, writer: number, round: number, fates: Fates, ended: () => void) {
  for (let number = 0; ; number += 1) {
    const name = `${writer}-${round}-${number}`;
    const isAborted = number % 3 === 2;
    (isAborted ? fates.aborted : fates.doubtful).add(name);
    try {
      const transaction = await producer.transaction();
      for (const topic of TOPICS) {
        const messages = Array.from({ length: RECORDS }, (_, index) => ({
          value: `${name}:${topic}:${index}`,
          partition: index % PARTITIONS,
        }));
        await transaction.send({ topic, messages });
      }
      const offset = String(round * 1_000_000 + number + 1);
      const topics = [{ topic: TOPICS[0], partitions: [{ partition: 0, offset }] }];
      await transaction.sendOffsets({ consumerGroupId: `writer-${writer}`, topics });
      await (isAborted ? transaction.abort() : transaction.commit());
    } catch {
      return;
    }
    if (!isAborted) {
      fates.doubtful.delete(name);
      fates.committed.add(name);
    }
    ended();
  }
}

async function readCommitted(broker: BrokerProcess): Promise<string[]> {
  const kafka = connectTo(broker);
  const admin = kafka.admin();
  await admin.connect();
  const values: string[] = [];
  const ends = new Map<string, number>();
  for (const topic of TOPICS) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      ends.set(`${topic}:${partition}`, Number(high));
  }
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `reader-${Math.random()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...TOPICS], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const key = `${payload.topic}:${payload.partition}`;
      // The last offset is that of the last end marker.
      if (Number(payload.lastOffset) + 1 >= (ends.get(key) ?? 0)) ends.delete(key);
      if (ends.size === 0) resolve();
    });
    void consumer.run({
      eachBatchAutoResolve: true,
      eachBatch: async ({ batch }) => void values.push(...batch.messages.map(({ value }) => String(value))),
    });
  });
  await consumer.disconnect();
  return values;
}

describe('being killed amid transactions', () => {
  it('leaves each of them there whole or not at all, with its offsets', async () => {
    const dataDir = await makeDataDir();
    const fates: Fates = { committed: new Set(), aborted: new Set(), doubtful: new Set() };
    for (let round = 0; round < ROUNDS; round += 1) {
      const broker = await startBrokerProcess({ dataDir });
      if (round === 0) {
        const admin = connectTo(broker).admin();
        await admin.connect();
        await admin.createTopics({ topics: TOPICS.map((topic) => ({ topic, numPartitions: PARTITIONS })) });
        await admin.disconnect();
      }
      let left = 7 + round * 5;
      const kafka = connectTo(broker, 1);
      const producers = await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          const producer = kafka.producer({
            transactionalId: `writer-${writer}`,
            maxInFlightRequests: 1,
            idempotent: true,
          });
          await producer.connect();
          return producer;
        }),
      );
      const gone = new Promise((resolve) => broker.child.once('close', resolve));
      const writing = producers.map((producer, writer) =>
        write(producer, writer, round, fates, () => {
          left -= 1;
          // Some milliseconds later, so that it is amid the transactions of the others, at any of their requests.
          if (left === 0) setTimeout(() => broker.child.kill('SIGKILL'), Math.random() * 30);
        }),
      );
      await Promise.race([Promise.all(writing), gone]);
      await broker.kill();
      for (const producer of producers) void producer.disconnect().catch(() => {});
    }
    const broker = await start(dataDir);
    // Whoever comes back ends what its predecessor left open.
    const kafka = connectTo(broker);
    for (let writer = 0; writer < WRITERS; writer += 1) {
      const producer = kafka.producer({
        transactionalId: `writer-${writer}`,
        maxInFlightRequests: 1,
        idempotent: true,
      });
      await producer.connect();
      const transaction = await producer.transaction();
      const name = `${writer}-last-0`;
      for (const topic of TOPICS) {
        const messages = Array.from({ length: RECORDS }, (_, index) => ({
          value: `${name}:${topic}:${index}`,
          partition: index % PARTITIONS,
        }));
        await transaction.send({ topic, messages });
      }
      await transaction.commit();
      fates.committed.add(name);
      await producer.disconnect();
    }
    const values = await readCommitted(broker);
    expect(new Set(values).size).toBe(values.length);
    const seen = new Map<string, number>();
    for (const value of values) {
      const name = value.slice(0, value.indexOf(':'));
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    // Whole, whoever they are: nothing is half there.
    expect([...seen].filter(([, count]) => count !== RECORDS * TOPICS.length)).toEqual([]);
    expect([...fates.committed].filter((name) => !seen.has(name))).toEqual([]);
    expect([...fates.aborted].filter((name) => seen.has(name))).toEqual([]);
    expect([...seen.keys()].filter((name) => !fates.committed.has(name) && !fates.doubtful.has(name))).toEqual([]);
    expect(fates.committed.size).toBeGreaterThan(ROUNDS);
    // The offset that a writer's group has is that of its last transaction which is there.
    const admin = kafka.admin();
    await admin.connect();
    for (let writer = 0; writer < WRITERS; writer += 1) {
      const [found] = await admin.fetchOffsets({ groupId: `writer-${writer}`, topics: [TOPICS[0]] });
      const last = [...seen.keys()]
        .map((name) => name.split('-').map(Number))
        .filter(([by, round]) => by === writer && !Number.isNaN(round))
        .map(([, round = 0, number = 0]) => round * 1_000_000 + number + 1);
      expect(Number(found?.partitions.find(({ partition }) => partition === 0)?.offset)).toBe(Math.max(-1, ...last));
    }
    await admin.disconnect();
  });
});
