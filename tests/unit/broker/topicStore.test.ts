import { describe, expect, it } from 'vitest';
import { MetadataStore } from '../../../src/broker/log/metadataStore.ts';
import { type Topic, TopicStore } from '../../../src/broker/log/topicStore.ts';
import { silentLogger } from '../../../src/broker/logger.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { MemoryFileSystem, type Operation } from './memoryFileSystem.ts';
import { batchOf, recordsOf } from './sampleBatch.ts';

function open(fileSystem: MemoryFileSystem): TopicStore {
  const openMetadata = (onDirty: () => void) => MetadataStore.opening(fileSystem, '/data', onDirty);
  return atOnce(TopicStore.opening(fileSystem, '/data', openMetadata, false, silentLogger));
}

function topicOf(store: TopicStore): Topic {
  const topic = store.get('t');
  if (topic === undefined) throw new Error('the topic is not there');
  return topic;
}

/** Offsets of all records that a reader finds. */
function offsets(store: TopicStore, partition = 0): number[] {
  const log = topicOf(store).logs[partition];
  const found: number[] = [];
  for (let offset = log?.startOffset ?? 0; log !== undefined && offset < log.nextOffset; ) {
    const records = recordsOf(log.read(offset, 1, true)).filter((record) => record.offset >= offset);
    found.push(...records.map((record) => record.offset));
    offset = (found.at(-1) ?? log.nextOffset) + 1;
  }
  return found;
}

function filled(fileSystem: MemoryFileSystem): TopicStore {
  const store = open(fileSystem);
  const topic = atOnce(store.creating('t', 1, { 'segment.bytes': '300' }));
  for (let index = 0; index < 15; index += 1) topic.logs[0]?.append(batchOf(2), 5000);
  return store;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('what is changed about a topic', () => {
  it('is there after a restart: its settings, its partitions, its start', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = filled(fileSystem);
    store.configure(topicOf(store), { 'max.message.bytes': '100' });
    atOnce(store.addingPartitions(topicOf(store), 3));
    store.deleteRecords(topicOf(store), 0, 11);
    expect(topicOf(store).logs[2]?.append(batchOf(5), 5000)).toMatchObject({ errorCode: 10 });
    expect(topicOf(store).logs[2]?.append(batchOf(1), 5000)).toMatchObject({ baseOffset: 0 });
    for (const disk of [fileSystem.copy(), fileSystem]) {
      if (disk === fileSystem) await store.close();
      const again = open(disk);
      expect(topicOf(again).overrides).toEqual({ 'max.message.bytes': '100' });
      expect(topicOf(again).logs).toHaveLength(3);
      expect(topicOf(again).logs[1]?.append(batchOf(5), 5000)).toMatchObject({ errorCode: 10 });
      expect(offsets(again)).toEqual(range(11, 30));
      expect(offsets(again, 2)).toEqual([0]);
      await again.close();
    }
  });

  it('lets old records go at once where retention now says so', async () => {
    const store = filled(new MemoryFileSystem());
    store.configure(topicOf(store), { 'segment.bytes': '300', 'retention.ms': '1000' });
    expect(offsets(store)).toEqual([]);
    expect(topicOf(store).logs[0]).toMatchObject({ startOffset: 30, nextOffset: 30 });
    await store.close();
  });

  const operations: readonly Operation[] = ['write', 'sync', 'truncate', 'open', 'remove'];

  it.each(operations)('is done or not done where any %s fails, and nothing else is lost', async (operation) => {
    for (let nth = 1; nth < 50; nth += 1) {
      const fileSystem = new MemoryFileSystem();
      const store = filled(fileSystem);
      const before = fileSystem.counts[operation];
      fileSystem.inject({ operation, nth, takes: 5, thenFails: true });
      let isDone = true;
      try {
        store.deleteRecords(topicOf(store), 0, 11);
      } catch {
        isDone = false;
      }
      const reached = fileSystem.counts[operation] - before >= nth;
      expect(offsets(store)).toEqual(range(isDone ? 11 : 0, 30));
      await new Promise((resolve) => setImmediate(resolve));
      fileSystem.inject();
      const again = open(fileSystem.copy());
      expect(offsets(again)).toEqual(range(isDone ? 11 : 0, 30));
      await again.close();
      await store.close();
      if (!reached) return;
    }
    throw new Error('there is no end to the operations');
  });

  it('is done or not done wherever the process is killed', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = filled(fileSystem);
    const snapshots: MemoryFileSystem[] = [];
    fileSystem.onWrite = () => snapshots.push(fileSystem.copy());
    fileSystem.beforeOperation = () => snapshots.push(fileSystem.copy());
    store.deleteRecords(topicOf(store), 0, 11);
    store.deleteRecords(topicOf(store), 0, 30);
    await store.close();
    expect(snapshots.length).toBeGreaterThan(6);
    const seen = new Set<number>();
    for (const snapshot of snapshots) {
      const again = open(snapshot);
      const found = offsets(again);
      const [first = 30] = found;
      seen.add(first);
      expect([0, 11, 30]).toContain(first);
      expect(found).toEqual(range(first, 30));
      expect(topicOf(again).logs[0]?.append(batchOf(1), 5000)).toMatchObject({ baseOffset: 30 });
      await again.close();
    }
    expect([...seen].sort((one, other) => one - other)).toEqual([0, 11, 30]);
  });
});
