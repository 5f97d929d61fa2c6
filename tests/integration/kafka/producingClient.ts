/** Senders and producers for the tests, what kafkajs's admin does for them, and what is in the log, read by kafkajs alone. */
import { type Admin, type ITopicConfig, Kafka, logLevel, type Producer, type ProducerConfig } from 'kafkajs';
import { expect, type TestContext, vi } from 'vitest';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import type { LogSink } from '../../../src/main/kafka/kafkajsInternals';
import { loadKafkajs } from '../../../src/main/kafka/kafkajsInternals';
import { createSender, type RecordSender } from '../../../src/main/kafka/producer';
import type { Sending } from '../../../src/main/kafka/sending';
import type { SendQueueLimits } from '../../../src/main/kafka/sendQueue';
import type { Compression } from '../../../src/shared/contract';
import { WireClient } from '../broker/wireClient.ts';

export interface SenderForTest extends RecordSender {
  readonly told: Sending[];
  readonly log: string[];
  compression: Compression;
}

export function startSender(bootstrap: readonly string[], limits: Partial<SendQueueLimits> = {}): SenderForTest {
  const told: Sending[] = [];
  const lines: string[] = [];
  const log: LogSink = (_level, message) => lines.push(message);
  const sender = createSender({
    access: { bootstrap, clientId: 'test', tls: null, sasl: null },
    log,
    compression: () => open.compression,
    onSending: (state) => told.push(state),
    limits,
  });
  const open: SenderForTest = { ...sender, told, log: lines, compression: 'none' };
  return open;
}

export interface LoggedRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
}

/** Every record that the topic holds, each partition in order. */
export async function readLog(bootstrap: readonly string[], topic: string): Promise<LoggedRecord[]> {
  loadKafkajs();
  const kafka = new Kafka({
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, maxRetryTime: 500 },
  });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const missing = new Map(ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, high]));
  const found: LoggedRecord[] = [];
  if (missing.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `read-${Math.random()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    void consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { offset, key, value } of batch.messages) {
          found.push({
            partition: batch.partition,
            offset,
            key: key?.toString() ?? null,
            value: value?.toString() ?? null,
          });
        }
        if (BigInt(batch.lastOffset()) + 1n >= BigInt(missing.get(batch.partition) ?? '0'))
          missing.delete(batch.partition);
        if (missing.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
  return found.sort((a, b) => a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset)));
}

export async function createTopic(
  bootstrap: readonly string[],
  topic: string,
  partitions: number,
  more: Partial<ITopicConfig> = {},
): Promise<void> {
  const knowing = await Promise.all(bootstrap.map((address) => openWire(address)));
  try {
    const before = await Promise.all(knowing.map(async (client) => (await layoutOf(client, topic)).topicId));
    await withAdmin(bootstrap, (admin) =>
      admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: partitions, ...more }] }),
    );
    // Each broker of a cluster learns by itself that there is a topic, that it is another one, and who leads it.
    const isKnown = async (client: WireClient, index: number) => {
      const { topicId, led } = await layoutOf(client, topic);
      expect(led, `partitions of ${topic} that ${bootstrap[index]} knows a leader of`).toBe(partitions);
      expect(topicId).not.toBe(before[index]);
    };
    const patience = { timeout: 60_000, interval: 50 };
    await Promise.all(knowing.map((client, index) => vi.waitFor(() => isKnown(client, index), patience)));
  } finally {
    for (const client of knowing) client.close();
  }
}

function openWire(address: string): Promise<WireClient> {
  const colon = address.lastIndexOf(':');
  return WireClient.open({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
}

/** As that broker knows it; of a topic that it does not know, no id and no leaders. */
async function layoutOf(client: WireClient, topic: string) {
  const { topics } = await client.ask(3, 10, [metadataRequest, metadataResponse], {
    topics: [{ name: topic }],
    allowAutoTopicCreation: false,
  });
  const found = topics.find(({ errorCode }) => errorCode === 0);
  return { topicId: found?.topicId, led: found?.partitions.filter(({ leaderId }) => leaderId >= 0).length ?? 0 };
}

export async function deleteTopic(bootstrap: readonly string[], topic: string): Promise<void> {
  await withAdmin(bootstrap, (admin) => admin.deleteTopics({ topics: [topic] }));
}

/** Of kafkajs, idempotent; it ends with the test. */
export async function startProducer(
  { onTestFinished }: TestContext,
  bootstrap: readonly string[],
  config: ProducerConfig = {},
): Promise<Producer> {
  const producer = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING }).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    ...config,
  });
  await producer.connect();
  onTestFinished(() => producer.disconnect());
  return producer;
}

export async function withAdmin<T>(bootstrap: readonly string[], call: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await call(admin);
  } finally {
    await admin.disconnect();
  }
}
