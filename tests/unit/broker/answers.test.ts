/** Answers of single APIs that no client makes one think of, as Apache Kafka gives them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/broker/turns.ts';
import { alterConfigsRequest, alterConfigsResponse } from '../../../src/broker/wire/messages/alterConfigs.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from '../../../src/broker/wire/messages/deleteGroups.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from '../../../src/broker/wire/messages/deleteRecords.ts';
import { describeConfigsRequest, describeConfigsResponse } from '../../../src/broker/wire/messages/describeConfigs.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from '../../../src/broker/wire/messages/describeLogDirs.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../src/broker/wire/messages/listOffsets.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/broker/wire/messages/offsetCommit.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from '../../../src/broker/wire/messages/offsetDelete.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../../src/broker/wire/messages/offsetForLeaderEpoch.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from '../../../src/broker/wire/messages/txnOffsetCommit.ts';
import { BrokerScene } from './brokerScene.ts';
import { batchOf } from './sampleBatch.ts';

let scene: BrokerScene;

beforeEach(() => {
  scene = new BrokerScene();
});

afterEach(() => scene.close());

describe('Metadata', () => {
  const ask = (version: number, topics: readonly { name: string | null; topicId?: string }[]) =>
    scene.ask(3, version, [metadataRequest, metadataResponse], { topics: [...topics], allowAutoTopicCreation: false });

  it.each([
    [10, 42],
    [11, 42],
    [12, -1],
  ])('version %i refuses all of a request that names a topic by nothing', async (version, errorCode) => {
    atOnce(scene.broker.topics.creating('known', 1, {}));
    const { brokers, topics } = await ask(version, [{ name: null }, { name: 'known' }]);
    expect(brokers).toEqual([]);
    expect(topics).toMatchObject([
      { errorCode, name: '', partitions: [] },
      { errorCode, name: 'known', partitions: [] },
    ]);
  });

  it('answers by ids alone where there is one', async () => {
    const { id: topicId } = atOnce(scene.broker.topics.creating('known', 1, {}));
    const { topics } = await ask(12, [{ name: null }, { name: null, topicId }]);
    expect(topics).toMatchObject([{ errorCode: 0, name: 'known', topicId }]);
  });
});

describe('DeleteGroups', () => {
  it('finds no group without a name', async () => {
    const body = { groupsNames: ['', 'nobody'] };
    const { results } = await scene.ask(42, 2, [deleteGroupsRequest, deleteGroupsResponse], body);
    expect(results).toMatchObject([
      { groupId: '', errorCode: 69 },
      { groupId: 'nobody', errorCode: 69 },
    ]);
  });
});

describe('CreateTopics', () => {
  const create = async (given: Readonly<Record<string, string>>) => {
    const configs = Object.entries(given).map(([name, value]) => ({ name, value }));
    const wanted = { name: 'topic', numPartitions: 1, replicationFactor: 1, assignments: [], configs };
    const body = { topics: [wanted], timeoutMs: 1000 };
    return (await scene.ask(19, 7, [createTopicsRequest, createTopicsResponse], body)).topics[0]!;
  };

  it('gives settings back as they were sent', async () => {
    const { configs } = await create({ 'retention.ms': '+5' });
    expect(configs?.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '+5', configSource: 1 });
  });

  it('has an empty list of settings for a topic that it refuses', async () => {
    expect(await create({ 'no.such.setting': '1' })).toMatchObject({ errorCode: 40, configs: [] });
  });
});

describe('DescribeConfigs', () => {
  const ask = async (configurationKeys: string[] | null, resourceType = 2, resourceName = 'topic') => {
    const resources = [{ resourceType, resourceName, configurationKeys }];
    const body = { resources, includeSynonyms: true };
    const { results } = await scene.ask(32, 4, [describeConfigsRequest, describeConfigsResponse], body);
    return results[0]!;
  };

  it('tells what is understood of a value, in all places where it stands', async () => {
    atOnce(
      scene.broker.topics.creating('topic', 1, {
        'retention.ms': ' +5 ',
        'cleanup.policy': 'delete, compact,delete',
        'min.cleanable.dirty.ratio': '1',
        preallocate: 'TRUE',
      }),
    );
    const { errorMessage, configs } = await ask(['retention.ms', 'cleanup.policy', 'min.cleanable.dirty.ratio']);
    expect(errorMessage).toBe('');
    expect(configs.map(({ name, value, synonyms }) => [name, value, synonyms[0]?.value])).toEqual([
      ['cleanup.policy', 'delete,compact', 'delete,compact'],
      ['min.cleanable.dirty.ratio', '1.0', '1.0'],
      ['retention.ms', '5', '5'],
    ]);
    expect((await ask(['preallocate'])).configs).toMatchObject([{ value: 'true' }]);
  });

  it('names all settings where none is named', async () => {
    atOnce(scene.broker.topics.creating('topic', 1, {}));
    const all = (await ask(null)).configs;
    expect(all.length).toBeGreaterThan(20);
    expect((await ask([])).configs).toEqual(all);
  });

  it('knows no setting of the broker behind those of a topic that Kafka gives none', async () => {
    atOnce(scene.broker.topics.creating('topic', 1, {}));
    const { configs } = await ask(['segment.ms', 'flush.ms', 'segment.jitter.ms', 'segment.bytes']);
    expect(configs.map(({ name, synonyms }) => [name, synonyms.map((synonym) => synonym.name)])).toEqual([
      ['flush.ms', []],
      ['segment.bytes', ['log.segment.bytes']],
      ['segment.jitter.ms', []],
      ['segment.ms', []],
    ]);
  });

  it('gives listeners as lists', async () => {
    const { configs } = await ask(['listeners', 'advertised.listeners'], 4, '1');
    expect(configs.map(({ configType }) => configType)).toEqual([7, 7]);
  });
});

describe('AlterConfigs', () => {
  const set = async (name: string, value: string) => {
    const resources = [{ resourceType: 2, resourceName: 'topic', configs: [{ name, value }] }];
    const body = { resources, validateOnly: true };
    return (await scene.ask(33, 2, [alterConfigsRequest, alterConfigsResponse], body)).responses[0]!.errorCode;
  };

  it.each([
    ['retention.ms', ' 5 ', 0],
    ['retention.ms', '+5', 0],
    ['retention.ms', '5 6', 40],
    ['preallocate', 'True', 0],
    ['preallocate', 'yes', 40],
    ['cleanup.policy', '', 0],
    ['cleanup.policy', 'delete,', 40],
    ['message.timestamp.type', ' CreateTime', 40],
    ['leader.replication.throttled.replicas', '*', 0],
    ['leader.replication.throttled.replicas', '0:1, 1:1', 0],
    ['leader.replication.throttled.replicas', 'some', 40],
    ['follower.replication.throttled.replicas', '0:one', 40],
  ])('%s to "%s" is answered with %i', async (name, value, errorCode) => {
    atOnce(scene.broker.topics.creating('topic', 1, {}));
    expect(await set(name, value)).toBe(errorCode);
  });
});

describe('DeleteRecords', () => {
  const ask = async (partitions: readonly { partitionIndex: number; offset: number }[]) => {
    const body = { topics: [{ name: 'topic', partitions: [...partitions] }], timeoutMs: 1000 };
    return (await scene.ask(21, 2, [deleteRecordsRequest, deleteRecordsResponse], body)).topics;
  };

  it('of a partition that is named twice are those before the last offset', async () => {
    const { logs } = atOnce(scene.broker.topics.creating('topic', 1, {}));
    logs[0]!.append(batchOf(5), 5000);
    const named = [4, 2].map((offset) => ({ partitionIndex: 0, offset }));
    expect(await ask(named)).toEqual([
      { name: 'topic', partitions: [{ partitionIndex: 0, lowWatermark: 2, errorCode: 0 }] },
    ]);
  });

  it.each([
    ['compact', 44],
    ['compact,delete', 0],
    ['delete', 0],
    ['', 0],
  ])('of a topic with the cleanup policy "%s" is answered with %i', async (policy, errorCode) => {
    atOnce(scene.broker.topics.creating('topic', 1, { 'cleanup.policy': policy }));
    expect((await ask([{ partitionIndex: 0, offset: 0 }]))[0]!.partitions).toMatchObject([{ errorCode }]);
  });
});

describe('DescribeLogDirs', () => {
  it('takes all partitions of a topic that is named twice', async () => {
    atOnce(scene.broker.topics.creating('topic', 3, {}));
    const topics = [2, 0].map((partition) => ({ topic: 'topic', partitions: [partition] }));
    const { results } = await scene.ask(35, 4, [describeLogDirsRequest, describeLogDirsResponse], { topics });
    expect(results[0]!.topics).toMatchObject([{ partitions: [{ partitionIndex: 0 }, { partitionIndex: 2 }] }]);
  });
});

describe('OffsetForLeaderEpoch', () => {
  const ask = async (leaderEpoch: number, currentLeaderEpoch = -1) => {
    const topics = [{ topic: 'topic', partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }];
    const messages = [offsetForLeaderEpochRequest, offsetForLeaderEpochResponse] as const;
    return (await scene.ask(23, 4, messages, { topics })).topics[0]!.partitions[0]!;
  };

  it('ends an epoch of before the first where the log begins', async () => {
    const topic = atOnce(scene.broker.topics.creating('topic', 1, {}));
    topic.logs[0]!.append(batchOf(5), 5000);
    scene.broker.topics.deleteRecords(topic, 0, 3);
    expect(await ask(-5)).toMatchObject({ errorCode: 0, leaderEpoch: -5, endOffset: 3 });
    expect(await ask(0)).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 5 });
    for (const epoch of [-1, 1])
      expect(await ask(epoch)).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1 });
  });

  it('tells who takes an older epoch for the current one that it is over', async () => {
    atOnce(scene.broker.topics.creating('topic', 1, {}));
    expect(await ask(0, -2)).toMatchObject({ errorCode: 74 });
    expect(await ask(0, 1)).toMatchObject({ errorCode: 75 });
  });
});

describe('a topic of which the request names no partition is left out of the answer to', () => {
  const nothing = [{ name: 'topic', partitions: [] }];

  beforeEach(() => {
    atOnce(scene.broker.topics.creating('topic', 1, {}));
    scene.broker.groups.checkCommit('group', '', null, -1);
  });

  it('Produce', async () => {
    const body = { acks: -1, timeoutMs: 1000, topics: nothing };
    expect((await scene.ask(0, 9, [produceRequest, produceResponse], body)).responses).toEqual([]);
  });

  it('Fetch', async () => {
    const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic: 'topic', partitions: [] }] };
    expect((await scene.ask(1, 11, [fetchRequest, fetchResponse], body)).responses).toEqual([]);
  });

  it('ListOffsets', async () => {
    const body = { replicaId: -1, topics: nothing };
    expect((await scene.ask(2, 7, [listOffsetsRequest, listOffsetsResponse], body)).topics).toEqual([]);
  });

  it('DeleteRecords', async () => {
    const body = { topics: nothing, timeoutMs: 1000 };
    expect((await scene.ask(21, 2, [deleteRecordsRequest, deleteRecordsResponse], body)).topics).toEqual([]);
  });

  it('OffsetCommit', async () => {
    const body = { groupId: 'group', generationId: -1, memberId: '', topics: nothing };
    expect((await scene.ask(8, 8, [offsetCommitRequest, offsetCommitResponse], body)).topics).toEqual([]);
  });

  it('OffsetDelete', async () => {
    const topics = [...nothing, { name: 'topic', partitions: [{ partitionIndex: 0 }] }];
    const answer = await scene.ask(47, 0, [offsetDeleteRequest, offsetDeleteResponse], { groupId: 'group', topics });
    expect(answer.errorCode).toBe(0);
    expect(answer.topics).toEqual([{ name: 'topic', partitions: [{ partitionIndex: 0, errorCode: 0 }] }]);
  });

  it('TxnOffsetCommit', async () => {
    const producer = { transactionalId: 'tx', producerId: 1, producerEpoch: 0 };
    const body = { ...producer, groupId: 'group', topics: nothing };
    expect((await scene.ask(28, 3, [txnOffsetCommitRequest, txnOffsetCommitResponse], body)).topics).toEqual([]);
  });
});
