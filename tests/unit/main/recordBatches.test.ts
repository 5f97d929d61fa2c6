import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snappyCompress } from '../../../src/main/kafka/codecs';
import { lz4Frame } from '../../../src/main/kafka/lz4Frame';
import { recordsOf, withoutEnd } from '../../integration/kafka/recordsOf';
import { batchOf, sampleBatch } from '../broker/sampleBatch';

const requireHere = createRequire(import.meta.url);
const CODEC_BITS = { gzip: 1, snappy: 2, lz4: 3 } as const;
const HEADER_BYTES = 61;

/** The batch at another base offset, with attributes and a producer. */
function at(batch: Buffer, base: number, more: { attributes?: number; producerId?: number; lastDelta?: number } = {}) {
  const bytes = Buffer.from(batch);
  bytes.writeBigInt64BE(BigInt(base), 0);
  bytes.writeInt16BE(more.attributes ?? bytes.readInt16BE(21), 21);
  if (more.producerId !== undefined) bytes.writeBigInt64BE(BigInt(more.producerId), 43);
  if (more.lastDelta !== undefined) bytes.writeInt32BE(more.lastDelta, 23);
  return bytes;
}

function packed(batch: Buffer, codec: keyof typeof CODEC_BITS): Buffer {
  const pack = { gzip: gzipSync, snappy: snappyCompress, lz4: lz4Frame }[codec];
  const bytes = Buffer.concat([batch.subarray(0, HEADER_BYTES), pack(batch.subarray(HEADER_BYTES))]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt16BE(CODEC_BITS[codec], 21);
  return bytes;
}

/** A marker at the end of a transaction: key version and kind, value version and coordinator epoch. */
function marker(base: number, producerId: number, kind: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]);
  const record = Buffer.concat([Buffer.from([0, 0, 0, 8]), key, Buffer.from([12, 0, 0, 0, 0, 0, 0, 0])]);
  const bytes = Buffer.concat([batchOf(1).subarray(0, HEADER_BYTES), Buffer.from([record.length * 2]), record]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  return at(bytes, base, { attributes: 0x30, producerId });
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());
const offsets = ({ records }: { records: readonly { offset: number }[] }) => records.map(({ offset }) => offset);

describe('the records of fetched batches', () => {
  it('come with their offsets, times and values, from the position on', async () => {
    const data = Buffer.concat([at(batchOf(3, 1_000), 10), at(batchOf(2, 2_000), 13)]);
    const found = await recordsOf(data, 4, withoutEnd(11));
    expect(found.records.map((one) => [one.partition, one.offset, one.timestamp, text(one.value), one.key])).toEqual([
      [4, 11, 1_001, 'value 1', null],
      [4, 12, 1_002, 'value 2', null],
      [4, 13, 2_000, 'value 0', null],
      [4, 14, 2_001, 'value 1', null],
    ]);
    expect(found).toMatchObject({ next: 15, unreadable: [] });
  });

  it.each(['gzip', 'snappy', 'lz4'] as const)('are unpacked: %s', async (codec) => {
    const found = await recordsOf(packed(batchOf(500), codec), 0, withoutEnd(0));
    expect(found.records.map(({ value }) => text(value))).toEqual(Array.from({ length: 500 }, (_, i) => `value ${i}`));
  });

  it('have the time at which the broker appended them, where the topic says so', async () => {
    const found = await recordsOf(at(batchOf(3, 1_000), 0, { attributes: 0x08 }), 0, withoutEnd(0));
    expect(found.records.map(({ timestamp }) => timestamp)).toEqual([1_002, 1_002, 1_002]);
  });

  it('are as many as compaction left, and the position passes what it took', async () => {
    const found = await recordsOf(at(batchOf(2), 10, { lastDelta: 99 }), 0, withoutEnd(10));
    expect([offsets(found), found.next]).toEqual([[10, 11], 110]);
  });

  it('are told as unreadable when their batch is damaged or packed in an unknown way; the others are read', async () => {
    const damaged = at(packed(batchOf(5), 'gzip'), 2);
    damaged.fill(0xff, HEADER_BYTES, HEADER_BYTES + 8);
    const unknown = at(batchOf(3), 7, { attributes: 7 });
    const data = Buffer.concat([at(batchOf(2), 0), damaged, unknown, at(batchOf(2), 10)]);
    const found = await recordsOf(data, 0, withoutEnd(0));
    expect([offsets(found), found.next]).toEqual([[0, 1, 10, 11], 12]);
    expect(found.unreadable).toEqual([
      { from: 2, to: 7, records: 5, reason: expect.any(String) },
      { from: 7, to: 10, records: 3, reason: expect.stringContaining('codec 7') },
    ]);
  });

  it('of aborted transactions are left out, up to the marker of the same producer', async () => {
    const of = (base: number, producerId: number) => at(batchOf(2), base, { attributes: 0x10, producerId });
    const data = Buffer.concat([
      of(0, 1),
      of(2, 2),
      marker(4, 1, 'abort'),
      of(5, 1),
      marker(7, 2, 'commit'),
      marker(8, 1, 'commit'),
      at(batchOf(1), 9),
    ]);
    const aborted = [{ producerId: 1n, firstOffset: 0 }];
    const found = await recordsOf(data, 0, withoutEnd(0), aborted);
    expect([offsets(found), found.next]).toEqual([[2, 3, 5, 6, 9], 10]);
  });

  it('in the old message format are unpacked by kafkajs', async () => {
    const MessageSet = requireHere('kafkajs/src/protocol/messageSet') as (options: unknown) => { buffer: Buffer };
    const entries = [0, 1].map((i) => ({ key: 'k', value: `old ${i}`, timestamp: 5, magicByte: 1 }));
    const { buffer } = MessageSet({ messageVersion: 1, entries });
    const set = Buffer.from(buffer);
    // kafkajs writes the offsets of a producer, which are all alike.
    const second = set.readInt32BE(8) + 12;
    set.writeBigInt64BE(20n, 0);
    set.writeBigInt64BE(21n, second);
    const found = await recordsOf(set, 0, withoutEnd(20));
    expect(found.records.map(({ offset, value }) => [offset, text(value)])).toEqual([
      [20, 'old 0'],
      [21, 'old 1'],
    ]);
    expect(found.next).toBe(22);
  });

  it('are the same as kafkajs finds, whatever keys, values and times', async () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null });
    const record = fc.record({ key: bytes, value: bytes, timestamp: fc.integer({ min: -1, max: 2 ** 48 }) });
    const Record = requireHere('kafkajs/src/protocol/recordBatch/record/v0') as (options: unknown) => {
      buffer: Buffer;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 30 }), fc.nat(2 ** 40), async (wanted, base) => {
        const first = wanted[0]!.timestamp;
        const body = wanted.map(
          ({ key, value, timestamp }, offsetDelta) =>
            Record({
              offsetDelta,
              timestampDelta: timestamp - first,
              key: key && Buffer.from(key),
              value: value && Buffer.from(value),
              headers: { h: 'x' },
            }).buffer,
        );
        const batch = Buffer.concat([batchOf(wanted.length).subarray(0, HEADER_BYTES), ...body]);
        batch.writeInt32BE(batch.length - 12, 8);
        batch.writeBigInt64BE(BigInt(first), 27);
        const found = await recordsOf(at(batch, base), 0, withoutEnd(base));
        expect(found.unreadable).toEqual([]);
        expect(found.records.map(({ offset, timestamp }) => [offset, timestamp])).toEqual(
          wanted.map(({ timestamp }, i) => [base + i, timestamp]),
        );
        for (const [i, { key, value }] of wanted.entries()) {
          expect(found.records[i]!.key === null ? null : [...found.records[i]!.key]).toEqual(key && [...key]);
          expect(found.records[i]!.value === null ? null : [...found.records[i]!.value]).toEqual(value && [...value]);
        }
      }),
    );
  });

  it('never throw and never step back, whatever the bytes', async () => {
    const whole = Buffer.concat([
      at(batchOf(4), 0),
      at(packed(batchOf(20), 'gzip'), 4),
      marker(24, 3, 'abort'),
      at(sampleBatch([{ value: 'x'.repeat(200), timestamp: 5 }]), 25),
    ]);
    const edit = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 6 }), fc.nat(whole.length), fc.nat(30), async (edits, cut, from) => {
        const data = Buffer.from(whole.subarray(0, cut));
        for (const [where, byte] of edits) if (where < data.length) data[where] = byte;
        const found = await recordsOf(data, 0, withoutEnd(from), [{ producerId: 3n, firstOffset: 2 }]);
        expect(found.next).toBeGreaterThanOrEqual(from);
        for (const { offset } of found.records) expect(offset).toBeGreaterThanOrEqual(from);
      }),
      { numRuns: 2_000 },
    );
  });
});
