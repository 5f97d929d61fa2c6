import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartitionLog } from '../../../src/broker/log/partitionLog.ts';
import { logSettings, type TopicOverrides } from '../../../src/broker/log/topicConfig.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { batchOf, sampleBatch } from './sampleBatch.ts';

const FOLDER = '/data/topics/t/0';
const NOW = 1_000_000;

function open(fileSystem: MemoryFileSystem, overrides: TopicOverrides = {}, recoveryPoint = 0, start = 0) {
  const problems: string[] = [];
  const events = { dirty() {}, problem: (message: string) => problems.push(message) };
  const log = atOnce(PartitionLog.opening(fileSystem, FOLDER, logSettings(overrides), recoveryPoint, events, start));
  return { log, problems };
}

function append(log: PartitionLog, bytes: Buffer): number {
  const result = log.append(bytes, NOW);
  if (result.kind === 'refused') throw new Error(`${result.errorCode} ${result.message}`);
  return result.baseOffset;
}

/** The base offsets of all batches from the start on, as fetches of one batch each find them. */
function baseOffsets(log: PartitionLog): number[] {
  const found: number[] = [];
  for (let offset = log.startOffset; offset < log.nextOffset; ) {
    const header = readBatchHeader(log.read(offset, 1, true));
    found.push(header.baseOffset);
    offset = header.lastOffset + 1;
  }
  return found;
}

const segmentFiles = (fileSystem: MemoryFileSystem) =>
  [...fileSystem.files.keys()].filter((path) => path.endsWith('.log')).sort();

describe('appending and reading', () => {
  it('gives each batch the next offsets and reads whole batches from the one that holds the offset', () => {
    const { log } = open(new MemoryFileSystem());
    expect([append(log, batchOf(3)), append(log, batchOf(2)), append(log, batchOf(1))]).toEqual([0, 3, 5]);
    expect(log.nextOffset).toBe(6);
    const all = log.read(1, 1 << 20, true);
    expect(readBatchHeader(all).baseOffset).toBe(0);
    expect(readBatchHeader(log.read(4, 1 << 20, true)).baseOffset).toBe(3);
    expect(log.read(0, 1, false)).toHaveLength(0);
    expect(readBatchHeader(log.read(0, 1, true)).lastOffset).toBe(2);
  });

  it('never cuts a batch in two, whatever the limit', () => {
    const { log } = open(new MemoryFileSystem(), { 'segment.bytes': '3000' });
    for (let index = 0; index < 100; index += 1) append(log, batchOf(1 + (index % 7)));
    fc.assert(
      fc.property(fc.nat(log.nextOffset - 1), fc.nat(5000), fc.boolean(), (offset, limit, atLeastOne) => {
        const bytes = log.read(offset, limit, atLeastOne);
        if (bytes.length === 0) {
          expect(atLeastOne).toBe(false);
          return;
        }
        const first = readBatchHeader(bytes);
        expect(first.baseOffset).toBeLessThanOrEqual(offset);
        expect(first.lastOffset).toBeGreaterThanOrEqual(offset);
        let at = 0;
        while (at < bytes.length) at += readBatchHeader(bytes, at).sizeInBytes;
        expect(at).toBe(bytes.length);
        if (bytes.length > limit) expect(bytes.length).toBe(first.sizeInBytes);
      }),
    );
  });

  it('refuses what is not one sound batch', () => {
    const { log } = open(new MemoryFileSystem(), { 'max.message.bytes': '500' });
    const refusal = (bytes: Buffer) => log.append(bytes, NOW);
    const broken = batchOf(2);
    broken[70]! ^= 1;
    expect(refusal(broken)).toMatchObject({ kind: 'refused', errorCode: 2 });
    expect(refusal(batchOf(2).subarray(0, 50))).toMatchObject({ errorCode: 87 });
    expect(refusal(batchOf(2).subarray(0, 80))).toMatchObject({ errorCode: 87 });
    expect(refusal(Buffer.concat([batchOf(1), batchOf(1)]))).toMatchObject({ errorCode: 87 });
    expect(refusal(batchOf(100))).toMatchObject({ errorCode: 10 });
    expect(refusal(batchOf(1, 1000, { attributes: 0x20 }))).toMatchObject({ errorCode: 87 });
    expect(refusal(batchOf(1, 1000, { attributes: 0x10 }))).toMatchObject({ errorCode: 53 });
    const alone = { attributes: 0x10, producerId: 7, producerEpoch: 0, baseSequence: 0 };
    expect(refusal(batchOf(1, 1000, alone))).toMatchObject({ errorCode: 48 });
    expect(refusal(batchOf(1, NOW + 3_600_001))).toMatchObject({ errorCode: 32 });
    expect(log.nextOffset).toBe(0);
  });

  it('finds the first record at or after a time, in any segment', () => {
    const { log } = open(new MemoryFileSystem(), { 'segment.bytes': '300' });
    for (let time = 1000; time < 2000; time += 10) {
      append(log, sampleBatch([0, 2, 4].map((plus) => ({ value: 'v', timestamp: time + plus }))));
    }
    expect(log.findTime(0)?.offset).toBe(0);
    expect(log.findTime(1003)).toEqual({ offset: 2, timestamp: 1004 });
    expect(log.findTime(1005)).toEqual({ offset: 3, timestamp: 1010 });
    expect(log.findTime(1992)).toEqual({ offset: 298, timestamp: 1992 });
    expect(log.findTime(1995)).toBeUndefined();
    expect(log.findMaxTimestamp()).toEqual({ offset: 299, timestamp: 1994 });
  });

  it("stamps the broker's time where the topic wants it", () => {
    const { log } = open(new MemoryFileSystem(), { 'message.timestamp.type': 'LogAppendTime' });
    expect(log.append(batchOf(1), NOW)).toMatchObject({ kind: 'appended', logAppendTime: NOW });
    const reopened = log.read(0, 1000, true);
    expect(readBatchHeader(reopened)).toMatchObject({ maxTimestamp: NOW, logAppendTime: true });
  });

  it('wakes exactly who waits, once', () => {
    const { log } = open(new MemoryFileSystem());
    const woken: string[] = [];
    log.whenAppended(() => woken.push('stays'));
    log.whenAppended(() => woken.push('goes'))();
    append(log, batchOf(1));
    append(log, batchOf(1));
    expect(woken).toEqual(['stays']);
  });
});

describe('idempotent producers', () => {
  const from = (baseSequence: number, count = 2, producerEpoch = 0) =>
    batchOf(count, 1000, { producerId: 7, producerEpoch, baseSequence });

  it('gives a batch that comes again its first offset, also after a restart', () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem);
    for (let sequence = 0; sequence < 10; sequence += 2) append(log, from(sequence));
    expect(log.append(from(2), NOW)).toMatchObject({ kind: 'duplicate', baseOffset: 2 });
    expect(log.nextOffset).toBe(10);
    const { log: again } = open(fileSystem);
    expect(again.append(from(8), NOW)).toMatchObject({ kind: 'duplicate', baseOffset: 8 });
    expect(again.append(from(10), NOW)).toMatchObject({ kind: 'appended', baseOffset: 10 });
  });

  it('refuses gaps and old epochs, and begins anew with a new epoch', () => {
    const { log } = open(new MemoryFileSystem());
    append(log, from(0));
    expect(log.append(from(3), NOW)).toMatchObject({ errorCode: 45 });
    expect(log.append(from(5, 2, 1), NOW)).toMatchObject({ errorCode: 45 });
    expect(append(log, from(0, 2, 1))).toBe(2);
    expect(log.append(from(2, 2, 0), NOW)).toMatchObject({ errorCode: 47 });
  });

  it('goes round after the largest sequence number', () => {
    const { log } = open(new MemoryFileSystem());
    append(log, from(0x7fff_fffe, 2));
    expect(append(log, from(0, 1))).toBe(2);
  });
});

describe('recovery', () => {
  function filled(overrides: TopicOverrides = {}, batches = 12) {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, overrides);
    for (let index = 0; index < batches; index += 1) append(log, batchOf(2));
    return { fileSystem, offsets: baseOffsets(log), nextOffset: log.nextOffset };
  }

  it('finds everything again', () => {
    const { fileSystem, offsets, nextOffset } = filled({ 'segment.bytes': '300' });
    expect(segmentFiles(fileSystem).length).toBeGreaterThan(3);
    const { log, problems } = open(fileSystem, { 'segment.bytes': '300' });
    expect(baseOffsets(log)).toEqual(offsets);
    expect(log.nextOffset).toBe(nextOffset);
    expect(problems).toEqual([]);
  });

  it('cuts off any garbage behind the last batch', () => {
    const { fileSystem, offsets } = filled();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (garbage) => {
        const copy = fileSystem.copy();
        const [path] = segmentFiles(copy);
        copy.setBytes(path!, Buffer.concat([copy.bytesOf(path!), Buffer.from(garbage)]));
        const { log, problems } = open(copy);
        expect(baseOffsets(log)).toEqual(offsets);
        expect(problems).toHaveLength(1);
        expect(copy.bytesOf(path!)).toEqual(fileSystem.bytesOf(path!));
      }),
    );
  });

  it('goes back to the batch before, wherever in the last one the file ends, and goes on from there', () => {
    const { fileSystem, offsets, nextOffset } = filled();
    const [path] = segmentFiles(fileSystem);
    const whole = fileSystem.bytesOf(path!);
    const lastSize = batchOf(2).length;
    for (let cut = 1; cut <= lastSize; cut += 1) {
      const copy = fileSystem.copy();
      copy.setBytes(path!, Buffer.from(whole.subarray(0, whole.length - cut)));
      const { log } = open(copy);
      expect(baseOffsets(log)).toEqual(offsets.slice(0, -1));
      expect(append(log, batchOf(1))).toBe(nextOffset - 2);
    }
  });

  it('cuts at a flipped bit in a middle segment and drops what follows', () => {
    const { fileSystem } = filled({ 'segment.bytes': '300' });
    const paths = segmentFiles(fileSystem);
    const path = paths[2]!;
    const base = Number(path.slice(-24, -4));
    for (let at = 0; at < fileSystem.bytesOf(path).length; at += 1) {
      // partitionLeaderEpoch, which no checksum covers and nobody reads.
      if (at % batchOf(2).length >= 12 && at % batchOf(2).length < 16) continue;
      const copy = fileSystem.copy();
      copy.bytesOf(path)[at]! ^= 0x10;
      const { log, problems } = open(copy, { 'segment.bytes': '300' });
      const batchStart = base + Math.floor(at / batchOf(2).length) * 2;
      expect(log.nextOffset).toBe(batchStart);
      expect(problems.length).toBeGreaterThan(0);
      expect(baseOffsets(log).slice(0, batchStart / 2)).toEqual(
        Array.from({ length: batchStart / 2 }, (_, i) => i * 2),
      );
    }
  });

  it('does not compute checksums below the recovery point', () => {
    const { fileSystem, nextOffset } = filled();
    fileSystem.bytesOf(segmentFiles(fileSystem)[0]!)[70]! ^= 1;
    expect(open(fileSystem.copy(), {}, nextOffset).log.nextOffset).toBe(nextOffset);
    expect(open(fileSystem.copy(), {}, 0).log.nextOffset).toBe(0);
  });
});

describe('a disk that fails', () => {
  it('takes back a write that fails half way, answers 56, and keeps serving reads', () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem);
    append(log, batchOf(2));
    const [path] = segmentFiles(fileSystem);
    const before = Buffer.from(fileSystem.bytesOf(path!));
    fileSystem.inject({ operation: 'write', nth: 1, takes: 30, thenFails: true });
    expect(log.append(batchOf(2), NOW)).toMatchObject({ kind: 'refused', errorCode: 56 });
    expect(fileSystem.bytesOf(path!)).toEqual(before);
    expect(readBatchHeader(log.read(0, 1000, true)).baseOffset).toBe(0);
    expect(append(log, batchOf(2))).toBe(2);
  });

  it('goes on writing where the disk takes less than it was given', () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem);
    fileSystem.inject({ operation: 'write', nth: 1, takes: 10, thenFails: false });
    append(log, batchOf(2));
    expect(open(fileSystem).log.nextOffset).toBe(2);
  });

  it('takes no more once a failed write could not be taken back', () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem);
    append(log, batchOf(2));
    fileSystem.inject(
      { operation: 'write', nth: 1, takes: 30, thenFails: true },
      { operation: 'truncate', nth: 1, thenFails: true },
    );
    expect(log.append(batchOf(2), NOW)).toMatchObject({ errorCode: 56 });
    fileSystem.inject();
    expect(log.append(batchOf(2), NOW)).toMatchObject({ errorCode: 56 });
    expect(log.read(0, 1000, true).length).toBeGreaterThan(0);
    expect(open(fileSystem).log.nextOffset).toBe(2);
  });

  it('takes no more once a sync has failed', async () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, { 'flush.messages': '1' });
    append(log, batchOf(1));
    expect(log.mustFlush).toBe(true);
    fileSystem.inject({ operation: 'sync', nth: 1, thenFails: true });
    await expect(log.flush()).rejects.toThrow('EIO');
    expect(log.append(batchOf(1), NOW)).toMatchObject({ errorCode: 56 });
  });

  it('lets acks that overlap share one sync, which begins after their writes', async () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, { 'flush.messages': '1' });
    append(log, batchOf(1));
    const first = log.flush();
    append(log, batchOf(1));
    const [second, third] = [log.flush(), log.flush()];
    expect(second).toBe(third);
    await Promise.all([first, second, third]);
    expect(fileSystem.counts.sync).toBe(2);
    expect(log.recoveryPoint).toBe(2);
  });
});

describe('a loss of power', () => {
  it('takes nothing that lies before the recovery point, also where a segment was begun amid a sync', async () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, { 'segment.bytes': '300' });
    append(log, batchOf(1));
    const first = log.flush();
    for (let index = 0; index < 9; index += 1) append(log, batchOf(1));
    await first;
    while (log.isDirty) await log.flush();
    expect(log.recoveryPoint).toBe(10);
    expect(baseOffsets(open(fileSystem.copySynced()).log)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('retention', () => {
  it('removes whole old segments by time, and the start moves on', async () => {
    const fileSystem = new MemoryFileSystem();
    const overrides = { 'segment.bytes': '300', 'retention.ms': '5000' };
    const { log } = open(fileSystem, overrides);
    for (let time = 0; time < 20; time += 1) append(log, batchOf(1, time * 1000));
    await log.flush();
    await log.flush();
    log.applyRetention(15_000);
    expect(log.startOffset).toBeGreaterThan(5);
    expect(log.startOffset).toBeLessThanOrEqual(10);
    expect(log.nextOffset).toBe(20);
    await log.close();
    expect(open(fileSystem, overrides).log.startOffset).toBe(log.startOffset);
  });

  it('forgets aborted transactions with their records, now and at the next start', async () => {
    const fileSystem = new MemoryFileSystem();
    const overrides = { 'segment.bytes': '300', 'retention.bytes': '600' };
    const { log } = open(fileSystem, overrides);
    for (let round = 0; round < 20; round += 1) {
      const producer = { producerId: 7, producerEpoch: 0, baseSequence: round };
      log.append(batchOf(1, NOW, { ...producer, attributes: 0x10 }), NOW, () => undefined);
      log.endTransaction({ ...producer, committed: false }, NOW);
    }
    const aborted = (some: PartitionLog) => some.abortedTransactions(0, some.nextOffset);
    expect(aborted(log)).toHaveLength(20);
    await log.flush();
    await log.flush();
    log.applyRetention(NOW);
    expect(log.startOffset).toBeGreaterThan(0);
    const left = aborted(log);
    expect(left.length).toBeLessThan(20);
    expect(left.every(({ lastOffset }) => lastOffset >= log.startOffset)).toBe(true);
    await log.close();
    const { log: again } = open(fileSystem, overrides);
    // A transaction of which only the end marker is left has nothing that anybody would have to leave out.
    const withRecords = left.filter(({ firstOffset }) => firstOffset >= log.startOffset);
    expect(aborted(again)).toEqual(withRecords);
    expect(again.lastStableOffset).toBe(again.nextOffset);
  });

  it('of the beginning of an open transaction leaves the last stable offset at the start', async () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, { 'segment.bytes': '300', 'retention.bytes': '600' });
    const producer = { producerId: 7, producerEpoch: 0, baseSequence: 0 };
    log.append(batchOf(1, NOW, { ...producer, attributes: 0x10 }), NOW, () => undefined);
    for (let index = 0; index < 20; index += 1) append(log, batchOf(1));
    await log.flush();
    await log.flush();
    log.applyRetention(NOW);
    expect(log.startOffset).toBeGreaterThan(0);
    expect(log.lastStableOffset).toBe(log.startOffset);
  });

  it('removes whole old segments by size, and never for a topic that keeps everything', async () => {
    const fill = async (overrides: TopicOverrides) => {
      const { log } = open(new MemoryFileSystem(), { 'segment.bytes': '300', ...overrides });
      for (let index = 0; index < 20; index += 1) append(log, batchOf(1));
      await log.flush();
      await log.flush();
      log.applyRetention(NOW * 1000);
      return log;
    };
    const limited = await fill({ 'retention.bytes': '600' });
    expect(limited.startOffset).toBeGreaterThan(0);
    expect(limited.sizeInBytes).toBeGreaterThanOrEqual(600);
    expect((await fill({})).startOffset).toBe(0);
  });

  it('begins a new segment when everything in the active one has expired, and removes that too', async () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, { 'retention.ms': '5000' });
    for (let time = 0; time < 5; time += 1) append(log, batchOf(1, time * 1000));
    log.applyRetention(9_000);
    expect([log.startOffset, log.nextOffset]).toEqual([0, 5]);
    log.applyRetention(9_001);
    expect([log.startOffset, log.nextOffset]).toEqual([5, 5]);
    await log.close();
    expect(segmentFiles(fileSystem).map((path) => path.slice(-24))).toEqual(['00000000000000000005.log']);
    expect(append(open(fileSystem).log, batchOf(1))).toBe(5);
  });

  it('lets a changed setting act at the next append and the next look', () => {
    const { log } = open(new MemoryFileSystem());
    for (let index = 0; index < 6; index += 1) append(log, batchOf(1));
    log.settings = logSettings({ 'segment.bytes': '200', 'retention.bytes': '0', 'max.message.bytes': '300' });
    expect(log.append(batchOf(20), NOW)).toMatchObject({ errorCode: 10 });
    append(log, batchOf(1));
    log.applyRetention(NOW);
    expect([log.startOffset, log.nextOffset]).toEqual([7, 7]);
  });

  it('keeps records that have no time, whatever their age', () => {
    const { log } = open(new MemoryFileSystem(), { 'retention.ms': '1' });
    append(log, batchOf(1, -1));
    log.applyRetention(NOW);
    expect(log.startOffset).toBe(0);
  });
});

describe('deleting records', () => {
  const filled = () => {
    const fileSystem = new MemoryFileSystem();
    const { log } = open(fileSystem, { 'segment.bytes': '300' });
    for (let time = 0; time < 20; time += 1) append(log, batchOf(2, time * 10));
    return { fileSystem, log };
  };

  it('moves the start into a batch, and removes the files before it', async () => {
    const { fileSystem, log } = filled();
    const files = segmentFiles(fileSystem).length;
    log.deleteBefore(15);
    expect(log.startOffset).toBe(15);
    expect(log.findTime(0)).toEqual({ offset: 15, timestamp: 71 });
    log.deleteBefore(3);
    expect(log.startOffset).toBe(15);
    await log.close();
    expect(segmentFiles(fileSystem).length).toBeLessThan(files);
    const { log: again } = open(fileSystem, {}, 0, 15);
    expect([again.startOffset, again.nextOffset]).toEqual([15, 40]);
    expect(readBatchHeader(again.read(15, 1, true)).baseOffset).toBe(14);
  });

  it('up to the end leaves an empty file, and the offsets go on', async () => {
    const { fileSystem, log } = filled();
    log.deleteBefore(40);
    expect(log.findTime(0)).toBeUndefined();
    expect(log.findMaxTimestamp()).toBeUndefined();
    await log.close();
    expect(segmentFiles(fileSystem).map((path) => path.slice(-24))).toEqual(['00000000000000000040.log']);
    expect(append(open(fileSystem, {}, 0, 40).log, batchOf(1))).toBe(40);
  });

  it('finds the largest time among what is left', () => {
    const { log } = open(new MemoryFileSystem());
    for (const time of [500, 900, 100, 300]) append(log, batchOf(2, time));
    expect(log.findMaxTimestamp()).toEqual({ offset: 3, timestamp: 901 });
    log.deleteBefore(4);
    expect(log.findMaxTimestamp()).toEqual({ offset: 7, timestamp: 301 });
  });

  it('removes at start what a crash left before it, and never gives an offset twice where the end was lost', async () => {
    const { fileSystem, log } = filled();
    const copy = fileSystem.copy();
    const { log: again } = open(copy, {}, 0, 30);
    expect(again.startOffset).toBe(30);
    await again.close();
    expect(segmentFiles(copy).length).toBeLessThan(segmentFiles(fileSystem).length);
    expect(log.nextOffset).toBe(40);
    const beyond = open(fileSystem.copy(), {}, 0, 50).log;
    expect([beyond.startOffset, beyond.nextOffset]).toEqual([50, 50]);
    expect(append(beyond, batchOf(1))).toBe(50);
  });

  it('still moves the start where the disk refuses to begin a new file', async () => {
    const { fileSystem, log } = filled();
    fileSystem.inject({ operation: 'open', nth: 1, thenFails: true });
    log.deleteBefore(40);
    expect(log.startOffset).toBe(40);
    expect(append(log, batchOf(1))).toBe(40);
    await log.close();
    expect(open(fileSystem, {}, 0, 40).log.nextOffset).toBe(41);
  });
});
