/** Takes records out of a batch. What stays keeps its offsets, and the batch its first and its last one. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Codec, decompress } from '../compression/decompress.ts';
import { atOnce, inTurns, type Pause, type Steps } from '../turns.ts';
import { crc32c } from '../wire/crc32c.ts';
import { ProtocolError } from '../wire/protocolError.ts';
import { BATCH_HEADER_BYTES, type BatchHeader, hasValidChecksum, readBatchHeader } from '../wire/recordBatch.ts';
import { type RecordView, readRecords, withTimestampDelta } from '../wire/records.ts';

const ATTRIBUTES_AT = 21;
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const RECORD_COUNT_AT = 57;
const CODEC_BITS = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
/** The base timestamp is the time until which the batch's tombstones stay (KIP-534). */
const DELETE_HORIZON = 0x40;
/** Times beyond this cannot be counted from another one exactly. */
const MAX_TIMESTAMP = 2 ** 51;

export interface OpenedBatch {
  readonly bytes: Buffer;
  readonly header: BatchHeader;
  /** Uncompressed. */
  readonly body: Buffer;
  readonly records: readonly RecordView[];
  /** Milliseconds since 1970 until which its tombstones stay, where a compaction has said so. */
  readonly deleteHorizon: number | undefined;
}

const pack = promisify<Buffer, Buffer>(gzip);

/** Undefined where its records cannot be read: damaged, of no such form, or in a codec that is not known here. */
export async function openBatch(bytes: Buffer, pause: Pause): Promise<OpenedBatch | undefined> {
  if (!hasValidChecksum(bytes)) return undefined;
  const header = readBatchHeader(bytes);
  const packed = bytes.subarray(BATCH_HEADER_BYTES);
  // Nothing is what no codec makes of nothing.
  const isPlain = header.recordCount === 0;
  const body = isPlain ? packed : await decompress(bytes.readInt16BE(ATTRIBUTES_AT) & CODEC_BITS, packed, pause);
  return body === undefined ? undefined : inTurns(readBody(bytes, header, body), pause);
}

/** The same for a batch that is not compressed, whose checksum has been looked at. */
export function openPlainBatch(bytes: Buffer): OpenedBatch | undefined {
  return atOnce(readBody(bytes, readBatchHeader(bytes), bytes.subarray(BATCH_HEADER_BYTES)));
}

function* readBody(bytes: Buffer, header: BatchHeader, body: Buffer): Steps<OpenedBatch | undefined> {
  try {
    const records = yield* readRecords(body, header.recordCount);
    const isExact = records.every(
      ({ timestampDelta }) => Math.abs(header.baseTimestamp + timestampDelta) < MAX_TIMESTAMP,
    );
    if (!isExact || Math.abs(header.baseTimestamp) >= MAX_TIMESTAMP) return undefined;
    return { bytes, header, body, records, deleteHorizon: deleteHorizonOf(bytes) };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

export function deleteHorizonOf(bytes: Buffer): number | undefined {
  const hasHorizon = (bytes.readInt16BE(ATTRIBUTES_AT) & DELETE_HORIZON) !== 0;
  return hasHorizon ? readBatchHeader(bytes).baseTimestamp : undefined;
}

/**
 * The batch with these of its records alone, one at least. A compressed one comes out in gzip, which every client and every Node can read.
 *
 * @param deleteHorizon as it was, or as it is set now
 */
export async function withRecords(
  batch: OpenedBatch,
  kept: readonly RecordView[],
  deleteHorizon: number | undefined,
): Promise<Buffer> {
  const { header, body } = batch;
  const baseTimestamp = deleteHorizon ?? header.baseTimestamp;
  const shift = header.baseTimestamp - baseTimestamp;
  const pieces = kept.map((record) =>
    shift === 0
      ? body.subarray(record.start, record.end)
      : withTimestampDelta(body, record, record.timestampDelta + shift),
  );
  const plain = Buffer.concat(pieces);
  const packed = header.compressed ? await pack(plain) : plain;
  const isPacked = packed.length < plain.length;
  const bytes = Buffer.concat([batch.bytes.subarray(0, BATCH_HEADER_BYTES), isPacked ? packed : plain]);
  let attributes = bytes.readInt16BE(ATTRIBUTES_AT) & ~(CODEC_BITS | DELETE_HORIZON);
  if (isPacked) attributes |= Codec.GZIP;
  if (deleteHorizon !== undefined) attributes |= DELETE_HORIZON;
  bytes.writeInt16BE(attributes, ATTRIBUTES_AT);
  bytes.writeBigInt64BE(BigInt(baseTimestamp), BASE_TIMESTAMP_AT);
  if ((attributes & LOG_APPEND_TIME) === 0) {
    const newest = kept.reduce((most, { timestampDelta }) => Math.max(most, timestampDelta), Number.NEGATIVE_INFINITY);
    bytes.writeBigInt64BE(BigInt(header.baseTimestamp + newest), MAX_TIMESTAMP_AT);
  }
  bytes.writeInt32BE(kept.length, RECORD_COUNT_AT);
  return seal(bytes);
}

/** The header alone. It is no part of a transaction any more, whose end may be forgotten before it. */
export function withoutRecords(batch: Buffer): Buffer {
  const bytes = Buffer.from(batch.subarray(0, BATCH_HEADER_BYTES));
  bytes.writeInt16BE(bytes.readInt16BE(ATTRIBUTES_AT) & ~(CODEC_BITS | TRANSACTIONAL), ATTRIBUTES_AT);
  bytes.writeInt32BE(0, RECORD_COUNT_AT);
  return seal(bytes);
}

/** An end marker of a transaction, to be kept until then. Its record, whose time nobody reads, stays as it is. */
export function withDeleteHorizon(marker: Buffer, deleteHorizon: number): Buffer {
  const bytes = Buffer.from(marker);
  bytes.writeInt16BE(bytes.readInt16BE(ATTRIBUTES_AT) | DELETE_HORIZON, ATTRIBUTES_AT);
  bytes.writeBigInt64BE(BigInt(deleteHorizon), BASE_TIMESTAMP_AT);
  return seal(bytes);
}

function seal(bytes: Buffer): Buffer {
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT), 17);
  return bytes;
}
