/** Long work in slices: who does it gives way, and goes on where it was. */
import { describe, expect, it } from 'vitest';
import { compact } from '../../../src/broker/log/compaction.ts';
import { cleanableOf } from '../../../src/broker/log/logCleaner.ts';
import { MetadataStore } from '../../../src/broker/log/metadataStore.ts';
import { PartitionLog } from '../../../src/broker/log/partitionLog.ts';
import { logSettings } from '../../../src/broker/log/topicConfig.ts';
import { TopicStore } from '../../../src/broker/log/topicStore.ts';
import { silentLogger } from '../../../src/broker/logger.ts';
import { atOnce, inTurns, type Schedule, type Steps, Turns } from '../../../src/broker/turns.ts';
import { CompactedLog, FOLDER } from './compactedLog.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { batchOf, sampleBatch } from './sampleBatch.ts';

const NOW = 2_000_000_000_000;

/** Each look at its clock is a millisecond later; in each turn that the others get, their work is done. */
class SlowClock implements Schedule {
  private time = 0;
  turns = 0;

  constructor(private readonly others: (turn: number) => void = () => {}) {}

  now(): number {
    this.time += 1;
    return this.time;
  }

  async nextTurn(): Promise<void> {
    this.turns += 1;
    this.others(this.turns);
  }
}

function* counting(upTo: number, done: number[]): Steps<string> {
  for (let step = 1; step <= upTo; step += 1) {
    done.push(step);
    yield;
  }
  return 'the end';
}

describe('turns', () => {
  it('are given to the others after each slice, and only then', async () => {
    const done: number[] = [];
    const seen: number[] = [];
    const clock = new SlowClock(() => seen.push(done.length));
    expect(await inTurns(counting(20, done), new Turns(clock).pause)).toBe('the end');
    expect(done).toHaveLength(20);
    expect(seen).toEqual([5, 10, 15, 20]);
  });

  it('begin at once, and are not given where nobody else waits', () => {
    const done: number[] = [];
    void inTurns(counting(3, done), new Turns({ now: () => 0, nextTurn: () => Promise.reject(new Error('no')) }).pause);
    expect(done).toEqual([1, 2, 3]);
    expect(atOnce(counting(4, done))).toBe('the end');
  });

  it('end with what the pause throws', async () => {
    const pause = () => Promise.reject(new Error('the broker ends'));
    await expect(inTurns(counting(3, []), pause)).rejects.toThrow('the broker ends');
  });
});

describe('others have their turn', () => {
  const many = (first: number, count: number) =>
    sampleBatch(
      Array.from({ length: count }, (_, index) => ({ key: `k${first + index}`, value: 'v', timestamp: NOW + index })),
    );

  it('within a batch of many records that is compacted', async () => {
    const settings = { 'cleanup.policy': 'compact', 'segment.bytes': '300' };
    const compacted = new CompactedLog(new MemoryFileSystem(), settings);
    for (let round = 0; round < 2; round += 1) compacted.append(many(0, 10_000), NOW);
    compacted.append(many(0, 1), NOW);
    await compacted.log.flush();
    let appended = 0;
    const clock = new SlowClock(() => {
      if (appended < 50) compacted.append(many(appended, 1), NOW);
      appended += 1;
    });
    const { pause } = new Turns(clock);
    const cleanable = cleanableOf(compacted.log, 0, NOW);
    await compact(compacted.log, { ...cleanable, now: NOW, maxKeys: 100_000, pause });
    expect(clock.turns).toBeGreaterThan(20);
    const keys = compacted.records().map(({ key, offset }) => `${key} ${offset}`);
    // Of 20,000 the last 10,000 are left; then come those that were appended before and while it was compacted.
    expect(keys.slice(0, 2)).toEqual(['k0 10000', 'k1 10001']);
    expect(keys).toHaveLength(10_000 + 1 + 50);
  });

  it('between batches of producers that are not idempotent', async () => {
    const settings = { 'cleanup.policy': 'compact', 'segment.bytes': '3000' };
    const compacted = new CompactedLog(new MemoryFileSystem(), settings);
    for (let index = 0; index < 500; index += 1) compacted.append(many(index, 1), NOW);
    await compacted.log.flush();
    const clock = new SlowClock();
    const { pause } = new Turns(clock);
    const cleanable = cleanableOf(compacted.log, 0, NOW);
    await compact(compacted.log, { ...cleanable, now: NOW, maxKeys: 100_000, pause });
    expect(clock.turns).toBeGreaterThan(3 * 100);
  });

  it('while a log is read at the start', async () => {
    const fileSystem = new MemoryFileSystem();
    const events = { dirty() {}, problem() {} };
    const opening = () => PartitionLog.opening(fileSystem, FOLDER, logSettings({}), 0, events);
    const log = atOnce(opening());
    for (let index = 0; index < 400; index += 1) log.append(batchOf(1), NOW);
    const clock = new SlowClock();
    const again = await inTurns(opening(), new Turns(clock).pause);
    expect(again.nextOffset).toBe(400);
    expect(clock.turns).toBeGreaterThanOrEqual(80);
  });

  it('while a journal is read at the start', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = atOnce(MetadataStore.opening(fileSystem, '/data'));
    for (let generation = 0; generation < 400; generation += 1) {
      store.saveGroup({ group: 'g', protocolType: 'consumer', generation });
    }
    const clock = new SlowClock();
    const again = await inTurns(MetadataStore.opening(fileSystem, '/data'), new Turns(clock).pause);
    expect(again.committed.group('g')?.generation).toBe(399);
    expect(clock.turns).toBeGreaterThanOrEqual(80);
  });

  it('while old segments go, whose topic can be deleted meanwhile', async () => {
    const fileSystem = new MemoryFileSystem();
    const clock = new SlowClock((turn) => {
      const topic = turn === 10 ? store.get('t') : undefined;
      if (topic !== undefined) store.delete(topic);
    });
    const openMetadata = (onDirty: () => void) => MetadataStore.opening(fileSystem, '/data', onDirty);
    const store = atOnce(TopicStore.opening(fileSystem, '/data', openMetadata, false, silentLogger, new Turns(clock)));
    const topic = atOnce(store.creating('t', 200, { 'segment.bytes': '300' }));
    for (const log of topic.logs) for (let index = 0; index < 5; index += 1) log.append(batchOf(2), 5000);
    store.configure(topic, { 'segment.bytes': '300', 'retention.ms': '1000' });
    const before = topic.logs.filter((log) => log.startOffset > 0).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(10);
    while (store.get('t') !== undefined) await new Promise((resolve) => setImmediate(resolve));
    await store.close();
    const after = topic.logs.filter((log) => log.startOffset > 0).length;
    expect(clock.turns).toBe(10);
    expect(after).toBeGreaterThan(before);
    expect(after).toBeLessThan(100);
  });
});
