/** One file of a partition's log: `<20-digit base offset>.log`, whole v2 batches and nothing else. */
import {
  BATCH_HEADER_BYTES,
  BATCH_PREFIX_BYTES,
  type BatchHeader,
  firstRecordAtOrAfter,
  readBaseOffset,
  readBatchSize,
  readLastOffset,
  recordWithMaxTimestamp,
  type TimedOffset,
} from '../wire/recordBatch.ts';
import { scanBatches } from './batchScan.ts';
import { type FileSystem, type OpenFile, readUpTo, writeAll } from './fileSystem.ts';
import { OffsetIndex } from './offsetIndex.ts';

/** How far past an index entry the wanted batch may begin, with a header to spare. */
const LOOK_AHEAD_BYTES = 8192;

export function segmentName(baseOffset: number): string {
  return `${String(baseOffset).padStart(20, '0')}.log`;
}

export function segmentBaseOffset(name: string): number | undefined {
  return /^\d{20}\.log$/.test(name) ? Number(name.slice(0, 20)) : undefined;
}

export class Segment {
  sizeInBytes = 0;
  nextOffset: number;
  maxTimestamp = -1;
  /** When the first batch was appended, in ms; from its timestamp after a restart. */
  firstTimestamp = -1;
  private index = new OffsetIndex();

  private constructor(
    readonly path: string,
    readonly baseOffset: number,
    private readonly file: OpenFile,
  ) {
    this.nextOffset = baseOffset;
  }

  static create(fileSystem: FileSystem, folder: string, baseOffset: number): Segment {
    const path = `${folder}/${segmentName(baseOffset)}`;
    const file = fileSystem.open(path);
    // A file of that name can only hold what was never acknowledged.
    if (file.size() > 0) file.truncate(0);
    return new Segment(path, baseOffset, file);
  }

  /** Reads what is on disk, cuts off what is no batch, and says how much that was. */
  static recover(
    fileSystem: FileSystem,
    folder: string,
    baseOffset: number,
    verifyFrom: number,
    onBatch: (header: BatchHeader, bytes: () => Buffer) => void,
  ): { segment: Segment; cutBytes: number } {
    const path = `${folder}/${segmentName(baseOffset)}`;
    const file = fileSystem.open(path);
    const segment = new Segment(path, baseOffset, file);
    const fileBytes = file.size();
    const { validBytes } = scanBatches(file, fileBytes, baseOffset, verifyFrom, (header, position, bytes) => {
      segment.note(header, position);
      onBatch(header, bytes);
    });
    if (validBytes < fileBytes) file.truncate(validBytes);
    segment.sizeInBytes = validBytes;
    return { segment, cutBytes: fileBytes - validBytes };
  }

  private note(header: BatchHeader, position: number): void {
    this.index.add(header.baseOffset, position, this.maxTimestamp);
    if (this.firstTimestamp < 0) this.firstTimestamp = header.maxTimestamp;
    if (header.maxTimestamp > this.maxTimestamp) this.maxTimestamp = header.maxTimestamp;
    this.nextOffset = header.lastOffset + 1;
  }

  /** On any failure the file is as it was before, or `DirtyTailError` says that it is not. */
  append(bytes: Buffer, header: BatchHeader): void {
    try {
      writeAll(this.file, bytes, this.sizeInBytes);
    } catch (error) {
      try {
        this.file.truncate(this.sizeInBytes);
      } catch (truncation) {
        throw new DirtyTailError(this.path, { cause: truncation });
      }
      throw error;
    }
    this.note(header, this.sizeInBytes);
    this.sizeInBytes += bytes.length;
  }

  /**
   * Whole batches from the one that contains `offset` on, as long as they fit `maxBytes`; with `atLeastOne`, the
   * first even if it does not. None begins at `end` or behind it, which is where a batch begins. Empty if nothing is
   * there or fits.
   */
  read(offset: number, maxBytes: number, atLeastOne: boolean, end: number): Buffer {
    const from = this.index.positionBefore(offset);
    const limit = this.sizeInBytes - from;
    let chunk = readUpTo(this.file, from, Math.min(limit, Math.max(maxBytes, 0) + LOOK_AHEAD_BYTES));
    let start = 0;
    for (;;) {
      if (start + BATCH_HEADER_BYTES > chunk.length) {
        if (chunk.length >= limit) return Buffer.alloc(0);
        chunk = readUpTo(this.file, from, Math.min(limit, start + Math.max(maxBytes, 0) + LOOK_AHEAD_BYTES));
        if (start + BATCH_HEADER_BYTES > chunk.length) return Buffer.alloc(0);
      }
      if (readLastOffset(chunk, start) >= offset) break;
      start += readBatchSize(chunk, start);
    }
    const firstSize = readBatchSize(chunk, start);
    if (firstSize > maxBytes) return atLeastOne ? readUpTo(this.file, from + start, firstSize) : Buffer.alloc(0);
    let stop = start;
    while (stop + BATCH_PREFIX_BYTES <= chunk.length && readBaseOffset(chunk, stop) < end) {
      const next = stop + readBatchSize(chunk, stop);
      if (next > chunk.length || next - start > maxBytes) break;
      stop = next;
    }
    if (stop === start) return readUpTo(this.file, from + start, firstSize);
    return chunk.subarray(start, stop);
  }

  /** The first record with timestamp >= `time`, if this segment has one. */
  findTime(time: number): TimedOffset | undefined {
    if (this.maxTimestamp < time) return undefined;
    let position = this.index.positionBeforeTime(time);
    while (position < this.sizeInBytes) {
      const batch = this.batchAt(position);
      if (batch === undefined) return undefined;
      const found = firstRecordAtOrAfter(batch, time);
      if (found !== undefined) return found;
      position += batch.length;
    }
    return undefined;
  }

  /** The record with the segment's largest timestamp (KIP-734). */
  findMaxTimestamp(): TimedOffset | undefined {
    let position = this.index.positionBeforeTime(this.maxTimestamp);
    while (position < this.sizeInBytes) {
      const batch = this.batchAt(position);
      if (batch === undefined) return undefined;
      const found = recordWithMaxTimestamp(batch);
      if (found.timestamp === this.maxTimestamp) return found;
      position += batch.length;
    }
    return undefined;
  }

  private batchAt(position: number): Buffer | undefined {
    const prefix = readUpTo(this.file, position, BATCH_PREFIX_BYTES);
    if (prefix.length < BATCH_PREFIX_BYTES) return undefined;
    const size = readBatchSize(prefix, 0);
    const batch = readUpTo(this.file, position, size);
    return batch.length === size ? batch : undefined;
  }

  sync(): void {
    this.file.sync();
  }

  syncLater(): Promise<void> {
    return this.file.syncLater();
  }

  close(): void {
    this.file.close();
  }
}

/** A failed write could not be taken back: the log must not be written to until it has been checked again. */
export class DirtyTailError extends Error {
  override readonly name = 'DirtyTailError';

  constructor(path: string, options: { cause: unknown }) {
    super(`a failed write to ${path} could not be cut off again`, options);
  }
}
