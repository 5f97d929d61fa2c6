/** Answers of single APIs that no client makes one think of, as Apache Kafka gives them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteGroupsRequest, deleteGroupsResponse } from '../../../src/broker/wire/messages/deleteGroups.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { BrokerScene } from './brokerScene.ts';

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
    scene.broker.topics.create('known', 1, {});
    const { brokers, topics } = await ask(version, [{ name: null }, { name: 'known' }]);
    expect(brokers).toEqual([]);
    expect(topics).toMatchObject([
      { errorCode, name: '', partitions: [] },
      { errorCode, name: 'known', partitions: [] },
    ]);
  });

  it('answers by ids alone where there is one', async () => {
    const { id: topicId } = scene.broker.topics.create('known', 1, {});
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
