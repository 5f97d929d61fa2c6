/** Behaviour that clients count on and that no client lets one ask for directly; the broker runs in this process. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningBroker, startBroker } from '../../../src/broker/broker.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../src/broker/wire/messages/deleteTopics.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { heartbeatRequest, heartbeatResponse } from '../../../src/broker/wire/messages/heartbeat.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/broker/wire/messages/offsetCommit.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/broker/wire/messages/offsetFetch.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { batchOf } from '../../unit/broker/sampleBatch.ts';
import { makeDataDir, removeDataDir } from './startBrokerProcess.ts';
import { WireClient } from './wireClient.ts';

const PRODUCE = [produceRequest, produceResponse] as const;
const FETCH = [fetchRequest, fetchResponse] as const;
const METADATA = [metadataRequest, metadataResponse] as const;

let broker: RunningBroker;
let client: WireClient;
let topic = '';
let topicId = '';
let count = 0;

beforeAll(async () => {
  broker = await startBroker({ port: 0, dataDir: await makeDataDir() });
  client = await WireClient.open(broker);
});

afterAll(async () => {
  client.close();
  await broker.close();
  await removeDataDir(broker.dataDir);
});

/** Every test has a topic of its own. */
beforeEach(async () => {
  count += 1;
  topic = `wire-${count}`;
  topicId = (await create(topic)).topicId;
});

async function create(name: string, configs: { name: string; value: string }[] = [], overrides = {}) {
  const wanted = { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs, ...overrides };
  const body = { topics: [wanted], timeoutMs: 1000 };
  return (await client.ask(19, 7, [createTopicsRequest, createTopicsResponse], body)).topics[0]!;
}

const produceBody = (records: Buffer, acks = -1, name = topic) => ({
  acks,
  timeoutMs: 1000,
  topics: [{ name, partitions: [{ index: 0, records }] }],
});

async function produce(records: Buffer, version = 9, from = client) {
  return (await from.ask(0, version, PRODUCE, produceBody(records))).responses[0]!.partitions[0]!;
}

const fetchBody = (fetchOffset: number, options: Record<string, unknown> = {}) => ({
  maxWaitMs: 0,
  minBytes: 1,
  topics: [{ topic, topicId, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }] }],
  ...options,
});

async function fetch(fetchOffset: number, options: Record<string, unknown> = {}, version = 12, from = client) {
  const response = await from.ask(1, version, FETCH, fetchBody(fetchOffset, options));
  return { ...response.responses[0]?.partitions[0], topError: response.errorCode, sessionId: response.sessionId };
}

describe('fetching', () => {
  it.each([4, 5, 7, 9, 11, 12, 13, 14, 15, 16])('gives whole batches in version %i', async (version) => {
    expect(await produce(batchOf(3))).toMatchObject({ errorCode: 0, baseOffset: 0 });
    const found = await fetch(1, { isolationLevel: 1 }, version);
    expect(found).toMatchObject({ errorCode: 0, highWatermark: 3, lastStableOffset: 3, abortedTransactions: [] });
    expect(readBatchHeader(found.records!)).toMatchObject({ baseOffset: 0, lastOffset: 2 });
    expect((await fetch(3, {}, version)).records).toEqual(Buffer.alloc(0));
  });

  it('gives the first batch even if it is larger than every limit, and no second one', async () => {
    await produce(batchOf(3));
    await produce(batchOf(3));
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 }];
    const { records } = await fetch(0, { maxBytes: 1, topics: [{ topic, topicId, partitions }] });
    expect(readBatchHeader(records!).sizeInBytes).toBe(records!.length);
  });

  it('answers 1 outside of the log, 3 and 100 without one, 70 in a session', async () => {
    expect(await fetch(1)).toMatchObject({ errorCode: 1, highWatermark: -1 });
    expect(await fetch(-5)).toMatchObject({ errorCode: 1 });
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 100 }];
    const unknown = { maxWaitMs: 60_000, topics: [{ topic: 'nowhere', topicId: 'f'.repeat(32), partitions }] };
    expect(await fetch(0, unknown)).toMatchObject({ errorCode: 3 });
    expect(await fetch(0, unknown, 13)).toMatchObject({ errorCode: 100 });
    expect(await fetch(0, { sessionId: 5, sessionEpoch: 1 })).toMatchObject({ topError: 70 });
    expect(await fetch(0, { sessionId: 0, sessionEpoch: 0 })).toMatchObject({ topError: 0, sessionId: 0 });
  });

  it('is held until a produce brings enough, and then answered at once', async () => {
    const reader = await WireClient.open(broker);
    const minBytes = batchOf(1).length + 1;
    const held = fetch(0, { maxWaitMs: 600_000, minBytes }, 12, reader);
    await produce(batchOf(1));
    await produce(batchOf(1));
    const { records } = await held;
    expect(records!.length).toBe(batchOf(1).length * 2);
    reader.close();
  });

  it('is let go when its topic is deleted', async () => {
    const reader = await WireClient.open(broker);
    const held = fetch(0, { maxWaitMs: 600_000 }, 12, reader);
    const body = { topicNames: [topic], timeoutMs: 1000 };
    await client.ask(20, 5, [deleteTopicsRequest, deleteTopicsResponse], body);
    expect(await held).toMatchObject({ errorCode: 3 });
    reader.close();
  });

  it('does not keep other requests of its connection waiting, and is answered before them', async () => {
    const one = await WireClient.open(broker);
    const held = fetch(0, { maxWaitMs: 600_000 }, 12, one);
    const body = { groupId: 'g', generationId: 1, memberId: 'm' };
    const beat = one.ask(12, 4, [heartbeatRequest, heartbeatResponse], body);
    expect((await held).records).toHaveLength(0);
    expect(await beat).toMatchObject({ errorCode: 25 });
    expect(one.order).toEqual([1, 2]);
    one.close();
  });
});

describe('producing', () => {
  it.each([3, 5, 7, 8, 9, 10, 11])('takes a batch in version %i', async (version) => {
    expect(await produce(batchOf(2), version)).toMatchObject({ errorCode: 0, baseOffset: 0, logAppendTimeMs: -1 });
    expect(await produce(batchOf(2), version)).toMatchObject({ errorCode: 0, baseOffset: 2 });
  });

  it('gives no answer with acks=0, and closes the connection if that failed', async () => {
    const silent = await WireClient.open(broker);
    silent.send(0, 9, produceRequest, produceBody(batchOf(1), 0));
    await silent.ask(3, 9, METADATA, { topics: [] });
    expect(silent.order).toEqual([2]);
    expect(await fetch(0)).toMatchObject({ highWatermark: 1 });
    silent.send(0, 9, produceRequest, produceBody(batchOf(1), 0, 'nowhere'));
    await silent.closed;
  });

  it('refuses damage with 2, a batch above the limit with 10, an unknown topic with 3, other acks with 21', async () => {
    const damaged = batchOf(1);
    damaged[65]! ^= 1;
    expect(await produce(damaged)).toMatchObject({ errorCode: 2, baseOffset: -1 });
    topic = (await create(`${topic}-small`, [{ name: 'max.message.bytes', value: '100' }])).name;
    expect(await produce(batchOf(10))).toMatchObject({ errorCode: 10 });
    topic = 'nowhere';
    expect(await produce(batchOf(1))).toMatchObject({ errorCode: 3 });
    const { responses } = await client.ask(0, 9, PRODUCE, produceBody(batchOf(1), 2));
    expect(responses[0]!.partitions[0]).toMatchObject({ errorCode: 21 });
  });

  it('gives a duplicate of an idempotent producer its first offset', async () => {
    const batch = () => batchOf(2, 1000, { producerId: 1, producerEpoch: 0, baseSequence: 0 });
    expect(await produce(batch())).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await produce(batch())).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(await fetch(0)).toMatchObject({ highWatermark: 2 });
  });

  it('waits for the disk where flush.messages is 1', async () => {
    topic = (await create(`${topic}-flushed`, [{ name: 'flush.messages', value: '1' }])).name;
    expect(await Promise.all([produce(batchOf(1)), produce(batchOf(1))])).toMatchObject([
      { baseOffset: 0 },
      { baseOffset: 1 },
    ]);
  });
});

describe('metadata', () => {
  const ask = async (version: number, name: string, allowAutoTopicCreation: boolean) =>
    (await client.ask(3, version, METADATA, { topics: [{ name }], allowAutoTopicCreation })).topics[0]!;

  it.each([0, 1, 2, 3])('creates unknown topics in version %i, which cannot say otherwise', async (version) => {
    expect(await ask(version, `auto-${version}`, false)).toMatchObject({ errorCode: 0, partitions: [{ leaderId: 1 }] });
  });

  it.each([4, 9, 12])('creates unknown topics in version %i only when asked to', async (version) => {
    expect(await ask(version, `asked-${version}`, false)).toMatchObject({ errorCode: 3 });
    expect(await ask(version, `asked-${version}`, true)).toMatchObject({ errorCode: 0 });
  });

  it.each(['', '.', '..', 'a b', 'ä', 'x'.repeat(250)])('refuses the name "%s" with 17', async (name) => {
    expect(await ask(9, name, true)).toMatchObject({ errorCode: 17 });
    expect(await create(name)).toMatchObject({ errorCode: 17 });
  });

  it('gives the address that clients were given, and all topics when asked for null', async () => {
    const { brokers, controllerId, topics } = await client.ask(3, 12, METADATA, { topics: null });
    expect(brokers).toEqual([{ nodeId: 1, host: broker.host, port: broker.port, rack: null }]);
    expect(controllerId).toBe(1);
    expect(topics.map((found) => found.name)).toContain(topic);
    const byId = await client.ask(3, 12, METADATA, { topics: [{ topicId, name: null }] });
    expect(byId.topics[0]).toMatchObject({ name: topic, errorCode: 0 });
  });
});

describe('creating topics', () => {
  it('refuses what cannot be, each with its own code', async () => {
    const refusal = async (overrides: object, configs: { name: string; value: string }[] = []) =>
      (await create(`${topic}-refused`, configs, overrides)).errorCode;
    expect(await refusal({ numPartitions: 0 })).toBe(37);
    expect(await refusal({ replicationFactor: 3 })).toBe(38);
    expect(await refusal({ assignments: [{ partitionIndex: 0, brokerIds: [2] }] })).toBe(39);
    expect(await refusal({}, [{ name: 'no.such.config', value: '1' }])).toBe(40);
    expect(await refusal({}, [{ name: 'retention.ms', value: 'long' }])).toBe(40);
    expect((await create(topic)).errorCode).toBe(36);
    expect(await refusal({})).toBe(0);
  });
});

describe('committed offsets', () => {
  const commit = [offsetCommitRequest, offsetCommitResponse] as const;
  const committed = [offsetFetchRequest, offsetFetchResponse] as const;

  it.each([2, 5, 7, 8, 9])('come back as they were committed in version %i; null metadata as ""', async (version) => {
    const groupId = `commit-${version}`;
    const partitions = [{ partitionIndex: 0, committedOffset: -2, committedMetadata: null }];
    const body = { groupId, topics: [{ name: topic, partitions }] };
    expect((await client.ask(8, version, commit, body)).topics[0]!.partitions).toMatchObject([{ errorCode: 0 }]);
    const one = await client.ask(9, 1, committed, { groupId, topics: [{ name: topic, partitionIndexes: [0] }] });
    expect(one.topics[0]!.partitions).toMatchObject([{ committedOffset: -2, metadata: '', errorCode: 0 }]);
    const all = await client.ask(9, 9, committed, { groups: [{ groupId, topics: null }] });
    expect(all.groups[0]!.topics).toMatchObject([{ name: topic, partitions: [{ committedOffset: -2 }] }]);
  });

  it('are -1 and no error for a group that is unknown', async () => {
    const wanted = [{ name: topic, partitionIndexes: [0, 7] }];
    const { groups } = await client.ask(9, 8, committed, { groups: [{ groupId: 'nobody', topics: wanted }] });
    expect(groups[0]).toMatchObject({ errorCode: 0 });
    expect(groups[0]!.topics[0]!.partitions.map((found) => found.committedOffset)).toEqual([-1, -1]);
  });
});
