/**
 * The header of a record batch of magic 2 (KIP-98), 61 bytes before the records, which stay as they came:
 *
 *   0 baseOffset int64 · 8 batchLength int32 (of what follows it) · 12 partitionLeaderEpoch int32 · 16 magic int8
 *   17 crc uint32 (CRC-32C of all from 21 on) · 21 attributes int16 · 23 lastOffsetDelta int32
 *   27 baseTimestamp int64 · 35 maxTimestamp int64 · 43 producerId int64 · 51 producerEpoch int16
 *   53 baseSequence int32 · 57 recordCount int32 · 61 records
 *
 * The checksum leaves out the first three, so a broker can give a batch its offset without computing it again.
 */
import { ByteReader } from './byteReader.ts';
import { crc32c } from './crc32c.ts';
import { ProtocolError } from './protocolError.ts';

export const BATCH_HEADER_BYTES = 61;
/** Bytes up to and including batchLength: as much as it takes to know where the next batch begins. */
export const BATCH_PREFIX_BYTES = 12;

const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const MAX_TIMESTAMP_AT = 35;

export interface BatchHeader {
  baseOffset: number;
  /** Of the whole batch, with its first twelve bytes. */
  sizeInBytes: number;
  magic: number;
  compressed: boolean;
  /** Times are the broker's, not the producer's (attribute bit 3). */
  logAppendTime: boolean;
  transactional: boolean;
  control: boolean;
  lastOffset: number;
  /** Milliseconds since 1970, as all times here. */
  baseTimestamp: number;
  maxTimestamp: number;
  /** -1 for a producer that is not idempotent. */
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  recordCount: number;
}

function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

function writeInt64(bytes: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
}

export function readBaseOffset(bytes: Buffer, at: number): number {
  return readInt64(bytes, at);
}

/** Whole size of the batch at `at`, where at least the prefix is present; it may well be nonsense. */
export function readBatchSize(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at + 8) + BATCH_PREFIX_BYTES;
}

export function readLastOffset(bytes: Buffer, at: number): number {
  return readInt64(bytes, at) + bytes.readInt32BE(at + 23);
}

/** Takes 61 bytes at `at` for a header, without judging them. */
export function readBatchHeader(bytes: Buffer, at = 0): BatchHeader {
  const attributes = bytes.readInt16BE(at + ATTRIBUTES_AT);
  return {
    baseOffset: readInt64(bytes, at),
    sizeInBytes: readBatchSize(bytes, at),
    magic: bytes.readInt8(at + 16),
    compressed: (attributes & 0x07) !== 0,
    logAppendTime: (attributes & 0x08) !== 0,
    transactional: (attributes & 0x10) !== 0,
    control: (attributes & 0x20) !== 0,
    lastOffset: readLastOffset(bytes, at),
    baseTimestamp: readInt64(bytes, at + 27),
    maxTimestamp: readInt64(bytes, at + MAX_TIMESTAMP_AT),
    producerId: readInt64(bytes, at + 43),
    producerEpoch: bytes.readInt16BE(at + 51),
    baseSequence: bytes.readInt32BE(at + 53),
    recordCount: bytes.readInt32BE(at + 57),
  };
}

/** Whether the header makes sense by itself: the right magic, a size, a count, offsets that fit each other. */
export function isSoundHeader(header: BatchHeader): boolean {
  return (
    header.magic === 2 &&
    header.sizeInBytes >= BATCH_HEADER_BYTES &&
    header.baseOffset >= 0 &&
    header.recordCount >= 0 &&
    header.lastOffset >= header.baseOffset &&
    Number.isSafeInteger(header.lastOffset)
  );
}

/** Whether the checksum of the batch in `bytes` (exactly one, whole) holds. */
export function hasValidChecksum(bytes: Buffer): boolean {
  return bytes.length >= BATCH_HEADER_BYTES && crc32c(bytes, ATTRIBUTES_AT) === bytes.readUInt32BE(CRC_AT);
}

/** Gives a produced batch its place in the log, in its own bytes. */
export function placeBatch(bytes: Buffer, baseOffset: number, leaderEpoch: number): void {
  writeInt64(bytes, baseOffset, 0);
  bytes.writeInt32BE(leaderEpoch, 12);
}

/** Makes the broker's time the time of every record (message.timestamp.type=LogAppendTime, KIP-32). */
export function stampAppendTime(bytes: Buffer, now: number): void {
  bytes.writeInt16BE(bytes.readInt16BE(ATTRIBUTES_AT) | 0x08, ATTRIBUTES_AT);
  writeInt64(bytes, now, MAX_TIMESTAMP_AT);
  bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT), CRC_AT);
}

export interface NewBatch {
  readonly attributes: number;
  /** Of every record in it, in ms. */
  readonly timestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** A batch of the broker's own around records that are already encoded; its place in the log is still to be given. */
export function sealBatch(records: Buffer, batch: NewBatch): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(BATCH_HEADER_BYTES), records]);
  bytes.writeInt32BE(bytes.length - BATCH_PREFIX_BYTES, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(batch.attributes, ATTRIBUTES_AT);
  bytes.writeInt32BE(batch.recordCount - 1, 23);
  writeInt64(bytes, batch.timestamp, 27);
  writeInt64(bytes, batch.timestamp, MAX_TIMESTAMP_AT);
  writeInt64(bytes, batch.producerId, 43);
  bytes.writeInt16BE(batch.producerEpoch, 51);
  bytes.writeInt32BE(batch.baseSequence, 53);
  bytes.writeInt32BE(batch.recordCount, 57);
  bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT), CRC_AT);
  return bytes;
}

export interface TimedOffset {
  readonly offset: number;
  readonly timestamp: number;
}

/**
 * The first record of one whole batch with timestamp >= `time`, or undefined. The records of a compressed batch
 * are not looked at: the answer is then the batch's first record, at most one batch too early.
 */
export function firstRecordAtOrAfter(bytes: Buffer, time: number): TimedOffset | undefined {
  const header = readBatchHeader(bytes);
  if (header.maxTimestamp < time) return undefined;
  if (header.logAppendTime) return { offset: header.baseOffset, timestamp: header.maxTimestamp };
  if (header.compressed || header.baseTimestamp >= time) {
    return { offset: header.baseOffset, timestamp: header.baseTimestamp };
  }
  for (const record of recordTimes(bytes, header)) if (record.timestamp >= time) return record;
  return undefined;
}

/** Where the largest timestamp of a batch is; in a compressed batch its last offset stands for it. */
export function recordWithMaxTimestamp(bytes: Buffer): TimedOffset {
  const header = readBatchHeader(bytes);
  const timestamp = header.maxTimestamp;
  if (!header.compressed && !header.logAppendTime) {
    for (const record of recordTimes(bytes, header)) if (record.timestamp === timestamp) return record;
  }
  return { offset: header.lastOffset, timestamp };
}

/** Offsets and times of the records of an uncompressed batch; ends where its bytes stop making sense. */
function* recordTimes(bytes: Buffer, header: BatchHeader): Generator<TimedOffset> {
  const reader = new ByteReader(bytes);
  reader.skip(BATCH_HEADER_BYTES);
  try {
    for (let index = 0; index < header.recordCount; index += 1) {
      const length = reader.varint();
      const end = reader.position + length;
      reader.int8();
      const timestamp = header.baseTimestamp + reader.varlong();
      const offset = header.baseOffset + reader.varint();
      if (length < 0 || end < reader.position) return;
      reader.skip(end - reader.position);
      yield { offset, timestamp };
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}
