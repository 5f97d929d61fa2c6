/** Fetch in every version that is written here, as each kind of cluster answers it; and metadata without topic ids. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type BrokerConnection } from '../../../src/main/kafka/brokerConnection';
import { type ClusterConnections, createClusterConnections } from '../../../src/main/kafka/clusterConnections';
import { fetchMessage } from '../../../src/main/kafka/fetch';
import { createKafkaClient } from '../../../src/main/kafka/kafkaClient';
import { askMetadata } from '../../../src/main/kafka/metadata';

import { type Cluster, clusterKinds, plainly } from './clusters';
import { recordsOf, withoutEnd } from './recordsOf';

const FETCH = 1;
const METADATA = 3;
const VERSIONS = [4, 5, 6, 7, 8, 9, 10, 11, 13];

describe.each(clusterKinds.map((kind) => [kind.name, kind] as const))('on %s', (_, kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  let connections: ClusterConnections;
  let topicId: string | null = null;
  const topic = 'versions';

  beforeAll(async () => {
    cluster = await kind.start();
    const client = createKafkaClient({ ...plainly(cluster.bootstrap), groupId: 'test' });
    await client.send(topic, [
      { key: 'a', value: '1' },
      { key: null, value: null },
    ]);
    await client.close();
    connections = createClusterConnections({ ...plainly(cluster.bootstrap), createsTopics: false });
    ({ topicId } = await connections.layout(topic));
  }, 120_000);
  afterAll(async () => {
    connections?.close();
    await cluster?.close();
  });

  it.each(VERSIONS)('the records come in version %i of Fetch', async (version) => {
    const fetched = await connections.ask(async (broker) => {
      const { minVersion = 0, maxVersion = 0 } = broker.versions?.[FETCH] ?? {};
      expect(version).toBeGreaterThanOrEqual(minVersion);
      expect(version).toBeLessThanOrEqual(maxVersion);
      const request = {
        topic,
        topicId,
        positions: new Map([[0, 0]]),
        maxWaitMs: 0,
        maxBytes: 1 << 20,
        maxBytesPerPartition: 1 << 20,
      };
      return ask(broker, fetchMessage(request, version), 5_000);
    });
    expect(fetched).toMatchObject({ throttleMs: 0, errorCode: 0 });
    const [partition] = fetched.partitions;
    expect(partition).toMatchObject({ partition: 0, errorCode: 0, highWatermark: 2, abortedTransactions: [] });
    const { records, next } = await recordsOf(partition!.data, 0, withoutEnd(0));
    expect(next).toBe(2);
    expect(
      records.map(({ key, value }) => [key && Buffer.from(key).toString(), value && Buffer.from(value).toString()]),
    ).toEqual([
      ['a', '1'],
      [null, null],
    ]);
  });

  it('a topic has an id, and none from a cluster that is too old for it; all else is the same', async () => {
    const [withIds, without] = await connections.ask(async (broker) => {
      const older: BrokerConnection = Object.assign(Object.create(broker), {
        versions: { ...broker.versions, [METADATA]: { minVersion: 0, maxVersion: 11 } },
      });
      return [await askMetadata(broker, [topic], false, 5_000), await askMetadata(older, [topic], false, 5_000)];
    });
    expect(withIds!.topicMetadata[0]?.topicId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(without!.topicMetadata[0]?.topicId).toBeNull();
    const places = (metadata: typeof without) =>
      metadata!.topicMetadata[0]?.partitionMetadata.map(({ partitionId, leader }) => [partitionId, leader]);
    expect(places(withIds)).toEqual(places(without));
    const addresses = (metadata: typeof without) => metadata!.brokers.map(({ host, port }) => `${host}:${port}`);
    expect(addresses(withIds)).toEqual(addresses(without));
  });
});
