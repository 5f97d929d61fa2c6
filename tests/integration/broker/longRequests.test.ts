/** Requests that ask for very much, or wait for very much: others are served meanwhile, and nothing is done twice. */
import { afterEach, expect, it } from 'vitest';
import { type RunningBroker, startBroker } from '../../../src/broker/broker.ts';
import type { OpenFile } from '../../../src/broker/log/fileSystem.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../../src/broker/wire/messages/apiVersions.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../src/broker/wire/messages/listOffsets.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { MemoryFileSystem } from '../../unit/broker/memoryFileSystem.ts';
import { sampleBatch } from '../../unit/broker/sampleBatch.ts';
import { WireClient } from './wireClient.ts';

/** A disk that counts how often something is read from a log. */
class CountingFileSystem extends MemoryFileSystem {
  reads = 0;

  override open(path: string): OpenFile {
    const file = super.open(path);
    if (!path.endsWith('.log')) return file;
    const read = file.read.bind(file);
    file.read = (...args) => {
      this.reads += 1;
      return read(...args);
    };
    return file;
  }
}

let broker: RunningBroker | undefined;
const clients: WireClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await broker?.close();
});

async function open(address: RunningBroker): Promise<WireClient> {
  const client = await WireClient.open(address);
  clients.push(client);
  return client;
}

async function begin() {
  const disk = new CountingFileSystem();
  broker = await startBroker({ port: 0, dataDir: '/long-requests', fileSystem: disk });
  const [client, other] = [await open(broker), await open(broker)];
  const topics = ['a', 'b'].map((name) => ({
    name,
    numPartitions: 2,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }));
  await client.ask(19, 5, [createTopicsRequest, createTopicsResponse], { topics, timeoutMs: 1000 });
  return { disk, client, other };
}

async function produce(client: WireClient, name: string, index: number, bytes: number): Promise<void> {
  const records = sampleBatch([{ value: 'v'.repeat(bytes), timestamp: 1000 }]);
  const topics = [{ name, partitions: [{ index, records }] }];
  const { responses } = await client.ask(0, 9, [produceRequest, produceResponse], { acks: 1, timeoutMs: 1000, topics });
  expect(responses[0]!.partitions[0]!.errorCode).toBe(0);
}

const everywhere = (partitionMaxBytes: number) =>
  ['a', 'b'].map((topic) => ({
    topic,
    partitions: [0, 1].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes })),
  }));

const fetch = (client: WireClient, minBytes: number, partitionMaxBytes = 1 << 20) =>
  client.ask(1, 11, [fetchRequest, fetchResponse], {
    maxWaitMs: 600_000,
    minBytes,
    topics: everywhere(partitionMaxBytes),
  });

const askVersions = (client: WireClient) =>
  client.ask(18, 0, [apiVersionsRequest, apiVersionsResponse], { clientSoftwareName: '', clientSoftwareVersion: '' });

it('a fetch that waits for much does not read again with each append, and is answered when it is there', async () => {
  const { disk, client, other } = await begin();
  await produce(other, 'a', 0, 1000);
  let isAnswered = false;
  const answer = fetch(client, 100_000).finally(() => {
    isAnswered = true;
  });
  // A client's requests are taken in order of arrival on its own connection alone: this makes sure that the fetch waits.
  while (disk.reads === 0) await askVersions(other);
  const before = disk.reads;
  for (let batch = 0; batch < 92; batch += 1) {
    await produce(other, batch % 2 === 0 ? 'a' : 'b', batch % 2, 1000);
    expect(isAnswered).toBe(false);
  }
  expect(disk.reads).toBe(before);
  await produce(other, 'b', 0, 5000);
  const { responses } = await answer;
  const found = responses.flatMap(({ partitions }) => partitions.map(({ records }) => records?.length ?? 0));
  expect(found.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThanOrEqual(100_000);
  // Once to see that there is enough: of four partitions, three hold anything.
  expect(disk.reads - before).toBeLessThanOrEqual(2 * 3);
});

it('what is more than a partition may bring does not count', async () => {
  const { disk, client, other } = await begin();
  let isAnswered = false;
  const answer = fetch(client, 10_000, 6_000).finally(() => {
    isAnswered = true;
  });
  for (let batch = 0; batch < 20; batch += 1) await produce(other, 'a', 0, 1000);
  expect(isAnswered).toBe(false);
  const before = disk.reads;
  for (let batch = 0; batch < 20; batch += 1) await produce(other, 'a', 0, 1000);
  expect(disk.reads).toBe(before);
  for (let batch = 0; batch < 20 && !isAnswered; batch += 1) await produce(other, 'b', 1, 1000);
  const { responses } = await answer;
  expect(responses[0]!.partitions[0]!.records?.length).toBeGreaterThan(5_000);
  expect(responses[1]!.partitions[1]!.records?.length).toBeGreaterThan(4_000);
});

it('others are served while one asks for very many offsets by time', async () => {
  const { client, other } = await begin();
  for (let batch = 0; batch < 300; batch += 1) await produce(other, 'a', 0, 100);
  const topics = Array.from({ length: 40_000 }, () => ({
    name: 'a',
    partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: 1000 }],
  }));
  let isAnswered = false;
  const answer = client
    .ask(2, 5, [listOffsetsRequest, listOffsetsResponse], { replicaId: -1, isolationLevel: 0, topics })
    .finally(() => {
      isAnswered = true;
    });
  let served = 0;
  while (!isAnswered) {
    await askVersions(other);
    served += 1;
  }
  expect((await answer).topics).toHaveLength(40_000);
  expect((await answer).topics.every(({ partitions }) => partitions[0]?.offset === 0)).toBe(true);
  expect(served).toBeGreaterThan(5);
});

it('a partition that is asked for a hundred thousand times in one request is refused once', async () => {
  const { client } = await begin();
  const partitions = Array.from({ length: 100_000 }, () => ({
    partitionIndex: 0,
    currentLeaderEpoch: -1,
    timestamp: -1,
  }));
  const asked = { replicaId: -1, isolationLevel: 0, topics: [{ name: 'a', partitions }] };
  const { topics } = await client.ask(2, 5, [listOffsetsRequest, listOffsetsResponse], asked);
  expect(topics[0]!.partitions.map(({ errorCode }) => errorCode)).toEqual([42]);
});
