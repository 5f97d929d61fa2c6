/** kafkajs 2.2.4, the client that the app itself uses, against the broker in a process of its own. */
import { type Admin, CompressionTypes, ConfigResourceTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';

let broker: BrokerProcess;
let kafka: Kafka;
let admin: Admin;
let producer: Producer;

const connectTo = (address: string) =>
  new Kafka({ clientId: 'test', brokers: [address], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });

beforeAll(async () => {
  broker = await startBrokerProcess();
  kafka = connectTo(broker.address);
  admin = kafka.admin();
  producer = kafka.producer();
  await admin.connect();
  await producer.connect();
});

afterAll(async () => {
  await admin.disconnect();
  await producer.disconnect();
  await broker.stop();
  await removeDataDir(broker.dataDir);
});

interface Seen {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | undefined;
  readonly value: string | undefined;
  readonly header: string | undefined;
}

/** Reads in a group until `count` records have come. */
async function consume(from: Kafka, topic: string, groupId: string, count: number, fromBeginning = true) {
  const consumer = from.consumer({ groupId, maxWaitTimeInMs: 500 });
  const seen: Seen[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          const header = message.headers?.origin?.toString();
          const key = message.key?.toString();
          seen.push({ partition, offset: message.offset, key, value: message.value?.toString(), header });
          if (seen.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.stop();
  await consumer.disconnect();
  return seen;
}

describe('admin', () => {
  it('creates, lists, describes and deletes topics', async () => {
    const topic = 'admin-round';
    expect(await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false);
    expect(await admin.listTopics()).toContain(topic);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(topics[0]?.partitions.map((partition) => partition.partitionId).sort()).toEqual([0, 1, 2]);
    await admin.deleteTopics({ topics: [topic] });
    expect(await admin.listTopics()).not.toContain(topic);
  });

  it('stores a topic config and describes all of them', async () => {
    const topic = 'configured';
    await admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'retention.ms', value: '60000' }] }] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: true,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    const entries = resources[0]?.configEntries ?? [];
    const names = entries.map((entry) => entry.configName);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('cleanup.policy');
    expect(entries.find((entry) => entry.configName === 'retention.ms')?.configValue).toBe('60000');
    expect(entries.find((entry) => entry.configName === 'retention.ms')?.configSynonyms).toHaveLength(2);
  });

  it('adds partitions, deletes records, and replaces the settings of a topic', async () => {
    const topic = 'administered';
    await admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'segment.ms', value: '60000' }] }] });
    await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value })) });
    await admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] });
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    expect(await admin.fetchTopicOffsets(topic)).toMatchObject([
      { partition: 0, low: '2', high: '3' },
      { partition: 1, low: '0', high: '0' },
    ]);
    const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
    const configEntries = [{ name: 'retention.ms', value: '3600000' }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const own = resources[0]?.configEntries.filter(({ isDefault, configSource }) => !isDefault && configSource === 1);
    expect(own?.map(({ configName, configValue }) => [configName, configValue])).toEqual([['retention.ms', '3600000']]);
    expect(await admin.describeCluster()).toMatchObject({ controller: 1, brokers: [{ nodeId: 1 }] });
  });

  it('refuses an unknown config with INVALID_CONFIG and a bad name with INVALID_TOPIC', async () => {
    const configEntries = [{ name: 'retention.msec', value: '1' }];
    await expect(admin.createTopics({ topics: [{ topic: 'bad-config', configEntries }] })).rejects.toMatchObject({
      errors: [{ type: 'INVALID_CONFIG' }],
    });
    await expect(admin.createTopics({ topics: [{ topic: 'no spaces' }] })).rejects.toMatchObject({
      errors: [{ type: 'INVALID_TOPIC_EXCEPTION' }],
    });
  });

  it('finds offsets by time: the first record at or after it', async () => {
    const topic = 'by-time';
    await admin.createTopics({ topics: [{ topic }] });
    const timestamps = ['1000', '2000', '2000', '3000'];
    const messages = timestamps.map((timestamp) => ({ value: timestamp, timestamp }));
    await producer.send({ topic, messages });
    const offsetAt = async (time: number) => (await admin.fetchTopicOffsetsByTimestamp(topic, time))[0]?.offset;
    expect(await offsetAt(0)).toBe('0');
    expect(await offsetAt(1001)).toBe('1');
    expect(await offsetAt(2000)).toBe('1');
    expect(await offsetAt(2001)).toBe('3');
    // kafkajs asks again for the end where there is no such record.
    expect(await offsetAt(3001)).toBe('4');
    expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ partition: 0, low: '0', high: '4', offset: '4' }]);
  });

  it('lists, describes and deletes groups', async () => {
    const topic = 'grouped';
    await producer.send({ topic, messages: [{ value: 'one' }] });
    const consumer = kafka.consumer({ groupId: 'described', maxWaitTimeInMs: 500 });
    await consumer.connect();
    await consumer.subscribe({ topic });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ eachMessage: async () => {} });
    await joined;
    const { groups } = await admin.describeGroups(['described', 'unheard-of']);
    expect(groups.map((group) => [group.groupId, group.state, group.members.length])).toEqual([
      ['described', 'Stable', 1],
      ['unheard-of', 'Dead', 0],
    ]);
    expect((await admin.listGroups()).groups).toContainEqual({ groupId: 'described', protocolType: 'consumer' });
    await expect(admin.deleteGroups(['described'])).rejects.toMatchObject({
      groups: [{ groupId: 'described', errorCode: 68 }],
    });
    await consumer.disconnect();
    await admin.deleteGroups(['described']);
    expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain('described');
  });

  it('answers for an unknown group with offset -1', async () => {
    await producer.send({ topic: 'unknown-group', messages: [{ value: 'x' }] });
    expect(await admin.fetchOffsets({ groupId: 'nobody', topics: ['unknown-group'] })).toEqual([
      { topic: 'unknown-group', partitions: [{ partition: 0, offset: '-1', metadata: null }] },
    ]);
  });
});

describe('producing and consuming', () => {
  it('brings keys, values, headers and nulls back as they were, gzip or not', async () => {
    const topic = 'round-trip';
    const messages = [
      { key: 'k', value: 'v', headers: { origin: 'test' } },
      { key: null, value: 'no key' },
      { key: 'tombstone', value: null },
    ];
    await producer.send({ topic, messages });
    await producer.send({ topic, messages, compression: CompressionTypes.GZIP });
    const seen = await consume(kafka, topic, 'round-trip', 6);
    const expected = [
      { key: 'k', value: 'v', header: 'test' },
      { key: undefined, value: 'no key', header: undefined },
      { key: 'tombstone', value: undefined, header: undefined },
    ];
    expect(seen).toMatchObject([...expected, ...expected]);
    expect(seen.map((record) => record.offset)).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('takes records in order from an idempotent producer', async () => {
    const topic = 'idempotent';
    await admin.createTopics({ topics: [{ topic }] });
    const idempotent = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await idempotent.connect();
    for (let index = 0; index < 20; index += 1) {
      await idempotent.send({ topic, messages: [{ value: String(index) }] });
    }
    await idempotent.disconnect();
    const seen = await consume(kafka, topic, 'idempotent', 20);
    expect(seen.map((record) => record.value)).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
  });

  it('refuses a message above max.message.bytes and keeps the connection', async () => {
    const topic = 'too-large';
    await admin.createTopics({ topics: [{ topic }] });
    await expect(producer.send({ topic, messages: [{ value: Buffer.alloc(1_048_589) }] })).rejects.toMatchObject({
      type: 'MESSAGE_TOO_LARGE',
    });
    expect(await producer.send({ topic, messages: [{ value: Buffer.alloc(900_000) }] })).toMatchObject([
      { baseOffset: '0', errorCode: 0 },
    ]);
  });

  it('shares the partitions between two members, and gives all to the one that stays', async () => {
    const topic = 'two-members';
    await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
    const open = async () => {
      const consumer = kafka.consumer({ groupId: 'two-members', heartbeatInterval: 200, maxWaitTimeInMs: 200 });
      const assigned: number[] = [];
      let notify = () => {};
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        assigned.push((payload.memberAssignment[topic] ?? []).length);
        notify();
      });
      await consumer.connect();
      await consumer.subscribe({ topic });
      await consumer.run({ eachMessage: async () => {} });
      const owns = (count: number) =>
        new Promise<void>((resolve) => {
          notify = () => assigned.at(-1) === count && resolve();
          notify();
        });
      return { consumer, owns };
    };
    const first = await open();
    await first.owns(4);
    const second = await open();
    await Promise.all([first.owns(2), second.owns(2)]);
    await second.consumer.disconnect();
    await first.owns(4);
    await first.consumer.disconnect();
  });

  it('reads again from where a seek puts it', async () => {
    const topic = 'seek';
    await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value })) });
    const consumer = kafka.consumer({ groupId: 'seek', maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const values: string[] = [];
    await new Promise<void>((resolve) => {
      let sought = false;
      void consumer.run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value));
          if (values.length === 3 && !sought) {
            sought = true;
            consumer.seek({ topic, partition: 0, offset: '1' });
          }
          if (values.length === 5) resolve();
        },
      });
    });
    await consumer.disconnect();
    expect(values).toEqual(['a', 'b', 'c', 'b', 'c']);
  });

  it('recovers from an offset that is out of range', async () => {
    const topic = 'out-of-range';
    await producer.send({ topic, messages: [{ value: 'first' }, { value: 'second' }] });
    await admin.setOffsets({ groupId: 'out-of-range', topic, partitions: [{ partition: 0, offset: '1000' }] });
    const seen = await consume(kafka, topic, 'out-of-range', 2);
    expect(seen.map((record) => record.value)).toEqual(['first', 'second']);
  });

  it('keeps the literal offset -2 that kafkajs commits for "earliest"', async () => {
    const topic = 'literal';
    await producer.send({ topic, messages: [{ value: 'x' }] });
    await admin.setOffsets({ groupId: 'literal', topic, partitions: [{ partition: 0, offset: '-2' }] });
    const offsets = await admin.fetchOffsets({ groupId: 'literal', topics: [topic] });
    expect(offsets[0]?.partitions[0]?.offset).toBe('-2');
  });
});

describe('a compacted topic', () => {
  it('keeps the last record of each key, with gaps between the offsets, also over a restart', async () => {
    const first = await startBrokerProcess();
    const client = connectTo(first.address);
    const [administrator, writer] = [client.admin(), client.producer()];
    await Promise.all([administrator.connect(), writer.connect()]);
    const topic = 'ships';
    const settings = { 'cleanup.policy': 'compact', 'segment.bytes': '2000', 'min.cleanable.dirty.ratio': '0.9' };
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await administrator.createTopics({ topics: [{ topic, configEntries }] });
    const compressions = [CompressionTypes.None, CompressionTypes.GZIP];
    for (let round = 0; round < 60; round += 1) {
      const messages = Array.from({ length: 10 }, (_, ship) => ({ key: `ship ${ship}`, value: `round ${round}` }));
      await writer.send({ topic, messages, compression: compressions[round % 2] ?? CompressionTypes.None });
    }
    await writer.send({ topic, messages: [{ key: 'ship 3', value: null }] });
    await expect(writer.send({ topic, messages: [{ value: 'no key' }] })).rejects.toMatchObject({
      type: 'INVALID_RECORD',
    });
    const latest = async (from: Kafka, group: string) => {
      const seen: Seen[] = [];
      const consumer = from.consumer({ groupId: group, maxWaitTimeInMs: 200 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        const isLate = () =>
          reject(new Error(`${group}: offset 600 did not come; the last was ${seen.at(-1)?.offset}`));
        const late = setTimeout(isLate, 40_000);
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
        void consumer.run({
          eachMessage: async ({ partition, message: { offset, key, value } }) => {
            seen.push({ partition, offset, key: key?.toString(), value: value?.toString(), header: undefined });
            if (offset !== '600') return;
            clearTimeout(late);
            resolve();
          },
        });
      }).finally(() => consumer.disconnect());
      return seen;
    };
    // A changed setting makes it look at once; it would by itself every 15 s.
    const changed = Object.entries({ ...settings, 'min.cleanable.dirty.ratio': '0' });
    const replaced = changed.map(([name, value]) => ({ name, value }));
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: replaced }];
    let looks = 0;
    await expect
      .poll(
        async () => {
          await administrator.alterConfigs({ validateOnly: false, resources });
          looks += 1;
          return (await latest(client, `look ${looks}`)).length;
        },
        // Nothing is compacted before it is on the disk, and a disk that others use may take its time.
        { timeout: 150_000 },
      )
      .toBeLessThan(200)
      .catch((error: Error) => {
        throw new Error(`${error.message} after ${looks} looks; the broker says: ${first.log()}`);
      });
    const check = (seen: readonly Seen[]) => {
      expect(seen.map(({ offset }) => Number(offset))).toEqual(
        seen.map(({ offset }) => Number(offset)).sort((one, other) => one - other),
      );
      const table = Object.fromEntries(seen.map(({ key, value }) => [key, value]));
      const ships = Array.from({ length: 10 }, (_, ship) => [`ship ${ship}`, ship === 3 ? undefined : 'round 59']);
      expect(table).toEqual(Object.fromEntries(ships));
    };
    check(await latest(client, 'before'));
    await Promise.all([administrator.disconnect(), writer.disconnect()]);
    await first.kill();
    const second = await startBrokerProcess({ dataDir: first.dataDir });
    check(await latest(connectTo(second.address), 'after'));
    await second.stop();
    await removeDataDir(first.dataDir);
  }, 240_000);
});

describe('after a restart of the broker', () => {
  it('goes on from the committed offset, with all records there', async () => {
    const first = await startBrokerProcess();
    const before = connectTo(first.address);
    const writer = before.producer();
    await writer.connect();
    await writer.send({ topic: 'kept', messages: ['1', '2', '3'].map((value) => ({ value })) });
    expect((await consume(before, 'kept', 'resuming', 3)).map((record) => record.value)).toEqual(['1', '2', '3']);
    await writer.send({ topic: 'kept', messages: [{ value: '4' }] });
    await writer.disconnect();
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    const second = await startBrokerProcess({ dataDir: first.dataDir });
    const after = connectTo(second.address);
    expect((await consume(after, 'kept', 'resuming', 1)).map((record) => record.value)).toEqual(['4']);
    expect((await consume(after, 'kept', 'anew', 4)).map((record) => record.value)).toEqual(['1', '2', '3', '4']);
    await second.stop();
    await removeDataDir(first.dataDir);
  });
});
