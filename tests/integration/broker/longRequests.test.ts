/** Requests that ask for very much, or wait for very much: others are served meanwhile, and nothing is done twice. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningBroker, startBroker } from '../../../src/broker/broker.ts';
import type { BrokerLimits } from '../../../src/broker/limits.ts';
import type { OpenFile } from '../../../src/broker/log/fileSystem.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../../src/broker/wire/messages/apiVersions.ts';
import {
  createPartitionsRequest,
  createPartitionsResponse,
} from '../../../src/broker/wire/messages/createPartitions.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../src/broker/wire/messages/deleteTopics.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../src/broker/wire/messages/listOffsets.ts';
import { metadataRequest, metadataResponse } from '../../../src/broker/wire/messages/metadata.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { makeGuardedFolder, removeGuardedFolder } from '../../apacheKafka/guarded.mjs';
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

/**
 * Somebody is served more often than this while work is done in turns, and less often around work that is done in one go:
 * once before it is begun, once as it ends, and now and then while a large request or answer is on its way.
 */
const MOST_AROUND = 10;

let broker: RunningBroker | undefined;
let folder: string | undefined;
const clients: WireClient[] = [];

// Each look at the clock that work is cut into slices by (turns.ts) is a millisecond later than the one before: so how
// often the others have their turn is a matter of the work, and not of how fast this machine happens to be.
beforeEach(() => {
  let looks = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => ++looks);
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const client of clients.splice(0)) client.close();
  await broker?.close();
  if (folder !== undefined) await removeGuardedFolder(folder);
  folder = undefined;
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
  await create(client, topicOf('a', 2), topicOf('b', 2));
  return { disk, client, other };
}

/** On the machine's own disk, where very many files are what they are to the broker. */
async function beginOnDisk(limits: Partial<BrokerLimits> = {}) {
  folder = await makeGuardedFolder('geostream-long-requests-');
  broker = await startBroker({ port: 0, dataDir: folder, limits });
  return { client: await open(broker), other: await open(broker) };
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
  expect(served).toBeGreaterThan(MOST_AROUND);
});

const topicOf = (name: string, numPartitions: number) => ({
  name,
  numPartitions,
  replicationFactor: 1,
  assignments: [],
  configs: [],
});
const create = async (client: WireClient, ...topics: ReturnType<typeof topicOf>[]) =>
  (await client.ask(19, 5, [createTopicsRequest, createTopicsResponse], { topics, timeoutMs: 1000 })).topics.map(
    ({ errorCode }) => errorCode,
  );
const metadataOf = async (client: WireClient, names: readonly string[], allowAutoTopicCreation = false) =>
  (
    await client.ask(3, 9, [metadataRequest, metadataResponse], {
      topics: names.map((name) => ({ name })),
      allowAutoTopicCreation,
    })
  ).topics.map(({ errorCode, partitions }) => (errorCode === 0 ? partitions.length : -errorCode));
const growTo = async (client: WireClient, name: string, count: number) =>
  (
    await client.ask(37, 2, [createPartitionsRequest, createPartitionsResponse], {
      topics: [{ name, count, assignments: null }],
      timeoutMs: 1000,
      validateOnly: false,
    })
  ).results[0]?.errorCode;

/** How often `other` was served until it is done. */
async function servedDuring(work: Promise<unknown>, other: WireClient): Promise<number> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  let served = 0;
  for (; !isDone; served += 1) await askVersions(other);
  return served;
}

/** Partitions of a topic. Each is a file, and a disk that is given very many keeps other tests waiting. */
const MANY = 300;

const names = (count: number) => Array.from({ length: count }, (_, index) => `many-${index}`);

describe('others are served while one has very much', () => {
  it('created', async () => {
    const { client, other } = await beginOnDisk();
    const answer = create(client, ...names(3).map((name) => topicOf(name, MANY)));
    expect(await servedDuring(answer, other)).toBeGreaterThan(MOST_AROUND);
    expect(new Set(await answer)).toEqual(new Set([0]));
    expect(await metadataOf(other, ['many-0', 'many-2'])).toEqual([MANY, MANY]);
  });

  it('created by asking for it', async () => {
    const { client, other } = await beginOnDisk();
    const answer = metadataOf(client, names(300), true);
    expect(await servedDuring(answer, other)).toBeGreaterThan(MOST_AROUND);
    expect(new Set(await answer)).toEqual(new Set([1]));
  });

  it('added', async () => {
    const { client, other } = await beginOnDisk();
    await create(client, ...names(3).map((name) => topicOf(name, 1)));
    const answer = Promise.all(names(3).map((name) => growTo(client, name, MANY)));
    expect(await servedDuring(answer, other)).toBeGreaterThan(MOST_AROUND);
    expect(new Set(await metadataOf(other, names(3)))).toEqual(new Set([MANY]));
  });

  it('deleted', async () => {
    const { client, other } = await beginOnDisk();
    await metadataOf(client, names(300), true);
    const answer = client.ask(20, 5, [deleteTopicsRequest, deleteTopicsResponse], {
      topicNames: names(300),
      timeoutMs: 1000,
    });
    expect(await servedDuring(answer, other)).toBeGreaterThan(MOST_AROUND);
    expect(new Set(await metadataOf(other, ['many-0', 'many-299']))).toEqual(new Set([-3]));
  });

  it('fetched', async () => {
    const { client, other } = await beginOnDisk();
    await create(client, ...names(3).map((name) => topicOf(name, MANY)));
    await produce(other, 'many-2', MANY - 1, 1000);
    // Again and again: a look at an empty partition takes no time.
    const asked = Array.from({ length: 60 }, () => names(3)).flat();
    const topics = asked.map((topic) => ({
      topic,
      partitions: Array.from({ length: MANY }, (_, partition) => ({
        partition,
        fetchOffset: 0,
        partitionMaxBytes: 1 << 20,
      })),
    }));
    const answer = client.ask(1, 11, [fetchRequest, fetchResponse], { maxWaitMs: 600_000, minBytes: 1, topics });
    expect(await servedDuring(answer, other)).toBeGreaterThan(MOST_AROUND);
    const { responses } = await answer;
    expect(responses.at(-1)?.partitions.at(-1)?.records?.length).toBeGreaterThan(1000);
  });
});

describe('what takes several turns', () => {
  it('is done before the next request of its connection is looked at', async () => {
    const { client } = await beginOnDisk();
    const [made, found, grown, foundAgain] = await Promise.all([
      create(client, topicOf('large', MANY), ...names(1).map((name) => topicOf(name, MANY))),
      metadataOf(client, ['large', 'many-0']),
      growTo(client, 'large', 2 * MANY),
      metadataOf(client, ['large']),
    ]);
    expect([new Set(made), found, grown, foundAgain]).toEqual([new Set([0]), [MANY, MANY], 0, [2 * MANY]]);
  });

  it('is nobody else’s to make', async () => {
    const { client, other } = await beginOnDisk();
    const answer = create(client, topicOf('first', MANY), topicOf('contested', MANY));
    const seen = new Set<number>();
    let isDone = false;
    void answer.finally(() => {
      isDone = true;
    });
    while (!isDone) for (const code of await create(other, topicOf('first', 1))) seen.add(code);
    expect(await answer).toEqual([0, 0]);
    expect(seen).toEqual(new Set([36]));
    expect(await metadataOf(other, ['first', 'contested'], true)).toEqual([MANY, MANY]);
  });

  it('counts at once for how much there may be', async () => {
    const { client, other } = await beginOnDisk({ maxPartitions: 4 * MANY - 1 });
    const many = names(6).map((name) => topicOf(name, MANY));
    const codes = (await Promise.all([create(client, ...many.slice(0, 3)), create(other, ...many.slice(3))])).flat();
    expect(codes.sort()).toEqual([0, 0, 0, 44, 44, 44]);
  });

  it('is left where it is when its client goes, and what it had begun is as if it never were', async () => {
    const { client, other } = await beginOnDisk();
    void create(client, ...names(6).map((name) => topicOf(name, MANY)));
    // The first is there, so it is in the middle of the others.
    while ((await metadataOf(other, ['many-0']))[0] !== MANY) await askVersions(other);
    client.close();
    await client.closed;
    let counts: number[] = [];
    for (let before = -1; counts.filter((count) => count > 0).length !== before; ) {
      before = counts.filter((count) => count > 0).length;
      counts = await metadataOf(other, names(6));
    }
    const made = counts.filter((count) => count > 0);
    expect(new Set(made)).toEqual(new Set([MANY]));
    expect(made.length).toBeLessThan(6);
    // Its name is free.
    expect(await create(other, topicOf(`many-${made.length}`, 3))).toEqual([0]);
    expect(await metadataOf(other, [`many-${made.length}`])).toEqual([3]);
  });

  it('fails where the topic goes meanwhile', async () => {
    const { client, other } = await beginOnDisk();
    await create(client, topicOf('going', 1));
    const grown = growTo(client, 'going', MANY);
    const deleted = await other.ask(20, 5, [deleteTopicsRequest, deleteTopicsResponse], {
      topicNames: ['going'],
      timeoutMs: 1000,
    });
    expect(deleted.responses[0]?.errorCode).toBe(0);
    // Whichever came first.
    expect([0, 3, 56]).toContain(await grown);
    expect(await metadataOf(other, ['going'])).toEqual([-3]);
    expect(await create(other, topicOf('going', 2))).toEqual([0]);
  });
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
