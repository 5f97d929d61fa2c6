/**
 * What the requests of administrators are answered with, on the built-in broker and on Apache Kafka, which is right where
 * the two differ.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alterConfigsRequest, alterConfigsResponse } from '../../../src/broker/wire/messages/alterConfigs.ts';
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../../src/broker/wire/messages/createPartitions.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from '../../../src/broker/wire/messages/deleteRecords.ts';
import { describeClusterRequest, describeClusterResponse } from '../../../src/broker/wire/messages/describeCluster.ts';
import { describeConfigsRequest, describeConfigsResponse } from '../../../src/broker/wire/messages/describeConfigs.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from '../../../src/broker/wire/messages/describeLogDirs.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from '../../../src/broker/wire/messages/findCoordinator.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../src/broker/wire/messages/incrementalAlterConfigs.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../src/broker/wire/messages/listOffsets.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/broker/wire/messages/offsetCommit.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from '../../../src/broker/wire/messages/offsetDelete.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/broker/wire/messages/offsetFetch.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../../src/broker/wire/messages/offsetForLeaderEpoch.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { batchOf } from '../../unit/broker/sampleBatch.ts';
import { type Cluster, clusterKinds } from '../kafka/clusters.ts';
import { WireClient } from './wireClient.ts';

const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3];
const [TOPIC, BROKER] = [2, 4];

let cluster: Cluster;
let client: WireClient;
let topic = '';
let count = 0;

async function connect(): Promise<void> {
  const [host = '', port = ''] = (cluster.bootstrap[0] ?? '').split(':');
  client = await WireClient.open({ host, port: Number(port) });
}

async function createTopic(name: string, configs: Readonly<Record<string, string>> = {}, numPartitions = 1) {
  const entries = Object.entries(configs).map(([config, value]) => ({ name: config, value }));
  const wanted = { name, numPartitions, replicationFactor: 1, assignments: [], configs: entries };
  const body = { topics: [wanted], timeoutMs: 30_000 };
  const answer = await client.ask(19, 7, [createTopicsRequest, createTopicsResponse], body);
  expect(answer.topics[0]).toMatchObject({ errorCode: 0 });
  // Apache Kafka answers before all of it knows.
  await expect
    .poll(async () => (await partitionsOf(name)).filter(({ errorCode, leaderId }) => errorCode === 0 && leaderId >= 0))
    .toHaveLength(numPartitions);
}

async function partitionsOf(name: string) {
  const body = { topics: [{ name }], allowAutoTopicCreation: false };
  const { topics } = await client.ask(3, 9, [metadataRequest, metadataResponse], body);
  return topics[0]?.partitions ?? [];
}

async function produce(records: Buffer, index = 0) {
  const body = { acks: -1, timeoutMs: 30_000, topics: [{ name: topic, partitions: [{ index, records }] }] };
  const { responses } = await client.ask(0, 9, [produceRequest, produceResponse], body);
  return responses[0]?.partitions[0];
}

async function fetchAt(fetchOffset: number) {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }];
  const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic, partitions }] };
  const { responses } = await client.ask(1, 11, [fetchRequest, fetchResponse], body);
  return responses[0]?.partitions[0];
}

async function offsetAt(timestamp: number) {
  const body = { replicaId: -1, topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }] };
  const { topics } = await client.ask(2, 7, [listOffsetsRequest, listOffsetsResponse], body);
  return topics[0]?.partitions[0]?.offset;
}

async function deleteRecords(offset: number, name = topic, partitionIndex = 0, version = 2) {
  const body = { topics: [{ name, partitions: [{ partitionIndex, offset }] }], timeoutMs: 30_000 };
  const answer = await client.ask(21, version, [deleteRecordsRequest, deleteRecordsResponse], body);
  return answer.topics[0]?.partitions[0];
}

interface Change {
  readonly name: string;
  readonly configOperation: number | undefined;
  readonly value: string | null;
}

async function alter(
  configs: readonly Change[],
  options: { name?: string; type?: number; validateOnly?: boolean } = {},
) {
  const { name = topic, type = TOPIC, validateOnly = false } = options;
  const wanted = configs.map((config) => ({ ...config, configOperation: config.configOperation ?? 0 }));
  const body = { resources: [{ resourceType: type ?? 2, resourceName: name, configs: wanted }], validateOnly };
  const { responses } = await client.ask(
    44,
    1,
    [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse],
    body,
  );
  return responses[0];
}

const set = (name: string, value: string | null) => ({ name, configOperation: SET, value });

async function replace(configs: readonly { name: string; value: string | null }[], validateOnly = false) {
  const body = { resources: [{ resourceType: 2, resourceName: topic, configs }], validateOnly };
  const { responses } = await client.ask(33, 2, [alterConfigsRequest, alterConfigsResponse], body);
  return responses[0];
}

async function describeConfigs(resourceType: number, resourceName: string, configurationKeys: string[] | null = null) {
  const resources = [{ resourceType, resourceName, configurationKeys }];
  const body = { resources, includeSynonyms: true, includeDocumentation: true };
  const { results } = await client.ask(32, 4, [describeConfigsRequest, describeConfigsResponse], body);
  const [result] = results;
  if (result === undefined) throw new Error('no answer for the resource');
  return result;
}

/** The settings that the topic has of its own. */
async function ownSettings() {
  const { configs } = await describeConfigs(2, topic);
  return Object.fromEntries(
    configs.filter(({ configSource }) => configSource === 1).map((own) => [own.name, own.value]),
  );
}

async function addPartitions(
  topics: readonly { name: string; count: number; assignments?: { brokerIds: number[] }[] }[],
  validateOnly = false,
) {
  const wanted = topics.map((one) => ({ assignments: null, ...one }));
  const body = { topics: wanted, timeoutMs: 30_000, validateOnly };
  return (await client.ask(37, 3, [createPartitionsRequest, createPartitionsResponse], body)).results;
}

describe.each(clusterKinds.map((kind) => [kind.name, kind] as const))('administration on %s', (_, kind) => {
  describe.skipIf(kind.isMissing)('', () => {
    beforeAll(async () => {
      cluster = await kind.start();
      await connect();
    }, 120_000);
    afterAll(async () => {
      client?.close();
      await cluster?.close();
    });
    beforeEach(async () => {
      count += 1;
      topic = `admin-${count}`;
      await createTopic(topic);
    });

    it('adds partitions, and says why it does not', async () => {
      expect(await addPartitions([{ name: topic, count: 3 }], true)).toMatchObject([{ errorCode: 0 }]);
      expect(await partitionsOf(topic)).toHaveLength(1);
      expect(await addPartitions([{ name: topic, count: 3 }])).toMatchObject([{ name: topic, errorCode: 0 }]);
      await expect.poll(() => partitionsOf(topic)).toHaveLength(3);
      await expect.poll(() => produce(batchOf(1), 2)).toMatchObject({ errorCode: 0, baseOffset: 0 });
      const refusal = async (one: Parameters<typeof addPartitions>[0][number]) =>
        (await addPartitions([one]))[0]?.errorCode;
      expect(await refusal({ name: topic, count: 3 })).toBe(37);
      expect(await refusal({ name: topic, count: 2 })).toBe(37);
      expect(await refusal({ name: `${topic}-none`, count: 2 })).toBe(3);
      expect(await refusal({ name: topic, count: 5, assignments: [{ brokerIds: [1] }] })).toBe(39);
      expect(await refusal({ name: topic, count: 4, assignments: [{ brokerIds: [77] }] })).toBe(39);
      const twice = await addPartitions([
        { name: topic, count: 4 },
        { name: topic, count: 5 },
      ]);
      expect(twice).toMatchObject([{ name: topic, errorCode: 42 }]);
      expect(await refusal({ name: topic, count: 4, assignments: [{ brokerIds: [1] }] })).toBe(0);
    });

    it('deletes records before an offset, for good', async () => {
      // Recent times: Apache Kafka's own default lets records go after a week.
      const start = Date.now();
      for (let index = 0; index < 5; index += 1) await produce(batchOf(2, start + index * 10));
      for (const version of [0, 1, 2]) {
        expect(await deleteRecords(3, topic, 0, version)).toMatchObject({ errorCode: 0, lowWatermark: 3 });
      }
      expect(await deleteRecords(1)).toMatchObject({ errorCode: 0, lowWatermark: 3 });
      expect(await fetchAt(2)).toMatchObject({ errorCode: 1 });
      expect(await fetchAt(3)).toMatchObject({ errorCode: 0, logStartOffset: 3, highWatermark: 10 });
      expect(await offsetAt(-2)).toBe(3);
      expect(await offsetAt(0)).toBe(3);
      expect(await offsetAt(start + 15)).toBe(4);
      expect(await deleteRecords(11)).toMatchObject({ errorCode: 1, lowWatermark: -1 });
      expect(await deleteRecords(-2)).toMatchObject({ errorCode: 1 });
      expect(await deleteRecords(0, `${topic}-none`)).toMatchObject({ errorCode: 3 });
      expect(await deleteRecords(0, topic, 7)).toMatchObject({ errorCode: 3 });
      expect(await deleteRecords(-1)).toMatchObject({ errorCode: 0, lowWatermark: 10 });
      expect(await fetchAt(10)).toMatchObject({ errorCode: 0, logStartOffset: 10 });
      expect(await offsetAt(0)).toBe(-1);
      expect(await produce(batchOf(1))).toMatchObject({ errorCode: 0, baseOffset: 10 });
    });

    it('deletes no records of a topic that is only compacted', async () => {
      expect(await alter([set('cleanup.policy', 'compact')])).toMatchObject({ errorCode: 0 });
      await expect.poll(async () => (await deleteRecords(0))?.errorCode).toBe(44);
      expect(await alter([set('cleanup.policy', 'compact,delete')])).toMatchObject({ errorCode: 0 });
      await expect.poll(async () => (await deleteRecords(0))?.errorCode).toBe(0);
    });

    it('changes settings one by one, and lists by their elements', async () => {
      expect(await alter([set('retention.ms', '60000'), set('segment.bytes', '2000000')])).toMatchObject({
        errorCode: 0,
      });
      await expect.poll(ownSettings).toEqual({ 'retention.ms': '60000', 'segment.bytes': '2000000' });
      expect(await alter([{ name: 'retention.ms', configOperation: DELETE, value: null }])).toMatchObject({
        errorCode: 0,
      });
      await expect.poll(ownSettings).toEqual({ 'segment.bytes': '2000000' });
      const policy = (configOperation: number | undefined, value: string) =>
        alter([{ name: 'cleanup.policy', configOperation, value }]);
      expect(await policy(APPEND, 'compact')).toMatchObject({ errorCode: 0 });
      await expect.poll(ownSettings).toMatchObject({ 'cleanup.policy': 'delete,compact' });
      expect(await policy(APPEND, 'compact')).toMatchObject({ errorCode: 0 });
      expect(await policy(SUBTRACT, 'delete')).toMatchObject({ errorCode: 0 });
      await expect.poll(ownSettings).toMatchObject({ 'cleanup.policy': 'compact' });
      expect(await alter([set('retention.ms', '5')], { validateOnly: true })).toMatchObject({ errorCode: 0 });
      expect(await alter([])).toMatchObject({ errorCode: 0 });
      expect(await ownSettings()).toEqual({ 'cleanup.policy': 'compact', 'segment.bytes': '2000000' });
    });

    it('says why a setting is not changed', async () => {
      const code = async (...args: Parameters<typeof alter>) => (await alter(...args))?.errorCode;
      expect(await code([set('retention.msec', '1')])).toBe(40);
      expect(await code([set('retention.ms', 'soon')])).toBe(40);
      expect(await code([set('retention.ms', null)])).toBe(42);
      expect(await code([set('retention.ms', '1'), set('retention.ms', '2')])).toBe(42);
      expect(await code([{ name: 'retention.ms', configOperation: APPEND, value: '1' }])).toBe(40);
      expect(await code([{ name: 'no.such.setting', configOperation: DELETE, value: null }])).toBe(0);
      expect(await code([set('min.compaction.lag.ms', '5'), set('max.compaction.lag.ms', '4')])).toBe(40);
      expect(await code([set('retention.ms', '1')], { name: `${topic}-none` })).toBe(3);
      expect(await code([set('retention.ms', '1')], { name: 'no spaces' })).toBe(17);
      expect(await code([set('retention.ms', '1')], { name: '' })).toBe(42);
      expect(await code([set('retention.ms', '1')], { type: 99 })).toBe(42);
      expect(await code([set('node.id', '7')], { type: BROKER, name: '1' })).toBe(42);
      expect(await code([set('node.id', '7')], { type: BROKER, name: '77' })).toBe(42);
      expect(await code([set('node.id', '7')], { type: BROKER, name: 'x' })).toBe(42);
      const resource = {
        resourceType: 2,
        resourceName: topic,
        configs: [set('retention.ms', '1')].map((one) => ({ ...one, configOperation: 0 })),
      };
      const twice = await client.ask(44, 0, [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse], {
        resources: [resource, resource],
        validateOnly: false,
      });
      expect(twice.responses.map(({ errorCode }) => errorCode)).toEqual([42, 42]);
      expect(await ownSettings()).toEqual({});
    });

    it('replaces all settings of a topic where the older request is used', async () => {
      expect(await alter([set('retention.ms', '60000')])).toMatchObject({ errorCode: 0 });
      expect(await replace([{ name: 'segment.ms', value: '70000' }], true)).toMatchObject({ errorCode: 0 });
      expect(await replace([{ name: 'segment.ms', value: null }])).toMatchObject({ errorCode: 42 });
      expect(await replace([{ name: 'segment.msec', value: '1' }])).toMatchObject({ errorCode: 40 });
      await expect.poll(ownSettings).toEqual({ 'retention.ms': '60000' });
      expect(await replace([{ name: 'segment.ms', value: '70000' }])).toMatchObject({ errorCode: 0 });
      await expect.poll(ownSettings).toEqual({ 'segment.ms': '70000' });
      expect(await replace([])).toMatchObject({ errorCode: 0 });
      await expect.poll(ownSettings).toEqual({});
    });

    it('acts on a changed setting at once, and still after a restart', async () => {
      expect(await alter([set('max.message.bytes', '500')])).toMatchObject({ errorCode: 0 });
      await expect.poll(async () => (await produce(batchOf(100)))?.errorCode).toBe(10);
      await produce(batchOf(4));
      expect(await deleteRecords(2)).toMatchObject({ errorCode: 0 });
      client.close();
      await cluster.kill();
      await cluster.restart();
      await connect();
      await expect.poll(async () => (await produce(batchOf(100)))?.errorCode).toBe(10);
      // Apache Kafka writes the new start down every minute only.
      if (kind.name !== 'Apache Kafka') expect(await fetchAt(1)).toMatchObject({ errorCode: 1 });
      expect(await alter([{ name: 'max.message.bytes', configOperation: DELETE, value: null }])).toMatchObject({
        errorCode: 0,
      });
      await expect.poll(async () => (await produce(batchOf(100)))?.errorCode).toBe(0);
    }, 120_000);

    it('describes the settings of topics and of the broker in order, with what stands behind them', async () => {
      await alter([set('retention.bytes', '5000')]);
      await expect.poll(ownSettings).toEqual({ 'retention.bytes': '5000' });
      const { configs } = await describeConfigs(2, topic);
      const byName = new Map(configs.map((config) => [config.name, config]));
      expect(byName.get('retention.bytes')).toMatchObject({
        value: '5000',
        configSource: 1,
        readOnly: false,
        configType: 5,
        synonyms: [
          { name: 'retention.bytes', value: '5000', source: 1 },
          { name: 'log.retention.bytes', value: '-1', source: 5 },
        ],
      });
      expect(byName.get('cleanup.policy')).toMatchObject({ configType: 7, isSensitive: false });
      expect(byName.get('cleanup.policy')?.documentation).not.toBe('');
      const [few, none, unknown] = await Promise.all([
        describeConfigs(2, topic, ['retention.ms', 'no.such.setting']),
        describeConfigs(2, `${topic}-none`),
        describeConfigs(2, 'no spaces'),
      ]);
      expect(few.configs.map(({ name }) => name)).toEqual(['retention.ms']);
      expect([none.errorCode, unknown.errorCode]).toEqual([3, 17]);
      const broker = await describeConfigs(4, '1');
      const names = new Set(broker.configs.map(({ name }) => name));
      for (const name of ['log.retention.ms', 'num.partitions', 'message.max.bytes', 'auto.create.topics.enable']) {
        expect(names).toContain(name);
      }
      expect((await describeConfigs(4, '77')).errorCode).toBe(42);
    });

    it('says what a topic takes on the disk', async () => {
      const body = {
        topics: [
          { topic, partitions: [0, 9] },
          { topic: `${topic}-none`, partitions: [0] },
        ],
      };
      const sizes = async (version: number) => {
        const answer = await client.ask(35, version, [describeLogDirsRequest, describeLogDirsResponse], body);
        expect(answer.results).toHaveLength(1);
        return answer.results[0];
      };
      const empty = [{ name: topic, partitions: [{ partitionIndex: 0, partitionSize: 0 }] }];
      await expect.poll(async () => (await sizes(4))?.topics).toMatchObject(empty);
      // Of today: what is older, Apache Kafka's own retention takes.
      const batch = batchOf(10, Date.now());
      expect((await produce(batch))?.errorCode).toBe(0);
      for (const version of [1, 2, 3, 4]) {
        await expect
          .poll(async () => (await sizes(version))?.topics)
          .toMatchObject([
            {
              name: topic,
              partitions: [{ partitionIndex: 0, partitionSize: batch.length, offsetLag: 0, isFutureKey: false }],
            },
          ]);
      }
      const volume = await sizes(4);
      expect(volume?.totalBytes).toBeGreaterThan(volume?.usableBytes ?? Number.NaN);
      expect(volume?.usableBytes).toBeGreaterThan(0);
      const all = await client.ask(35, 4, [describeLogDirsRequest, describeLogDirsResponse], { topics: null });
      expect(all.results[0]?.topics.map(({ name }) => name)).toContain(topic);
    });

    it('describes the cluster', async () => {
      const ask = (version: number, body: { includeClusterAuthorizedOperations: boolean; endpointType?: number }) =>
        client.ask(60, version, [describeClusterRequest, describeClusterResponse], body);
      const [host, port] = (cluster.bootstrap[0] ?? '').split(':');
      for (const version of [0, 1]) {
        expect(await ask(version, { includeClusterAuthorizedOperations: false })).toMatchObject({
          errorCode: 0,
          controllerId: 1,
          brokers: [{ brokerId: 1, host, port: Number(port) }],
          clusterAuthorizedOperations: -2147483648,
        });
      }
      const allowed = await ask(1, { includeClusterAuthorizedOperations: true });
      expect(allowed.clusterAuthorizedOperations).toBe(8096);
      expect(allowed.clusterId).not.toBe('');
      expect((await ask(1, { includeClusterAuthorizedOperations: false, endpointType: 2 })).errorCode).toBe(114);
      expect((await ask(1, { includeClusterAuthorizedOperations: false, endpointType: 9 })).errorCode).toBe(115);
    });

    it('tells where the epoch of the leader ends', async () => {
      await produce(batchOf(3));
      const ask = async (version: number, leaderEpoch: number, currentLeaderEpoch = -1, partition = 0) => {
        const body = { topics: [{ topic, partitions: [{ partition, currentLeaderEpoch, leaderEpoch }] }] };
        const messages = [offsetForLeaderEpochRequest, offsetForLeaderEpochResponse] as const;
        return (await client.ask(23, version, messages, body)).topics[0]?.partitions[0];
      };
      for (const version of [2, 3, 4]) {
        expect(await ask(version, 0, 0)).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 3 });
      }
      expect(await ask(4, 5)).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1 });
      expect(await ask(4, -1)).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1 });
      expect(await ask(4, 0, 9)).toMatchObject({ errorCode: 75 });
      expect(await ask(4, 0, -1, 9)).toMatchObject({ errorCode: 3 });
    });

    it('forgets offsets of a group', async () => {
      const groupId = `group-of-${topic}`;
      const find = { key: groupId, keyType: 0, coordinatorKeys: [groupId] };
      const coordinators = [findCoordinatorRequest, findCoordinatorResponse] as const;
      await expect
        .poll(async () => (await client.ask(10, 3, coordinators, find)).errorCode, { timeout: 60_000 })
        .toBe(0);
      const committing = { partitionIndex: 0, committedOffset: 5, committedMetadata: '' };
      const body = { groupId, topics: [{ name: topic, partitions: [committing] }] };
      const commit = async () =>
        (await client.ask(8, 8, [offsetCommitRequest, offsetCommitResponse], body)).topics[0]?.partitions[0]?.errorCode;
      await expect.poll(commit, { timeout: 60_000 }).toBe(0);
      const committed = async () => {
        const wanted = { groupId, topics: [{ name: topic, partitionIndexes: [0] }] };
        const answer = await client.ask(9, 5, [offsetFetchRequest, offsetFetchResponse], wanted);
        return answer.topics[0]?.partitions[0]?.committedOffset;
      };
      expect(await committed()).toBe(5);
      const forget = (group: string, name = topic, ...partitions: number[]) =>
        client.ask(47, 0, [offsetDeleteRequest, offsetDeleteResponse], {
          groupId: group,
          topics: [{ name, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) }],
        });
      expect(await forget(`${groupId}-none`, topic, 0)).toMatchObject({ errorCode: 69 });
      expect((await forget(groupId, `${topic}-none`, 0)).topics[0]?.partitions).toMatchObject([{ errorCode: 3 }]);
      const answers = (await forget(groupId, topic, 0, 9)).topics[0]?.partitions ?? [];
      const codes = answers.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]);
      expect(codes.sort()).toEqual([
        [0, 0],
        [9, 3],
      ]);
      expect(await committed()).toBe(-1);
    }, 120_000);
  });
});
