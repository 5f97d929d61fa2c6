/** One file of a partition's log: whole v2 batches and nothing else. For its names see segmentFiles.ts. */
import type { Steps } from '../turns.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_PREFIX_BYTES,
  type BatchHeader,
  firstRecordAtOrAfter,
  readBaseOffset,
  readBatchHeader,
  readBatchSize,
  readLastOffset,
  recordWithMaxTimestamp,
  type TimedOffset,
} from '../wire/recordBatch.ts';
import { scanBatches } from './batchScan.ts';
import { type FileSystem, type OpenFile, readUpTo, writeAll } from './fileSystem.ts';
import { OffsetIndex } from './offsetIndex.ts';
import { type CompactedRange, compactedName, type SegmentFile, segmentName } from './segmentFiles.ts';

const WALK_BYTES = 64 << 10;
/** How far past an index entry the wanted batch may begin, with a header to spare. */
const LOOK_AHEAD_BYTES = 8192;

export class Segment {
  sizeInBytes = 0;
  nextOffset: number;
  maxTimestamp = -1;
  /** When the first batch was appended, in ms; from its timestamp after a restart. */
  firstTimestamp = -1;
  /** Whether any batch is part of a transaction, or ends one. */
  hasTransactions = false;
  private readonly index = new OffsetIndex();

  private constructor(
    public path: string,
    readonly baseOffset: number,
    private file: OpenFile,
    /** What it stands for, unless it is as it was produced. */
    public compacted: CompactedRange | undefined,
  ) {
    this.nextOffset = baseOffset;
  }

  static create(fileSystem: FileSystem, folder: string, baseOffset: number, name = segmentName(baseOffset)): Segment {
    const path = `${folder}/${name}`;
    const file = fileSystem.open(path);
    // A file of that name can only hold what was never acknowledged.
    if (file.size() > 0) file.truncate(0);
    return new Segment(path, baseOffset, file, undefined);
  }

  /**
   * Reads what is on disk, cuts off what is no batch, and says how much that was. Where the base offsets of a compacted
   * segment are not those that it was made with, none of it can be trusted: there is no segment then.
   */
  static *recovering(
    fileSystem: FileSystem,
    folder: string,
    { name, baseOffset, compacted }: SegmentFile,
    verifyFrom: number,
    onBatch: (header: BatchHeader, bytes: () => Buffer) => void,
  ): Steps<{ segment: Segment | undefined; cutBytes: number }> {
    const file = fileSystem.open(`${folder}/${name}`);
    const segment = new Segment(`${folder}/${name}`, baseOffset, file, compacted);
    const fileBytes = file.size();
    const gapsUpTo = compacted?.endOffset;
    const note = (header: BatchHeader, position: number, bytes: () => Buffer) => {
      segment.note(header, position);
      onBatch(header, bytes);
    };
    const { validBytes, seal } = yield* scanBatches(file, fileBytes, baseOffset, gapsUpTo, verifyFrom, note);
    segment.sizeInBytes = validBytes;
    if (validBytes < fileBytes) {
      // Its name first: with the old one, what is left would not be trusted next time.
      if (compacted !== undefined)
        segment.rename(fileSystem, folder, compactedName(baseOffset, { ...compacted, seal }));
      segment.file.truncate(validBytes);
    } else if (compacted !== undefined && seal !== compacted.seal) {
      segment.close();
      return { segment: undefined, cutBytes: fileBytes };
    }
    return { segment, cutBytes: fileBytes - validBytes };
  }

  /** Puts what was written, and is on the disk, in the place of all segments from its base offset up to an end. */
  publish(fileSystem: FileSystem, folder: string, compacted: CompactedRange): void {
    this.rename(fileSystem, folder, compactedName(this.baseOffset, compacted));
    this.compacted = compacted;
  }

  private rename(fileSystem: FileSystem, folder: string, name: string): void {
    const path = `${folder}/${name}`;
    this.file.close();
    fileSystem.rename(this.path, path);
    this.path = path;
    this.file = fileSystem.open(path);
  }

  private note(header: BatchHeader, position: number): void {
    this.index.add(header.baseOffset, position, this.maxTimestamp);
    if (this.firstTimestamp < 0) this.firstTimestamp = header.maxTimestamp;
    if (header.maxTimestamp > this.maxTimestamp) this.maxTimestamp = header.maxTimestamp;
    this.nextOffset = header.lastOffset + 1;
    if (header.transactional) this.hasTransactions = true;
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
    if (readBaseOffset(chunk, start) >= end) return Buffer.alloc(0);
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

  /** The first record at or behind the offset with timestamp >= `time`, if this segment has one. */
  findTime(time: number, from: number): TimedOffset | undefined {
    if (this.maxTimestamp < time) return undefined;
    for (const batch of this.batches(Math.max(this.index.positionBeforeTime(time), this.index.positionBefore(from)))) {
      if (readLastOffset(batch, 0) < from) continue;
      const found = firstRecordAtOrAfter(batch, time, from);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The record with the largest timestamp of all at or behind the offset (KIP-734). */
  findMaxTimestamp(from: number): TimedOffset | undefined {
    let best: TimedOffset | undefined;
    const start =
      from <= this.baseOffset ? this.index.positionBeforeTime(this.maxTimestamp) : this.index.positionBefore(from);
    for (const batch of this.batches(start)) {
      if (readLastOffset(batch, 0) < from) continue;
      const found = recordWithMaxTimestamp(batch, from);
      if (found === undefined) continue;
      if (found.timestamp === this.maxTimestamp) return found;
      if (found.timestamp > (best?.timestamp ?? -1)) best = found;
    }
    return best;
  }

  /** Its batches from a position on, whole, as views that are good until the next one. */
  *batches(start = 0): Generator<Buffer> {
    for (const { window, at, header } of this.walk(start, true)) yield window.subarray(at, at + header.sizeInBytes);
  }

  *headers(): Generator<BatchHeader> {
    for (const { header } of this.walk(0, false)) yield header;
  }

  private *walk(start: number, whole: boolean): Generator<{ window: Buffer; at: number; header: BatchHeader }> {
    let window: Buffer = Buffer.alloc(0);
    let windowAt = start;
    for (let position = start; position < this.sizeInBytes; ) {
      const read = (bytes: number) => {
        window = readUpTo(this.file, position, Math.min(Math.max(bytes, WALK_BYTES), this.sizeInBytes - position));
        windowAt = position;
      };
      if (position + BATCH_HEADER_BYTES > windowAt + window.length) read(BATCH_HEADER_BYTES);
      if (window.length < BATCH_HEADER_BYTES) return;
      const header = readBatchHeader(window, position - windowAt);
      if (whole && position + header.sizeInBytes > windowAt + window.length) read(header.sizeInBytes);
      if (whole && header.sizeInBytes > window.length) return;
      yield { window, at: position - windowAt, header };
      position += header.sizeInBytes;
    }
  }

  /** Nothing will be appended to it any more. */
  seal(): void {
    this.index.trim();
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
