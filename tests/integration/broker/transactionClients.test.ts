/** Transactions by the clients that have them, against the built-in broker: kafkajs, `@platformatic/kafka`, kcat. */
import {
  Consumer,
  FetchIsolationLevels,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKcatInstalled, kcat, lines } from './kcat.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';

let broker: BrokerProcess;
let kafka: Kafka;

beforeAll(async () => {
  broker = await startBrokerProcess();
  kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });
});

afterAll(async () => {
  await broker.stop();
  await removeDataDir(broker.dataDir);
});

async function createTopic(topic: string, numPartitions = 1) {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions }] });
  await admin.disconnect();
}

async function startProducer(transactionalId: string) {
  const producer = kafka.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  return producer;
}

/** Reads in a group of kafkajs, which reads what is committed, until `count` records have come. */
async function consume(topic: string, groupId: string, count: number, readUncommitted = false) {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, readUncommitted });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value));
          if (values.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values;
}

const messages = (...values: string[]) => values.map((value) => ({ value }));

describe('kafkajs', () => {
  it('sees what is committed, in order, and nothing of what is aborted', async () => {
    await createTopic('kafkajs', 1);
    const producer = await startProducer('kafkajs');
    for (const [values, committed] of [
      [['1', '2'], true],
      [['3', '4'], false],
      [['5'], true],
      [['6'], false],
      [['7'], true],
    ] as const) {
      const transaction = await producer.transaction();
      for (const value of values) await transaction.send({ topic: 'kafkajs', messages: messages(value) });
      await (committed ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    expect(await consume('kafkajs', 'kafkajs', 4)).toEqual(['1', '2', '5', '7']);
    expect(await consume('kafkajs', 'kafkajs-all', 7, true)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('is given records the moment their transaction commits', async () => {
    await createTopic('kafkajs-live');
    const consumer = kafka.consumer({ groupId: 'live', maxWaitTimeInMs: 60_000, sessionTimeout: 120_000 });
    const values: string[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: 'kafkajs-live', fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) });
    await joined;
    const producer = await startProducer('kafkajs-live');
    const transaction = await producer.transaction();
    await transaction.send({ topic: 'kafkajs-live', messages: messages('1') });
    expect(values).toEqual([]);
    await transaction.commit();
    // Long before the fetch would have ended by itself.
    await expect.poll(() => values, { timeout: 30_000 }).toEqual(['1']);
    // It goes when its fetch has been answered, which now waits for a minute, or for one more.
    const gone = consumer.disconnect();
    const last = await producer.transaction();
    await last.send({ topic: 'kafkajs-live', messages: messages('2') });
    await last.commit();
    await gone;
    await producer.disconnect();
  });

  it('commits offsets with the records, or neither', async () => {
    await createTopic('kafkajs-in');
    await createTopic('kafkajs-out');
    const producer = await startProducer('kafkajs-offsets');
    const admin = kafka.admin();
    await admin.connect();
    const offset = async () =>
      (await admin.fetchOffsets({ groupId: 'mover', topics: ['kafkajs-in'] }))[0]?.partitions[0]?.offset;
    const move = async (value: string, to: string, committed: boolean) => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'kafkajs-out', messages: messages(value) });
      const topics = [{ topic: 'kafkajs-in', partitions: [{ partition: 0, offset: to }] }];
      await transaction.sendOffsets({ consumerGroupId: 'mover', topics });
      await (committed ? transaction.commit() : transaction.abort());
    };
    await move('a', '5', false);
    expect(await offset()).toBe('-1');
    await move('b', '6', true);
    expect(await offset()).toBe('6');
    await move('c', '9', false);
    expect(await offset()).toBe('6');
    expect(await consume('kafkajs-out', 'kafkajs-out', 1)).toEqual(['b']);
    await admin.disconnect();
    await producer.disconnect();
  });

  it('is locked out by a second producer under its transactional id', async () => {
    await createTopic('kafkajs-fenced');
    const first = await startProducer('kafkajs-fenced');
    const transaction = await first.transaction();
    await transaction.send({ topic: 'kafkajs-fenced', messages: messages('lost') });
    const second = await startProducer('kafkajs-fenced');
    const other = await second.transaction();
    await expect(transaction.send({ topic: 'kafkajs-fenced', messages: messages('late') })).rejects.toMatchObject({
      type: 'INVALID_PRODUCER_EPOCH',
    });
    await other.send({ topic: 'kafkajs-fenced', messages: messages('kept') });
    await other.commit();
    expect(await consume('kafkajs-fenced', 'kafkajs-fenced', 1)).toEqual(['kept']);
    await first.disconnect();
    await second.disconnect();
  });
});

describe('@platformatic/kafka', () => {
  const common = () => ({ clientId: 'platformatic', bootstrapBrokers: [broker.address] });

  it('sees what is committed, and nothing of what is aborted', async () => {
    await createTopic('platformatic');
    const producer = new Producer({
      ...common(),
      serializers: stringSerializers,
      idempotent: true,
      transactionalId: 'platformatic',
    });
    for (const [value, committed] of [
      ['1', true],
      ['2', false],
      ['3', true],
    ] as const) {
      const transaction = await producer.beginTransaction();
      await transaction.send({ messages: [{ topic: 'platformatic', key: 'key', value }] });
      await (committed ? transaction.commit() : transaction.abort());
    }
    await producer.close();
    const consumer = new Consumer({ ...common(), groupId: 'platformatic', deserializers: stringDeserializers });
    const stream = await consumer.consume({
      topics: ['platformatic'],
      mode: MessagesStreamModes.EARLIEST,
      maxWaitTime: 500,
      isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    });
    const values: string[] = [];
    for await (const message of stream) {
      values.push(message.value);
      if (values.length === 2) break;
    }
    await consumer.close(true);
    expect(values).toEqual(['1', '3']);
  });
});

describe.skipIf(!isKcatInstalled)('kcat', () => {
  it('produces in a transaction, which it reads back, and which its successor can follow', async () => {
    await createTopic('kcat-transactions');
    for (const input of ['a\nb\n', 'c\n']) {
      await kcat(broker, ['-P', '-t', 'kcat-transactions', '-X', 'transactional.id=kcat'], input);
    }
    const aborting = await startProducer('kcat-aborted');
    const transaction = await aborting.transaction();
    await transaction.send({ topic: 'kcat-transactions', messages: messages('aborted') });
    await transaction.abort();
    await aborting.disconnect();
    const read = (isolation: string) =>
      kcat(broker, [
        '-C',
        '-t',
        'kcat-transactions',
        '-o',
        'beginning',
        '-e',
        '-q',
        '-X',
        `isolation.level=${isolation}`,
      ]);
    expect(lines(await read('read_committed'))).toEqual(['a', 'b', 'c']);
    expect(lines(await read('read_uncommitted'))).toEqual(['a', 'b', 'c', 'aborted']);
  });
});
