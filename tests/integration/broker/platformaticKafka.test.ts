/** `@platformatic/kafka`: an independent client in JavaScript that speaks only the flexible versions. */
import {
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';

let broker: BrokerProcess;

beforeAll(async () => {
  broker = await startBrokerProcess();
});

afterAll(async () => {
  await broker.stop();
  await removeDataDir(broker.dataDir);
});

const common = () => ({ clientId: 'platformatic', bootstrapBrokers: [broker.address] });

async function produce(topic: string, values: readonly string[], idempotent = false) {
  const producer = new Producer({ ...common(), serializers: stringSerializers, autocreateTopics: true, idempotent });
  for (const value of values) await producer.send({ messages: [{ topic, key: 'key', value, headers: { h: value } }] });
  await producer.close();
}

async function consume(topic: string, groupId: string, count: number) {
  const consumer = new Consumer({ ...common(), groupId, deserializers: stringDeserializers });
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.EARLIEST,
    autocommit: true,
    maxWaitTime: 500,
  });
  const values: string[] = [];
  for await (const message of stream) {
    values.push(`${message.offset} ${message.key} ${message.value} ${message.headers.get('h')}`);
    if (values.length === count) break;
  }
  await consumer.close(true);
  return values;
}

describe('@platformatic/kafka', () => {
  it('produces, and consumes in a group', async () => {
    await produce('flexible', ['a', 'b', 'c']);
    expect(await consume('flexible', 'flexible', 3)).toEqual(['0 key a a', '1 key b b', '2 key c c']);
  });

  it('produces as an idempotent producer', async () => {
    await produce('flexible-idempotent', ['a', 'b', 'c'], true);
    expect(await consume('flexible-idempotent', 'flexible-idempotent', 3)).toEqual([
      '0 key a a',
      '1 key b b',
      '2 key c c',
    ]);
  });

  it('creates, lists and deletes topics, and lists groups', async () => {
    const admin = new Admin(common());
    const [created] = await admin.createTopics({ topics: ['flexible-admin'], partitions: 2, replicas: 1 });
    expect(created).toMatchObject({ name: 'flexible-admin', partitions: 2 });
    expect(await admin.listTopics()).toContain('flexible-admin');
    await admin.deleteTopics({ topics: ['flexible-admin'] });
    expect(await admin.listTopics()).not.toContain('flexible-admin');
    expect([...(await admin.listGroups()).keys()]).toContain('flexible');
    await admin.close();
  });
});
