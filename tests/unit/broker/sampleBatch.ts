/** Builds v2 record batches as a producer would, uncompressed. */
import { crc32c } from '../../../src/broker/wire/crc32c.ts';

export interface SampleRecord {
  readonly value: string;
  readonly timestamp: number;
}

export interface SampleOptions {
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly attributes?: number;
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

export function sampleBatch(records: readonly SampleRecord[], options: SampleOptions = {}): Buffer {
  const times = records.map((record) => record.timestamp);
  const baseTimestamp = times[0] ?? 0;
  const body = Buffer.concat(
    records.map(({ value, timestamp }, index) => {
      const payload = Buffer.from(value);
      const record = Buffer.concat([
        Buffer.from([0]),
        zigzag(timestamp - baseTimestamp),
        zigzag(index),
        zigzag(-1),
        zigzag(payload.length),
        payload,
        zigzag(0),
      ]);
      return Buffer.concat([zigzag(record.length), record]);
    }),
  );
  const bytes = Buffer.concat([Buffer.alloc(61), body]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(options.attributes ?? 0, 21);
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
