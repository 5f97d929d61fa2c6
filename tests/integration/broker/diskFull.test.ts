/**
 * A full disk: what cannot be written is refused, what is there can be read, and when there is room again the broker
 * goes on by itself. In memory, where the disk is full to the byte, and on a real file system of 1 MiB (tmpfs).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningBroker, startBroker } from '../../../src/broker/broker.ts';
import { type FileSystem, nodeFileSystem } from '../../../src/broker/log/fileSystem.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/broker/wire/messages/offsetCommit.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/broker/wire/messages/offsetFetch.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { MemoryFileSystem } from '../../unit/broker/memoryFileSystem.ts';
import { sampleBatch } from '../../unit/broker/sampleBatch.ts';
import { WireClient } from './wireClient.ts';

const STORAGE_ERROR = 56;
const MIB = 1 << 20;

interface Disk {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  /** Full to the byte: nothing more can be written, however small. */
  readonly isExact: boolean;
  makeRoom(): void;
  remove(): void;
}

function memoryDisk(): Disk {
  const fileSystem = new MemoryFileSystem();
  fileSystem.capacity = MIB;
  return {
    fileSystem,
    folder: '/full-disk',
    isExact: true,
    makeRoom: () => {
      fileSystem.capacity += MIB;
    },
    remove: () => {},
  };
}

/** As root, or as one who may become it without a password, as in CI. */
function privileged(command: string, ...args: string[]): void {
  const line = process.getuid?.() === 0 ? [command, ...args] : ['sudo', '-n', command, ...args];
  execFileSync(line[0] ?? '', line.slice(1), { stdio: 'pipe' });
}

function smallRealDisk(): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'geostream-small-disk-'));
  const owner = `uid=${process.getuid?.()},gid=${process.getgid?.()}`;
  try {
    privileged('mount', '-t', 'tmpfs', '-o', `size=1m,${owner}`, 'tmpfs', folder);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return {
    fileSystem: nodeFileSystem,
    folder,
    isExact: false,
    makeRoom: () => privileged('mount', '-o', `remount,size=3m,${owner}`, folder),
    remove() {
      privileged('umount', folder);
      rmSync(folder, { recursive: true });
    },
  };
}

function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'a small file system is made with tmpfs, which only Linux has';
  try {
    smallRealDisk().remove();
    return undefined;
  } catch (error) {
    if (process.env.CI) throw error;
    return `no small file system can be mounted here (it takes root): ${String(error)}`;
  }
}

const skipReason = whyNoSmallDisk();
if (skipReason !== undefined) console.warn(`The test of a real full disk is skipped, because ${skipReason}`);

let disk: Disk | undefined;
let broker: RunningBroker | undefined;
let client: WireClient | undefined;

afterEach(async () => {
  client?.close();
  await broker?.close();
  disk?.remove();
  disk = undefined;
});

async function start({ fileSystem, folder }: Disk): Promise<WireClient> {
  broker = await startBroker({ port: 0, dataDir: join(folder, 'data'), fileSystem });
  client = await WireClient.open(broker);
  return client;
}

async function produce(via: WireClient, value: string) {
  const records = sampleBatch([{ value, timestamp: 1000 }]);
  const topics = [{ name: 'full', partitions: [{ index: 0, records }] }];
  const answer = await via.ask(0, 8, [produceRequest, produceResponse], { acks: -1, timeoutMs: 1000, topics });
  return answer.responses[0]!.partitions[0]!;
}

/** Produces records of that size until one is refused; returns those that were not. */
async function produceUntilRefused(via: WireClient, bytes: number, firstOffset: number): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    const value = `<record ${firstOffset + taken.length}>`.padEnd(bytes, '.');
    const { errorCode, baseOffset, errorMessage } = await produce(via, value);
    if (errorCode !== 0) {
      expect({ errorCode, baseOffset }).toEqual({ errorCode: STORAGE_ERROR, baseOffset: -1 });
      expect(errorMessage).toContain('ENOSPC');
      return taken;
    }
    expect(baseOffset).toBe(firstOffset + taken.length);
    taken.push(value);
  }
}

async function readAll(via: WireClient): Promise<string[]> {
  const values: string[] = [];
  for (;;) {
    const partitions = [{ partition: 0, fetchOffset: values.length, partitionMaxBytes: MIB }];
    const body = { maxWaitMs: 0, minBytes: 1, topics: [{ topic: 'full', partitions }] };
    const [topic] = (await via.ask(1, 9, [fetchRequest, fetchResponse], body)).responses;
    const { errorCode, records } = topic!.partitions[0]!;
    expect(errorCode).toBe(0);
    if (records === null || records.length === 0) return values;
    for (let at = 0; at < records.length; ) {
      const { baseOffset, sizeInBytes } = readBatchHeader(records, at);
      expect(baseOffset).toBe(values.length);
      const text = records.toString('latin1', at, at + sizeInBytes);
      values.push(/<record \d+>\.*/.exec(text)?.[0] ?? text);
      at += sizeInBytes;
    }
  }
}

async function createTopic(via: WireClient, name: string): Promise<number> {
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  const answer = await via.ask(19, 5, [createTopicsRequest, createTopicsResponse], { topics, timeoutMs: 1000 });
  return answer.topics[0]!.errorCode;
}

async function commit(via: WireClient, committedOffset: number): Promise<number> {
  const topics = [{ name: 'full', partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: '' }] }];
  const answer = await via.ask(8, 2, [offsetCommitRequest, offsetCommitResponse], {
    groupId: 'readers',
    generationId: -1,
    memberId: '',
    topics,
  });
  return answer.topics[0]!.partitions[0]!.errorCode;
}

async function committed(via: WireClient): Promise<number> {
  const topics = [{ name: 'full', partitionIndexes: [0] }];
  const answer = await via.ask(9, 5, [offsetFetchRequest, offsetFetchResponse], { groupId: 'readers', topics });
  return answer.topics[0]!.partitions[0]!.committedOffset;
}

async function livesThroughFullDisk(made: Disk): Promise<void> {
  disk = made;
  const before = await start(made);
  expect(await createTopic(before, 'full')).toBe(0);
  expect(await commit(before, 1)).toBe(0);
  const stored = await produceUntilRefused(before, 10_000, 0);
  expect(stored.length).toBeGreaterThan(20);
  stored.push(...(await produceUntilRefused(before, 30, stored.length)));
  expect((await produce(before, '.'.repeat(40))).errorCode).toBe(STORAGE_ERROR);
  expect(await readAll(before)).toEqual(stored);
  if (made.isExact) {
    expect(await createTopic(before, 'another')).toBe(STORAGE_ERROR);
    expect(await commit(before, 2)).toBe(15);
    expect(await committed(before)).toBe(1);
  }
  made.makeRoom();
  const value = `<record ${stored.length}>`.padEnd(10_000, '.');
  expect(await produce(before, value)).toMatchObject({ errorCode: 0, baseOffset: stored.length });
  stored.push(value);
  expect(await commit(before, 3)).toBe(0);
  expect(await createTopic(before, 'another')).toBe(0);
  before.close();
  await broker?.close();
  const after = await start(made);
  expect(await readAll(after)).toEqual(stored);
  expect(await committed(after)).toBe(3);
  expect(await createTopic(after, 'another')).toBe(36);
}

describe('a full disk', () => {
  it('in memory: refuses writes, serves reads, and goes on when there is room', () =>
    livesThroughFullDisk(memoryDisk()));

  it.skipIf(skipReason !== undefined)('of 1 MiB: refuses writes, serves reads, and goes on when there is room', () =>
    livesThroughFullDisk(smallRealDisk()),
  );
});
