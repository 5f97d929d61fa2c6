/** Record batches as a producer would send them, and such as none should. */
import { gzipSync } from 'node:zlib';
import { crc32c } from '../../src/broker/wire/crc32c.ts';
import { BATCH_HEADER_BYTES } from '../../src/broker/wire/recordBatch.ts';
import { type SampleOptions, sampleBatch } from '../unit/broker/sampleBatch.ts';

export interface BatchOptions extends SampleOptions {
  readonly valueBytes?: number;
}

/** One record for each time, in ms. */
export function batch(times: readonly number[], { valueBytes = 5, ...options }: BatchOptions = {}): Buffer {
  const records = times.map((timestamp, index) => ({ value: String(index).padEnd(valueBytes, '.'), timestamp }));
  return sampleBatch(records, options);
}

export function compressed(times: readonly number[], options: BatchOptions = {}): Buffer {
  return withBody(batch(times, { ...options, attributes: 1 }), gzipSync(batch(times).subarray(BATCH_HEADER_BYTES)));
}

/** With other bytes in the place of the records. */
export function withBody(whole: Buffer, body: Buffer): Buffer {
  const bytes = Buffer.concat([whole.subarray(0, BATCH_HEADER_BYTES), body]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  return signed(bytes);
}

/** A batch in which something was changed, with a checksum that holds. */
export function changed(whole: Buffer, change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(whole);
  change(bytes);
  return signed(bytes);
}

/** The same without the checksum. */
export function spoilt(whole: Buffer, change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(whole);
  change(bytes);
  return bytes;
}

function signed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}
