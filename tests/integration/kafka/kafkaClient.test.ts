/** The app's Kafka client on each kind of cluster. One cluster is shared; every test has topics and a group of its own. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKafkaClient, type KafkaClient, type ReadRange } from '../../../src/main/kafka/kafkaClient';
import type { StopPosition } from '../../../src/shared/contract';
import { type Cluster, clusterKinds, plainly } from './clusters.ts';
import { startReading } from './readingClient.ts';

const running: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of running.splice(0).reverse()) await end();
});

let cluster: Cluster;
let topic = '';
let groupId = '';
let count = 0;

beforeEach(() => {
  count += 1;
  topic = `topic-${count}`;
  groupId = `geostream-test-${count}`;
});

function connect(bootstrap: readonly string[] = cluster.bootstrap): KafkaClient {
  const client = createKafkaClient({ ...plainly(bootstrap), groupId });
  running.push(() => client.close());
  return client;
}

function collect(client: KafkaClient, start: ReadRange['start'], stop: StopPosition = { kind: 'never' }) {
  const reading = startReading(client, topic, { start, stop });
  running.push(() => reading.close());
  return reading;
}

const message = (text: string) => ({ key: null, value: text });

describe.each(clusterKinds.map((kind) => [kind.name, kind] as const))('the Kafka client on %s', (_, kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());

  it('creates, lists and deletes topics, with counts', async () => {
    const client = connect();
    await client.createTopic({ topic, partitions: 3, retentionMs: null });
    await client.send(
      topic,
      Array.from({ length: 10 }, (_, i) => ({ key: String(i), value: 'x' })),
    );
    expect(await client.listTopics()).toContainEqual({ name: topic, partitions: 3 });
    expect(await client.topicOffsets([topic])).toEqual([{ name: topic, records: 10, end: 10 }]);
    await expect(client.createTopic({ topic, partitions: 1, retentionMs: null })).rejects.toMatchObject({
      code: 'TOPIC_ALREADY_EXISTS',
      action: expect.any(String),
    });
    await client.deleteTopic(topic);
    expect((await client.listTopics()).map(({ name }) => name)).not.toContain(topic);
  });

  it('reads from the beginning, and each new record as it comes', async () => {
    const client = connect();
    await client.send(topic, [message('a'), message('b')]);
    const reading = collect(client, { kind: 'beginning' });
    await reading.until(() => reading.values.length === 2);
    await client.send(topic, [message('c')]);
    await reading.until(() => reading.values.length === 3);
    expect(reading.values).toEqual(['a', 'b', 'c']);
    expect(reading.told).toEqual(['reading']);
  });

  it('reads from now on', async () => {
    const client = connect();
    await client.send(topic, [message('old')]);
    const reading = collect(client, { kind: 'now' });
    await reading.until(() => reading.told.includes('reading'));
    await client.send(topic, [message('new')]);
    await reading.until(() => reading.values.length > 0);
    expect(reading.values).toEqual(['new']);
    expect(reading.started.get(0)).toBe(1);
  });

  it('goes on where it left off, by offsets that any tool can see', async () => {
    const client = connect();
    await client.send(topic, [message('a'), message('b'), message('c')]);
    await client.commit(topic, new Map([[0, 2]]));
    const reading = collect(client, { kind: 'committed' });
    await reading.until(() => reading.values.length > 0);
    expect(reading.values).toEqual(['c']);
    const fresh = collect(client, { kind: 'beginning' });
    await fresh.until(() => fresh.values.length === 3);
  });

  it('starts at a time, or that long ago: the first record at or after it', async () => {
    const client = connect();
    await client.send(topic, [message('a'), message('b')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const at = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.send(topic, [message('c'), message('d')]);
    const byTime = collect(client, { kind: 'time', at });
    await byTime.until(() => byTime.values.length >= 2);
    expect(byTime.values).toEqual(['c', 'd']);
    const ago = collect(client, { kind: 'ago', ms: 3_600_000 });
    await ago.until(() => ago.values.length === 4);
    const later = collect(client, { kind: 'time', at: Date.now() + 3_600_000 });
    await later.until(() => later.told.includes('reading'));
    expect(later.started.get(0)).toBe(4);
  });

  it('starts at an offset, and at the end of a partition that does not reach so far', async () => {
    const client = connect();
    await client.createTopic({ topic, partitions: 2, retentionMs: null });
    await client.send(topic, [message('a'), message('b'), message('c'), message('d')]); // two in each partition
    const reading = collect(client, { kind: 'offset', offset: 1 });
    await reading.until(() => reading.values.length === 2);
    expect([...reading.offsets].sort()).toEqual(['0:1', '1:1']);
    const beyond = collect(client, { kind: 'offset', offset: 1_000 });
    await beyond.until(() => beyond.told.includes('reading'));
    expect([...beyond.started]).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });

  it('stops at the end that there is, behind an offset, or before a time; and reads no record more', async () => {
    const client = connect();
    await client.createTopic({ topic, partitions: 2, retentionMs: null });
    const many = (from: number) => Array.from({ length: 10 }, (_, i) => message(String(from + i)));
    await client.send(topic, many(0));
    const toEnd = collect(client, { kind: 'beginning' }, { kind: 'end' });
    await toEnd.until(() => toEnd.told.includes('done'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const at = Date.now();
    await client.send(topic, many(10));
    const toTime = collect(client, { kind: 'beginning' }, { kind: 'time', at });
    await toTime.until(() => toTime.told.includes('done'));
    const toOffset = collect(client, { kind: 'beginning' }, { kind: 'offset', offset: 2 });
    await toOffset.until(() => toOffset.told.includes('done'));
    expect([...toTime.offsets].sort()).toEqual([...toEnd.offsets].sort());
    expect(new Set(toEnd.values)).toEqual(new Set(many(0).map(({ value }) => value)));
    expect([...toOffset.offsets].sort()).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1', '1:2']);
    const nothing = collect(client, { kind: 'now' }, { kind: 'end' });
    await nothing.until(() => nothing.told.includes('done'));
    expect(nothing.values).toEqual([]);
  });

  it('refuses every write where it is read-only, and reads as ever', async () => {
    await connect().send(topic, [message('a')]);
    const looking = createKafkaClient({ ...plainly(cluster.bootstrap), readOnly: true, groupId });
    running.push(() => looking.close());
    const refused = { code: 'READ_ONLY' };
    await expect(looking.send(topic, [message('b')])).rejects.toMatchObject(refused);
    await expect(looking.createTopic({ topic: 'other', partitions: 1, retentionMs: null })).rejects.toMatchObject(
      refused,
    );
    await expect(looking.deleteTopic(topic)).rejects.toMatchObject(refused);
    await expect(looking.commit(topic, new Map([[0, 1]]))).rejects.toMatchObject(refused);
    const reading = collect(looking, { kind: 'beginning' }, { kind: 'end' });
    await reading.until(() => reading.told.includes('done'));
    expect(reading.values).toEqual(['a']);
  });

  it('starts with the last records', async () => {
    const client = connect();
    await client.createTopic({ topic, partitions: 2, retentionMs: null });
    await client.send(
      topic,
      Array.from({ length: 10 }, (_, i) => message(String(i))),
    );
    const reading = collect(client, { kind: 'last', records: 4 });
    await reading.until(() => reading.values.length >= 4);
    expect([...reading.started].map(([, offset]) => offset)).toEqual([3, 3]);
    const all = collect(client, { kind: 'last', records: 1_000 });
    await all.until(() => all.values.length === 10);
  });

  it('starts at the beginning when nothing was left off', async () => {
    const client = connect();
    await client.send(topic, [message('a')]);
    const reading = collect(client, { kind: 'committed' });
    await reading.until(() => reading.values.length > 0);
    expect(reading.values).toEqual(['a']);
  });

  it('waits for a topic that is not there yet, and says so', async () => {
    const client = connect();
    const reading = collect(client, { kind: 'beginning' });
    await reading.until(() => reading.told.some((event) => event === 'retrying UNKNOWN_TOPIC_OR_PARTITION'));
    await client.send(topic, [message('a')]);
    await reading.until(() => reading.values.length === 1);
  });

  it('reads on after the broker was killed and came back, nothing lost and nothing twice', async () => {
    const client = connect();
    await client.createTopic({ topic, partitions: 2, retentionMs: null });
    const send = (from: number) =>
      client.send(
        topic,
        Array.from({ length: 50 }, (_, i) => ({ key: String(i), value: String(from + i) })),
      );
    const reading = collect(client, { kind: 'beginning' });
    await send(0);
    await reading.until(() => reading.values.length === 50);
    await cluster.kill();
    await reading.until(() => reading.told.some((event) => event.startsWith('retrying')));
    await cluster.restart();
    await reading.until(() => reading.told.at(-1) === 'reading');
    await send(50);
    await reading.until(() => reading.values.length >= 100);
    expect(new Set(reading.offsets).size).toBe(100);
    expect(reading.values.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('finds one whole record again, and says when it is gone', async () => {
    const client = connect();
    await client.send(topic, [
      { key: 'k', value: 'v', headers: { source: 'test' } },
      { key: null, value: null },
    ]);
    expect(await client.readRecord(topic, 0, '0')).toMatchObject({
      offset: '0',
      key: Buffer.from('k'),
      value: Buffer.from('v'),
      headers: [{ key: 'source', value: Buffer.from('test') }],
    });
    expect(await client.readRecord(topic, 0, '1')).toMatchObject({ key: null, value: null });
    await expect(client.readRecord(topic, 0, '99')).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
    expect(await client.readRecord(topic, 7, '0')).toBeNull();
  });

  it('connects by whichever bootstrap server is there', async () => {
    const client = connect(['127.0.0.1:1', ...cluster.bootstrap]);
    await client.send(topic, [message('a')]);
    expect(await client.listTopics()).toContainEqual({ name: topic, partitions: 1 });
    const reading = collect(client, { kind: 'beginning' });
    await reading.until(() => reading.values.length === 1);
  });

  it('lists every topic while records are read beside it, and a refusal does not cut the connection', async () => {
    const client = connect();
    await client.createTopic({ topic, partitions: 1, retentionMs: null });
    await client.send(topic, [message('a')]);
    const all = (await client.listTopics()).length;
    const asked = Array.from({ length: 30 }, async (_, i) => {
      if (i % 3 === 0) return (await client.listTopics()).length;
      if (i % 3 === 1) return client.readRecord(topic, 0, '0').then((record) => (record ? all : 0));
      return client.readRecord(topic, 0, '99').then(
        () => 0,
        (error: { code: string }) => (error.code === 'OFFSET_OUT_OF_RANGE' ? all : 0),
      );
    });
    expect(new Set(await Promise.all(asked))).toEqual(new Set([all]));
  });

  it('says what is wrong when nothing listens there', async () => {
    const client = connect(['127.0.0.1:1']);
    await expect(client.listTopics()).rejects.toMatchObject({ code: 'ECONNREFUSED', retriable: true });
  });

  it('reports a record that is larger than the cluster accepts', async () => {
    const client = connect();
    await expect(client.send(topic, [message('x'.repeat(1_200_000))])).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
    });
    await expect(client.send(topic, [message('small')])).resolves.toHaveLength(1);
  });
});
