/** Two hundred connections at once, and among them clients that never read: the others are served as before. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { fetchRequest } from '../../../src/broker/wire/messages/fetch.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { sampleBatch } from '../../unit/broker/sampleBatch.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';
import { WireClient } from './wireClient.ts';

const CROWD = 200;
const DEAF = 5;
const COUNTING_MS = 1500;
/** Alone against beside the crowd: it costs something, on two cores that others use too; it must not cost all. */
const AT_MOST_SLOWER = 20;

let broker: BrokerProcess;
let healthy: WireClient;
const crowd: WireClient[] = [];
const deaf: Socket[] = [];

beforeAll(async () => {
  broker = await startBrokerProcess({ args: ['--max-stalled-ms', '2000'] });
  healthy = await WireClient.open(broker);
  const topics = ['big', 'quiet'].map((name) => ({
    name,
    numPartitions: 1,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }));
  await healthy.ask(19, 5, [createTopicsRequest, createTopicsResponse], { topics, timeoutMs: 1000 });
  for (let batch = 0; batch < 16; batch += 1) {
    const records = sampleBatch([{ value: 'v'.repeat(1_000_000), timestamp: 1000 }]);
    const body = { acks: 1, timeoutMs: 1000, topics: [{ name: 'big', partitions: [{ index: 0, records }] }] };
    const answer = await healthy.ask(0, 9, [produceRequest, produceResponse], body);
    expect(answer.responses[0]!.partitions[0]!.errorCode).toBe(0);
  }
});

afterAll(async () => {
  for (const client of [healthy, ...crowd]) client.close();
  for (const socket of deaf) socket.destroy();
  await broker.stop();
  await removeDataDir(broker.dataDir);
});

async function countAnswers(): Promise<number> {
  const until = Date.now() + COUNTING_MS;
  let answers = 0;
  while (Date.now() < until) {
    const { topics } = await healthy.ask(3, 9, [metadataRequest, metadataResponse], {
      topics: [{ name: 'big' }],
      allowAutoTopicCreation: false,
    });
    expect(topics[0]?.errorCode).toBe(0);
    answers += 1;
  }
  return answers;
}

const fetchBody = (topic: string, maxWaitMs: number) => ({
  maxWaitMs,
  minBytes: 1,
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 64 << 20 }] }],
});

it('serves a client beside them at a speed of the same order', async () => {
  const alone = await countAnswers();
  for (let number = 0; number < CROWD - DEAF; number += 1) {
    const client = await WireClient.open(broker);
    crowd.push(client);
    client.send(1, 9, fetchRequest, fetchBody('quiet', 60_000));
  }
  const request = healthy.bytesOf(1, 9, fetchRequest, fetchBody('big', 0));
  for (let number = 0; number < DEAF; number += 1) {
    const socket = connect(broker.port, broker.host);
    socket.on('error', () => {});
    for (let round = 0; round < 1000; round += 1) socket.write(request);
    deaf.push(socket);
  }
  const beside = await countAnswers();
  expect(beside * AT_MOST_SLOWER).toBeGreaterThan(alone);
  // Those who read nothing are told apart from those whose fetches are held back.
  while (!broker.log().includes('--max-stalled-ms')) await countAnswers();
  const closed = broker
    .log()
    .trim()
    .split('\n')
    .filter((line) => line.includes('a connection was closed'));
  expect(closed.every((line) => line.includes('--max-stalled-ms'))).toBe(true);
  const order = crowd.map((client) => client.order.length);
  expect(order).toEqual(crowd.map(() => 0));
});
