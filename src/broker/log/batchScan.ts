/**
 * Walks the batches of a segment file from their headers. It trusts nothing: it stops, and says where, at the
 * first bytes that are not a whole, sound batch in its place.
 */

import type { Steps } from '../turns.ts';
import { crc32c } from '../wire/crc32c.ts';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  hasValidChecksum,
  isSoundHeader,
  readBatchHeader,
} from '../wire/recordBatch.ts';
import { type OpenFile, readUpTo } from './fileSystem.ts';

const WINDOW_BYTES = 1 << 20;

export interface BatchScan {
  /** Size of the part of the file that is whole batches in order; the rest is to be cut off. */
  readonly validBytes: number;
  /** Of the base offsets of these batches, where gaps are allowed; see extendSeal. */
  readonly seal: number;
}

/**
 * @param gapsUpTo where offsets may be missing between batches, as in a compacted segment, the offset that all are below
 * @param verifyFrom offset from which on checksums are computed; those of earlier batches were, when they were written
 * @param onBatch is told of each good batch, and can ask for its bytes
 */
export function* scanBatches(
  file: OpenFile,
  fileBytes: number,
  firstOffset: number,
  gapsUpTo: number | undefined,
  verifyFrom: number,
  onBatch: (header: BatchHeader, position: number, bytes: () => Buffer) => void,
): Steps<BatchScan> {
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  let position = 0;
  let nextOffset = firstOffset;
  let seal = 0;
  /** The file's bytes from `position` on, as a view; shorter than `length` only where the file ends. */
  const bytesAt = (length: number): Buffer => {
    if (position + length > windowAt + window.length) {
      window = readUpTo(file, position, Math.min(Math.max(length, WINDOW_BYTES), fileBytes - position));
      windowAt = position;
    }
    return window.subarray(position - windowAt, position - windowAt + length);
  };
  while (position + BATCH_HEADER_BYTES <= fileBytes) {
    const headerBytes = bytesAt(BATCH_HEADER_BYTES);
    if (headerBytes.length < BATCH_HEADER_BYTES) break;
    const header = readBatchHeader(headerBytes);
    // The checksum leaves the base offset out, so that it has to be right by its place: only compaction makes gaps.
    if (!isSoundHeader(header) || !isInPlace(header, nextOffset, gapsUpTo)) break;
    if (position + header.sizeInBytes > fileBytes) break;
    if (header.lastOffset >= verifyFrom && !hasValidChecksum(bytesAt(header.sizeInBytes))) break;
    onBatch(header, position, () => bytesAt(header.sizeInBytes));
    nextOffset = header.lastOffset + 1;
    position += header.sizeInBytes;
    if (gapsUpTo !== undefined) seal = extendSeal(seal, header.baseOffset);
    yield;
  }
  return { validBytes: position, seal };
}

function isInPlace({ baseOffset, lastOffset }: BatchHeader, nextOffset: number, gapsUpTo: number | undefined): boolean {
  if (gapsUpTo === undefined) return baseOffset === nextOffset;
  return baseOffset >= nextOffset && lastOffset < gapsUpTo;
}

/** The seal with one more batch: the checksum of the one before, and the batch's base offset. */
export function extendSeal(seal: number, baseOffset: number): number {
  const bytes = Buffer.allocUnsafe(12);
  bytes.writeUInt32BE(seal, 0);
  bytes.writeBigInt64BE(BigInt(baseOffset), 4);
  return crc32c(bytes, 0);
}
