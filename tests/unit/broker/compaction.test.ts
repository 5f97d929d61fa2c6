import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cleanableOf } from '../../../src/broker/log/logCleaner.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { CompactedLog, FOLDER } from './compactedLog.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { batchOf, type FoundRecord, recordsOf, sampleBatch } from './sampleBatch.ts';

const NOW = 2_000_000_000_000;
const COMPACT = { 'cleanup.policy': 'compact', 'segment.bytes': '300', 'delete.retention.ms': '1000' };

const keyed = (pairs: readonly (readonly [string | null, string | null])[], options = {}) =>
  sampleBatch(
    pairs.map(([key, value], index) => ({ key, value, timestamp: NOW + index })),
    options,
  );

const shown = (records: readonly FoundRecord[]) => records.map(({ offset, key, value }) => `${offset} ${key}=${value}`);

describe('a compacted log', () => {
  it('keeps the last record of each key, with its offset and its time', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
    for (let round = 0; round < 20; round += 1) {
      compacted.append(
        keyed([
          [`k${round % 3}`, `${round}`],
          ['same', `${round}`],
        ]),
        NOW,
      );
    }
    const before = compacted.records();
    await compacted.compact(NOW);
    const after = compacted.records();
    const active = compacted.log.files.active.baseOffset;
    const last = new Map(before.filter(({ offset }) => offset < active).map((record) => [record.key, record]));
    expect(after.filter(({ offset }) => offset < active)).toEqual(
      [...last.values()].sort((a, b) => a.offset - b.offset),
    );
    expect(after.filter(({ offset }) => offset >= active)).toEqual(before.filter(({ offset }) => offset >= active));
    expect(compacted.records(1)).toEqual(after);
    await compacted.restart();
    expect(compacted.records()).toEqual(after);
    expect(compacted.problems).toEqual([]);
    expect(compacted.append(keyed([['k0', 'new']]), NOW)).toBe(40);
  });

  it('keeps a tombstone for a while, and then forgets the key', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
    compacted.append(
      keyed([
        ['gone', 'was here'],
        ['stays', '1'],
      ]),
      NOW,
    );
    compacted.append(keyed([['gone', null]]), NOW);
    const fill = () => {
      for (let index = 0; index < 10; index += 1) compacted.append(keyed([['fill', `${index}`]]), NOW);
    };
    fill();
    await compacted.compact(NOW);
    const below = (offset: number) => shown(compacted.records().filter((record) => record.offset < offset));
    expect(below(3)).toEqual(['1 stays=1', '2 gone=null']);
    expect(compacted.records().find(({ offset }) => offset === 2)?.timestamp).toBe(NOW);
    fill();
    await compacted.compact(NOW + 999);
    expect(below(3)).toEqual(['1 stays=1', '2 gone=null']);
    fill();
    await compacted.compact(NOW + 1000);
    expect(below(3)).toEqual(['1 stays=1']);
  });

  it('waits for min.compaction.lag.ms, and never touches the segment that is written to', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), { ...COMPACT, 'min.compaction.lag.ms': '1000' });
    for (let index = 0; index < 20; index += 1) compacted.append(keyed([['k', `${index}`]]), NOW);
    await compacted.compact(NOW + 999);
    expect(compacted.records()).toHaveLength(20);
    const active = compacted.fileSystem.bytesOf(`${FOLDER}/${compacted.files().at(-1)}`);
    await compacted.compact(NOW + 1001);
    expect(compacted.records().length).toBeLessThan(10);
    expect(compacted.fileSystem.bytesOf(`${FOLDER}/${compacted.files().at(-1)}`)).toEqual(active);
  });

  it('leaves what a busy disk has not synced yet, tells that it takes long, and goes on once it has', async () => {
    vi.useFakeTimers();
    try {
      const fileSystem = new MemoryFileSystem();
      const compacted = new CompactedLog(fileSystem, COMPACT);
      const fill = () => {
        for (let index = 0; index < 20; index += 1) compacted.append(keyed([['k', `${index}`]]), NOW);
      };
      const cleanable = () => cleanableOf(compacted.log, compacted.cleanedTo, NOW);
      fill();
      await compacted.compact(NOW);
      const before = compacted.records().length;
      let isReady = () => {};
      fileSystem.syncsWaitFor = new Promise((resolve) => {
        isReady = resolve;
      });
      fill();
      expect(cleanable().end).toBeLessThan(20);
      await vi.advanceTimersByTimeAsync(9_000);
      expect(compacted.problems).toEqual([]);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(compacted.problems).toEqual(['the disk takes long to sync']);
      expect(cleanable().end).toBeLessThan(20);
      expect(compacted.records()).toHaveLength(before + 20);
      isReady();
      await compacted.compact(NOW);
      expect(compacted.cleanedTo).toBe(compacted.log.files.active.baseOffset);
      expect(compacted.records().length).toBeLessThan(before + 5);
      expect(compacted.problems).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(compacted.problems).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes compressed batches apart, and leaves what it cannot read as it is', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), { ...COMPACT, 'segment.bytes': '2000' });
    const many = (value: string) =>
      Array.from({ length: 30 }, (_, index) => [`k${index}`, `${value} ${index}`] as const);
    compacted.append(keyed(many('first'), { gzip: true }), NOW);
    compacted.append(keyed([['k0', null]]), NOW);
    // It says that it is packed by gzip, and is not.
    const unreadable = keyed(
      [
        ['k1', 'hidden'],
        ['k2', 'hidden'],
      ],
      { attributes: 1 },
    );
    compacted.append(unreadable, NOW);
    compacted.append(keyed([['k3', null]]), NOW);
    for (let index = 1; index < 60; index += 1) compacted.append(keyed([[`k${3 + (index % 20)}`, `${index}`]]), NOW);
    await compacted.compact(NOW);
    await compacted.restart();
    const bytes = compacted.log.read(0, 1 << 20, true);
    const headers = [];
    for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).sizeInBytes)
      headers.push(readBatchHeader(bytes, at));
    expect(headers[0]).toMatchObject({ baseOffset: 0, lastOffset: 29, recordCount: 9, compressed: true });
    expect(bytes.includes(unreadable.subarray(61))).toBe(true);
    for (let index = 0; index < 200; index += 1) compacted.append(keyed([['fill', `${index}`]]), NOW);
    await compacted.compact(NOW + 5000);
    // A tombstone before what cannot be read has done its work; one behind it may still have to hide something there.
    const offsets = (from: number, to: number) => {
      const some = compacted.log.read(from, 1 << 20, true);
      const found: number[] = [];
      for (let at = 0; at < some.length; at += readBatchHeader(some, at).sizeInBytes) {
        const { baseOffset } = readBatchHeader(some, at);
        if (baseOffset >= from && baseOffset < to) found.push(baseOffset);
      }
      return found;
    };
    expect(offsets(30, 31)).toEqual([]);
    expect(offsets(31, 34)).toContain(31);
  });

  it('goes on in the next pass where there is no room for all keys', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
    for (let index = 0; index < 200; index += 1) compacted.append(keyed([[`k${index % 50}`, `${index}`]]), NOW);
    const end = compacted.log.files.active.baseOffset;
    let passes = 0;
    while (compacted.cleanedTo < end) {
      await compacted.compact(NOW, 20);
      passes += 1;
    }
    expect(passes).toBeGreaterThan(5);
    const kept = compacted.records().filter(({ offset }) => offset < end);
    expect(new Set(kept.map(({ key }) => key)).size).toBe(50);
    expect(kept).toHaveLength(50);
    expect(kept.every(({ offset, value }) => value === `${offset}` && offset >= end - 50)).toBe(true);
  });

  it('still knows an idempotent producer after a restart, when none of its records is left', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
    const from = (baseSequence: number) =>
      keyed([['k', `${baseSequence}`]], { producerId: 7, producerEpoch: 0, baseSequence });
    for (let sequence = 0; sequence < 3; sequence += 1) compacted.append(from(sequence), NOW);
    for (let index = 0; index < 10; index += 1) compacted.append(keyed([['k', 'later']]), NOW);
    await compacted.compact(NOW);
    expect(compacted.records().some(({ value }) => value === '2')).toBe(false);
    await compacted.restart();
    expect(compacted.log.append(from(2), NOW)).toMatchObject({ kind: 'duplicate', baseOffset: 2 });
    expect(compacted.log.append(from(4), NOW)).toMatchObject({ kind: 'refused', errorCode: 45 });
  });

  it('takes no uncompressed record without a key', () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
    expect(compacted.log.append(batchOf(2), NOW)).toMatchObject({ kind: 'refused', errorCode: 87 });
    expect(compacted.append(keyed([['k', 'v']]), NOW)).toBe(0);
  });
});

describe('damage in a compacted segment', () => {
  async function compactedFile() {
    const compacted = new CompactedLog(new MemoryFileSystem(), { ...COMPACT, 'segment.bytes': '600' });
    for (let index = 0; index < 60; index += 1) compacted.append(keyed([[`k${(index * 7) % 11}`, `${index}`]]), NOW);
    await compacted.compact(NOW);
    await compacted.log.close();
    const isLarge = (file: string) => compacted.fileSystem.bytesOf(`${FOLDER}/${file}`).length > 200;
    const name = compacted.files().find(isLarge) ?? '';
    expect(name).toMatch(/^\d{20}-\d{20}-1\.[0-9a-f]{8}\.log$/);
    return { compacted, path: `${FOLDER}/${name}` };
  }

  it('is found at any bit, base offsets included, and nothing that is shown then is wrong', async () => {
    const { compacted, path } = await compactedFile();
    const whole = new Map(
      (await reopened(compacted.fileSystem.copy())).records().map((record) => [record.offset, record]),
    );
    const size = compacted.fileSystem.bytesOf(path).length;
    for (let at = 0; at < size; at += 1) {
      const copy = compacted.fileSystem.copy();
      copy.bytesOf(path)[at]! ^= 0x04;
      const damaged = await reopened(copy);
      const found = damaged.records();
      if (!isLeaderEpoch(compacted.fileSystem.bytesOf(path), at))
        expect(damaged.problems.length, `byte ${at}`).toBeGreaterThan(0);
      for (const record of found) expect(record).toEqual(whole.get(record.offset));
      // It goes on behind all offsets that were ever given, and stays as it is.
      const next = damaged.append(keyed([['new', 'v']]), NOW);
      expect(found.every(({ offset }) => offset < next)).toBe(true);
      await damaged.restart();
      expect(damaged.records()).toEqual([...found, { offset: next, timestamp: NOW, key: 'new', value: 'v' }]);
    }
  });
});

const reopened = async (fileSystem: MemoryFileSystem) => new CompactedLog(fileSystem, COMPACT);

/** Which no checksum covers, and nobody reads. */
function isLeaderEpoch(bytes: Buffer, wanted: number): boolean {
  for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).sizeInBytes) {
    if (wanted >= at + 12 && wanted < at + 16) return true;
  }
  return false;
}

/** What should be there, told from what was done alone. */
class Expectation {
  records: (FoundRecord & { readonly batch: number })[] = [];
  private readonly horizons = new Map<number, number>();

  produced(batch: number, records: readonly Omit<FoundRecord, 'offset'>[]): void {
    this.records.push(...records.map((record, index) => ({ ...record, offset: batch + index, batch })));
  }

  compacted(cleanedTo: number, now: number): void {
    const last = new Map(
      this.records.filter(({ offset }) => offset < cleanedTo).map(({ key, offset }) => [key, offset]),
    );
    this.records = this.records.filter(({ key, value, offset, batch }) => {
      if (offset >= cleanedTo) return true;
      const expired = value === null && (this.horizons.get(batch) ?? Number.POSITIVE_INFINITY) <= now;
      return last.get(key) === offset && !expired;
    });
    for (const { value, offset, batch } of this.records) {
      if (offset < cleanedTo && value === null && !this.horizons.has(batch)) this.horizons.set(batch, now + 1000);
    }
  }

  /** Transactions end in another order than they began. */
  sort(): void {
    this.records.sort((one, other) => one.offset - other.offset);
  }

  from(start: number): FoundRecord[] {
    return this.records.filter(({ offset }) => offset >= start).map(({ batch: _, ...record }) => record);
  }
}

type Step =
  | {
      readonly kind: 'produce';
      readonly records: readonly (readonly [string, string | null])[];
      readonly gzip: boolean;
    }
  | { readonly kind: 'deleteRecords'; readonly share: number }
  | { readonly kind: 'compact' | 'retention' | 'restart' }
  | { readonly kind: 'wait'; readonly ms: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('produce' as const),
      records: fc.array(
        fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.option(fc.string({ maxLength: 20 }), { freq: 3 })),
        { minLength: 1, maxLength: 6 },
      ),
      gzip: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('deleteRecords' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'compact' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'retention' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1500) }) },
);

describe('any sequence of steps', () => {
  it('keeps exactly the records that it should, in order, with their offsets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 60 }), async (run) => {
        const overrides = { ...COMPACT, 'cleanup.policy': 'compact,delete', 'retention.ms': '4000' };
        const compacted = new CompactedLog(new MemoryFileSystem(), overrides);
        const expected = new Expectation();
        let now = NOW;
        for (const step of run) {
          switch (step.kind) {
            case 'produce': {
              const records = step.records.map(([key, value], index) => ({ key, value, timestamp: now + index }));
              expected.produced(compacted.append(sampleBatch(records, { gzip: step.gzip }), now), records);
              break;
            }
            case 'deleteRecords': {
              const { startOffset, nextOffset } = compacted.log;
              compacted.log.deleteBefore(Math.round(startOffset + step.share * (nextOffset - startOffset)));
              break;
            }
            case 'compact':
              if (await compacted.compact(now)) expected.compacted(compacted.cleanedTo, now);
              break;
            case 'retention': {
              const before = compacted.log.startOffset;
              compacted.log.applyRetention(now);
              const gone = expected.from(before).filter(({ offset }) => offset < compacted.log.startOffset);
              // Nothing goes that is younger.
              expect(gone.every(({ timestamp }) => timestamp < now - 4000)).toBe(true);
              break;
            }
            case 'restart':
              await compacted.restart();
              break;
            case 'wait':
              now += step.ms;
          }
          expect(compacted.records(200)).toEqual(expected.from(compacted.log.startOffset));
        }
        expect(compacted.problems).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('transactions in a compacted log', () => {
  /** What a read-committed consumer sees below the last stable offset. */
  function committedRecords({ log }: CompactedLog): FoundRecord[] {
    const found: FoundRecord[] = [];
    const end = log.lastStableOffset;
    for (let offset = log.startOffset; offset < end; ) {
      const bytes = log.read(offset, 300, true, end);
      if (bytes.length === 0) break;
      for (let at = 0; at < bytes.length; ) {
        const { baseOffset, lastOffset, sizeInBytes, producerId, transactional, control } = readBatchHeader(bytes, at);
        const isAborted = log
          .abortedTransactions(baseOffset, lastOffset + 1)
          .some((aborted) => aborted.producerId === producerId && aborted.firstOffset <= baseOffset);
        const isVisible = !control && !(transactional && isAborted);
        if (isVisible && lastOffset >= offset) found.push(...recordsOf(bytes.subarray(at, at + sizeInBytes)));
        offset = lastOffset + 1;
        at += sizeInBytes;
      }
    }
    return found.filter((record) => record.offset >= log.startOffset);
  }

  type Turn =
    | readonly [producer: number, what: 'produce' | 'commit' | 'abort']
    | 'plain'
    | 'compact'
    | 'restart'
    | 'wait';

  const turns: fc.Arbitrary<Turn> = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.nat(2), fc.constant('produce' as const)) },
    { weight: 5, arbitrary: fc.tuple(fc.nat(2), fc.constantFrom('commit' as const, 'abort' as const)) },
    { weight: 2, arbitrary: fc.constant('plain' as const) },
    { weight: 3, arbitrary: fc.constantFrom('compact' as const, 'wait' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  );

  it('show what was committed and nothing else, whatever is compacted when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turns, { minLength: 40, maxLength: 120, size: 'max' }), async (run) => {
        const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
        const expected = new Expectation();
        const open = new Map<number, { offset: number; record: Omit<FoundRecord, 'offset'> }[]>();
        const sequences = [0, 0, 0];
        let now = NOW;
        let number = 0;
        for (const turn of run) {
          number += 1;
          const record = { key: `k${number % 4}`, value: number % 5 === 0 ? null : `${number}`, timestamp: now };
          if (turn === 'plain') expected.produced(compacted.append(sampleBatch([record]), now), [record]);
          else if (turn === 'wait') now += 700;
          else if (turn === 'restart') await compacted.restart();
          else if (turn === 'compact') {
            if (await compacted.compact(now)) expected.compacted(compacted.cleanedTo, now);
          } else {
            const [producer, what] = turn;
            const producerId = 100 + producer;
            const pending = open.get(producer) ?? [];
            if (what === 'produce') {
              const baseSequence = sequences[producer] ?? 0;
              const ids = { attributes: 0x10, producerId, producerEpoch: 0, baseSequence };
              const result = compacted.log.append(sampleBatch([record], ids), now, () => undefined);
              if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
              sequences[producer] = baseSequence + 1;
              open.set(producer, [...pending, { offset: result.baseOffset, record }]);
            } else if (pending.length > 0) {
              compacted.log.endTransaction({ producerId, producerEpoch: 0, committed: what === 'commit' }, now);
              open.delete(producer);
              if (what === 'commit') for (const one of pending) expected.produced(one.offset, [one.record]);
              expected.sort();
            }
          }
          const end = compacted.log.lastStableOffset;
          expect(committedRecords(compacted)).toEqual(expected.from(0).filter(({ offset }) => offset < end));
          const begun = [...open.values()].flatMap((pending) => pending.slice(0, 1)).map(({ offset }) => offset);
          expect(end).toBe(Math.min(...begun, compacted.log.nextOffset));
        }
        expect(compacted.problems).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('leave no marker behind for ever', async () => {
    const compacted = new CompactedLog(new MemoryFileSystem(), COMPACT);
    const marker = { producerId: 7, producerEpoch: 0 };
    for (const [sequence, committed] of [true, false, true, false].entries()) {
      const ids = { attributes: 0x10, producerId: 7, producerEpoch: 0, baseSequence: sequence };
      compacted.log.append(keyed([['k', `${sequence}`]], ids), NOW, () => undefined);
      compacted.log.endTransaction({ ...marker, committed }, NOW);
    }
    const fill = async (now: number) => {
      for (let index = 0; index < 10; index += 1) compacted.append(keyed([['k', 'later']]), now);
      await compacted.compact(now);
    };
    const markers = () => {
      const bytes = compacted.log.read(0, 1 << 20, true);
      let count = 0;
      for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).sizeInBytes) {
        if (readBatchHeader(bytes, at).control) count += 1;
      }
      return count;
    };
    expect(markers()).toBeGreaterThan(0);
    await fill(NOW);
    await fill(NOW + 2000);
    expect(markers()).toBe(0);
    await compacted.restart();
    expect(compacted.log.lastStableOffset).toBe(compacted.log.nextOffset);
  });
});

describe('a crash or a failing disk', () => {
  const OPERATIONS = ['write', 'sync', 'truncate', 'open', 'rename', 'remove'] as const;

  function filled(fileSystem: MemoryFileSystem): CompactedLog {
    const compacted = new CompactedLog(fileSystem, COMPACT);
    for (let index = 0; index < 40; index += 1) {
      const records = [
        [`k${index % 7}`, `${index}`],
        [`x${index % 3}`, index % 5 === 0 ? null : `${index}`],
      ] as const;
      compacted.append(keyed(records, { gzip: index % 2 === 0 }), NOW);
    }
    return compacted;
  }

  /** What a reader who takes in everything knows at the end: the last value of each key. */
  function table(compacted: CompactedLog): Record<string, string> {
    const values = new Map<string, string>();
    for (const { key, value } of compacted.records()) {
      if (value === null) values.delete(key ?? '');
      else values.set(key ?? '', value);
    }
    return Object.fromEntries([...values].sort());
  }

  it('in the midst of a compaction loses nothing, wherever it comes', async () => {
    const fileSystem = new MemoryFileSystem();
    const compacted = filled(fileSystem);
    await compacted.log.flush();
    await compacted.compact(NOW);
    for (let index = 0; index < 20; index += 1) compacted.append(keyed([[`k${index}`, 'second']]), NOW);
    await compacted.log.flush();
    const expected = table(compacted);
    const snapshots: MemoryFileSystem[] = [];
    fileSystem.beforeOperation = () => snapshots.push(fileSystem.copy());
    await compacted.compact(NOW + 10);
    await compacted.log.close();
    expect(snapshots.length).toBeGreaterThan(20);
    for (const snapshot of snapshots) {
      const after = new CompactedLog(snapshot, COMPACT);
      expect(after.problems).toEqual([]);
      expect(table(after)).toEqual(expected);
      expect(after.log.nextOffset).toBe(100);
      expect(after.files().filter((name) => name.endsWith('.cleaning'))).toEqual([]);
      await after.compact(NOW + 20);
      expect(table(after)).toEqual(expected);
    }
  });

  it.each(OPERATIONS)(
    'at any %s of a compaction loses nothing, and the next compaction comes through',
    async (operation) => {
      for (let nth = 1; nth < 200; nth += 1) {
        const fileSystem = new MemoryFileSystem();
        const compacted = filled(fileSystem);
        await compacted.log.flush();
        await compacted.log.flush();
        const expected = table(compacted);
        const before = fileSystem.counts[operation];
        fileSystem.inject({ operation, nth, takes: 10, thenFails: true });
        const outcome = await compacted.compact(NOW).then(
          () => 'done',
          () => 'failed',
        );
        const reached = fileSystem.counts[operation] - before >= nth;
        fileSystem.inject();
        expect(table(compacted)).toEqual(expected);
        const after = new CompactedLog(fileSystem.copy(), COMPACT);
        expect(table(after)).toEqual(expected);
        expect(after.log.nextOffset).toBe(80);
        expect(compacted.append(keyed([['more', '1']]), NOW)).toBe(80);
        await compacted.compact(NOW);
        expect(table(compacted)).toEqual({ ...expected, more: '1' });
        await compacted.restart();
        expect(table(compacted)).toEqual({ ...expected, more: '1' });
        if (!reached) {
          expect(outcome).toBe('done');
          return;
        }
      }
      throw new Error('there is no end to the operations');
    },
  );

  it('that takes a part of what is written loses nothing', async () => {
    for (let nth = 1; nth < 30; nth += 1) {
      const fileSystem = new MemoryFileSystem();
      const compacted = filled(fileSystem);
      const expected = table(compacted);
      fileSystem.inject({ operation: 'write', nth, takes: 7, thenFails: false });
      await compacted.compact(NOW);
      await compacted.restart();
      expect(table(compacted)).toEqual(expected);
    }
  });
});
