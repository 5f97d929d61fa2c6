/** What topics take on disk, and their retention: read, set and set back by the app's client on each kind of cluster. */
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKafkaClient, type KafkaClient } from '../../../src/main/kafka/kafkaClient';
import type { Limit, LimitChange, RetentionChange } from '../../../src/shared/topicStorage';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { type Cluster, clusterKinds, plainly } from './clusters.ts';
import { createTopic as createTopicWith } from './producingClient.ts';

const running: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

function connect(bootstrap: readonly string[], readOnly = false): KafkaClient {
  const client = createKafkaClient({ ...plainly(bootstrap), readOnly, groupId: 'geostream-test' });
  running.push(() => client.close());
  return client;
}

const createTopic = (
  bootstrap: readonly string[],
  topic: string,
  partitions: number,
  settings: Readonly<Record<string, string>> = {},
) => {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return createTopicWith(bootstrap, topic, partitions, { configEntries });
};

const own = (value: Limit): LimitChange => ({ kind: 'own', value });
const byDefault: RetentionChange = { ms: { kind: 'default' }, bytes: { kind: 'default' } };
const forEver: RetentionChange = { ms: own(null), bytes: own(null) };
const HOUR = 3_600_000;
/** A record of some 1,000 bytes. */
const message = (i: number, timestamp?: number) => ({
  key: String(i),
  value: 'x'.repeat(1_000),
  ...(timestamp !== undefined && { timestamp: String(timestamp) }),
});
const messages = (count: number) => Array.from({ length: count }, (_, i) => message(i));

async function storageOf(client: KafkaClient, topic: string) {
  const [storage] = await client.topicStorage([topic]);
  if (storage?.disk.kind !== 'known' || storage.retention.kind !== 'known') {
    throw new Error(`not known: ${JSON.stringify(storage)}`);
  }
  return { disk: storage.disk, retention: storage.retention };
}

/** Of what a cluster does in its own time. */
const patience = { timeout: 30_000 };

describe.each(clusterKinds.map((kind) => [kind.name, kind] as const))('the storage of topics on %s', (_, kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  let topic = '';
  let count = 0;
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());
  beforeEach(() => {
    count += 1;
    topic = `storage-${count}`;
  });

  it('is told in bytes that grow with what is produced, and by the settings that hold', async () => {
    const client = connect(cluster.bootstrap);
    await createTopic(cluster.bootstrap, topic, 3);
    // A topic is known a moment before its files are there.
    await expect.poll(async () => (await storageOf(client, topic)).disk.replicas, patience).toBe(3);
    const before = await storageOf(client, topic);
    expect(before.disk).toMatchObject({ bytes: 0, largest: 0, missing: 0 });
    expect(before.retention).toMatchObject({ deletes: true, compacts: false, changeable: true });
    expect(before.retention.ms).toMatchObject({ own: false });
    expect(before.retention.ms.fallback).toBe(before.retention.ms.value);
    expect(before.retention.bytes).toEqual({ value: null, own: false, fallback: null });
    expect(before.retention.segmentBytes).toBe(1_073_741_824);

    await client.send(topic, messages(60));
    const after = (await storageOf(client, topic)).disk;
    expect(after.bytes).toBeGreaterThan(60_000);
    expect(after.bytes).toBeLessThan(90_000);
    expect(after.largest).toBeLessThan(after.bytes);
  });

  it('has a retention that is set, seen at once, and given back to the cluster', async () => {
    const client = connect(cluster.bootstrap);
    await createTopic(cluster.bootstrap, topic, 1, { 'max.message.bytes': '2000000' });
    const { retention } = await storageOf(client, topic);
    const [set] = await client.setRetention(topic, { ms: own(36 * HOUR), bytes: own(5_000_000) });
    const fallback = retention.ms.value;
    expect(set?.retention).toMatchObject({
      ms: { value: 36 * HOUR, own: true, fallback },
      bytes: { value: 5_000_000, own: true, fallback: null },
    });
    const [lasting] = await client.setRetention(topic, forEver);
    expect(lasting?.retention).toMatchObject({ ms: { value: null, own: true }, bytes: { value: null, own: true } });
    const [given] = await client.setRetention(topic, byDefault);
    expect(given?.retention).toMatchObject({ ms: { value: fallback, own: false }, bytes: { own: false } });

    // What else the topic has of its own is as it was: AlterConfigs would have set it back.
    const admin = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const resources = [{ type: 2, name: topic, configNames: ['max.message.bytes'] }];
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    await admin.disconnect();
    expect(described.resources[0]?.configEntries[0]?.configValue).toBe('2000000');
  });

  it('says that a topic is compacted', async () => {
    const client = connect(cluster.bootstrap);
    await createTopic(cluster.bootstrap, topic, 1, { 'cleanup.policy': 'compact' });
    expect((await storageOf(client, topic)).retention).toMatchObject({ compacts: true, deletes: false });
    await createTopic(cluster.bootstrap, `${topic}-both`, 1, { 'cleanup.policy': 'compact,delete' });
    expect((await storageOf(client, `${topic}-both`)).retention).toMatchObject({ compacts: true, deletes: true });
  });

  it('shrinks once records have outgrown it, and the records are gone', async () => {
    const client = connect(cluster.bootstrap);
    // The smallest files that Kafka 4 makes; each batch of ten records takes half of one.
    await createTopic(cluster.bootstrap, topic, 1, { 'segment.bytes': '1048576', 'retention.ms': '-1' });
    const large = Array.from({ length: 10 }, (_, i) => ({ key: String(i), value: 'x'.repeat(50_000) }));
    for (let batch = 0; batch < 10; batch++) await client.send(topic, large);
    const before = (await storageOf(client, topic)).disk.bytes;
    expect(before).toBeGreaterThan(5_000_000);
    await client.setRetention(topic, { ms: own(null), bytes: own(1_500_000) });
    await expect.poll(async () => (await storageOf(client, topic)).disk.bytes, patience).toBeLessThan(before / 2);
    const [held] = await client.topicOffsets([topic]);
    expect(held?.end).toBe(100);
    expect(held?.records).toBeLessThan(60);
    expect(held?.records).toBeGreaterThanOrEqual(30);
  });

  it('tells how many records came before a time', async () => {
    const client = connect(cluster.bootstrap);
    await createTopic(cluster.bootstrap, topic, 2, { 'retention.ms': '-1' });
    const producer = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const now = Date.now();
    const aged = (ages: number[]) => ages.map((hours, i) => message(i, now - hours * HOUR));
    await producer.send({ topic, messages: aged([5, 4, 3, 1]).map((one) => ({ ...one, partition: 0 })) });
    await producer.send({ topic, messages: aged([5, 4]).map((one) => ({ ...one, partition: 1 })) });
    await producer.disconnect();
    const before = (hours: number) => client.recordsBefore(topic, now - hours * HOUR);
    expect(await before(2)).toEqual({ records: 6, before: 5 });
    expect(await before(4.5)).toEqual({ records: 6, before: 2 });
    expect(await before(24)).toEqual({ records: 6, before: 0 });
    await expect(client.recordsBefore('no-such-topic', now)).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
    });
  });

  it('leaves out topics that are not there, and refuses to change them in words', async () => {
    const client = connect(cluster.bootstrap);
    await createTopic(cluster.bootstrap, topic, 1);
    expect((await client.topicStorage(['no-such-topic', topic])).map(({ name }) => name)).toEqual([topic]);
    await expect(client.setRetention('no-such-topic', forEver)).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: 'The topic does not exist on this cluster.',
    });
  });

  it('is looked at and not changed where the profile is read-only', async () => {
    await createTopic(cluster.bootstrap, topic, 1);
    const looking = connect(cluster.bootstrap, true);
    const { retention } = await storageOf(looking, topic);
    await expect(looking.setRetention(topic, { ms: own(HOUR), bytes: own(null) })).rejects.toMatchObject({
      code: 'READ_ONLY',
    });
    expect((await storageOf(looking, topic)).retention).toEqual(retention);
  });
});

const { available } = await apacheKafkaOrSkipReason();

describe.skipIf(!available)('the storage of topics on three brokers', { timeout: 300_000 }, () => {
  let cluster: ApacheKafka;
  beforeAll(async () => {
    cluster = await startApacheKafka({ brokers: 3 });
  }, 180_000);
  afterAll(() => cluster?.close());

  it('counts every replica, and says how many are missing once a broker is away', async () => {
    const client = connect(cluster.bootstrap);
    await createTopic(cluster.bootstrap, 'spread', 2);
    await client.send('spread', messages(40));
    await expect.poll(async () => (await storageOf(client, 'spread')).disk.bytes, patience).toBeGreaterThan(120_000);
    const { disk } = await storageOf(client, 'spread');
    expect(disk).toMatchObject({ replicas: 6, missing: 0 });
    await cluster.brokers[2]?.kill();
    await expect
      .poll(async () => (await storageOf(client, 'spread')).disk, patience)
      .toMatchObject({ replicas: 4, missing: 2 });
    const [set] = await client.setRetention('spread', { ms: own(HOUR), bytes: own(null) });
    expect(set?.retention).toMatchObject({ ms: { value: HOUR, own: true } });
  });
});
