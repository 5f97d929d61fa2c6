/** Builds v2 record batches as a producer would, and takes them apart. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { crc32c } from '../../../src/broker/wire/crc32c.ts';

export interface SampleRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestamp: number;
}

export interface SampleOptions {
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly attributes?: number;
  readonly gzip?: boolean;
  /** Already compressed, by what the attributes say. */
  readonly pack?: (body: Buffer) => Buffer;
}

function zigzag(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function nullable(text: string | null): Buffer {
  if (text === null) return zigzag(-1);
  const bytes = Buffer.from(text);
  return Buffer.concat([zigzag(bytes.length), bytes]);
}

export interface FoundRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
}

/** All records of the batches, uncompressed or in gzip, read by other code than the broker's. */
export function recordsOf(batches: Buffer): FoundRecord[] {
  const found: FoundRecord[] = [];
  for (let at = 0; at < batches.length; ) {
    const size = batches.readInt32BE(at + 8) + 12;
    const base = Number(batches.readBigInt64BE(at));
    const baseTimestamp = Number(batches.readBigInt64BE(at + 27));
    const packed = batches.subarray(at + 61, at + size);
    const count = batches.readInt32BE(at + 57);
    const body = (batches.readInt16BE(at + 21) & 7) === 1 ? gunzipSync(packed) : packed;
    let position = 0;
    const varint = () => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const byte = body.readUInt8(position);
        position += 1;
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
      }
    };
    const text = () => {
      const length = varint();
      if (length < 0) return null;
      position += length;
      return body.toString('utf8', position - length, position);
    };
    for (let index = 0; index < count; index += 1) {
      varint();
      position += 1;
      const timestamp = baseTimestamp + varint();
      const offset = base + varint();
      found.push({ offset, timestamp, key: text(), value: text() });
      if (varint() !== 0) throw new Error('no headers were written');
    }
    if (position !== body.length) throw new Error(`${body.length - position} bytes follow the last record`);
    at += size;
  }
  return found;
}

export function sampleBatch(records: readonly SampleRecord[], options: SampleOptions = {}): Buffer {
  const times = records.map((record) => record.timestamp);
  const baseTimestamp = times[0] ?? 0;
  const body = Buffer.concat(
    records.map(({ key, value, timestamp }, index) => {
      const record = Buffer.concat([
        Buffer.from([0]),
        zigzag(timestamp - baseTimestamp),
        zigzag(index),
        nullable(key ?? null),
        nullable(value),
        zigzag(0),
      ]);
      return Buffer.concat([zigzag(record.length), record]);
    }),
  );
  const pack = options.pack ?? (options.gzip ? gzipSync : (plain: Buffer) => plain);
  const bytes = Buffer.concat([Buffer.alloc(61), pack(body)]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE((options.attributes ?? 0) | (options.gzip ? 1 : 0), 21);
  bytes.writeInt32BE(records.length - 1, 23);
  bytes.writeBigInt64BE(BigInt(baseTimestamp), 27);
  bytes.writeBigInt64BE(BigInt(Math.max(...times)), 35);
  bytes.writeBigInt64BE(BigInt(options.producerId ?? -1), 43);
  bytes.writeInt16BE(options.producerEpoch ?? -1, 51);
  bytes.writeInt32BE(options.baseSequence ?? -1, 53);
  bytes.writeInt32BE(records.length, 57);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

/** One batch of `count` records, at the times `from`, `from + 1`, ... */
export function batchOf(count: number, from = 1000, options: SampleOptions = {}): Buffer {
  const records = Array.from({ length: count }, (_, index) => ({ value: `value ${index}`, timestamp: from + index }));
  return sampleBatch(records, options);
}
