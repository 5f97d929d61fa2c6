/** The log of one partition: its segments, the appends at its end, and who waits for the next one. */
import type { Steps } from '../turns.ts';
import { type EndMarker, endMarkerBatch } from '../wire/controlBatch.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import {
  type BatchHeader,
  placeBatch,
  readBatchHeader,
  stampAppendTime,
  type TimedOffset,
} from '../wire/recordBatch.ts';
import type { AbortedTransaction } from './abortedTransactions.ts';
import { AppendWaiters } from './appendWaiters.ts';
import type { FileSystem } from './fileSystem.ts';
import { LogFiles, type TellProblem } from './logFiles.ts';
import { type BatchProblem, checkProducedBatch } from './producedBatch.ts';
import { type OpenTransaction, ProducerStates } from './producerStates.ts';
import { firstKeptOffset } from './retention.ts';
import { DirtyTailError } from './segment.ts';
import { SharedSync } from './sharedSync.ts';
import type { LogSettings } from './topicConfig.ts';

/** There is one broker, which leads for ever: the epoch never changes. */
export const LEADER_EPOCH = 0;

/** A sync that takes longer than this is told: until it ends nothing of it is compacted, and `flush.messages` waits. In ms. */
const SLOW_SYNC_MS = 10_000;

const NOT_NEXT = 'the epoch, the sequence number, or being outside of the open transaction does not follow';

export interface LogEvents {
  /** The log has bytes that no sync has covered yet. */
  dirty(log: PartitionLog): void;
  /** Bytes were cut off at start, or the disk refused something. */
  readonly problem: TellProblem;
}

export type AppendResult =
  | { readonly kind: 'appended' | 'duplicate'; readonly baseOffset: number; readonly logAppendTime: number }
  | ({ readonly kind: 'refused' } & BatchProblem);

/** Says why a transactional batch may not be in this partition now, or undefined. */
export type TransactionCheck = (batch: BatchHeader) => BatchProblem | undefined;

const refuseTransactions: TransactionCheck = () => ({
  errorCode: ErrorCode.INVALID_TXN_STATE,
  message: 'there is no transaction that this batch belongs to',
});

export class PartitionLog {
  readonly files: LogFiles;
  private readonly producers = new ProducerStates();
  private readonly waiters = new AppendWaiters();
  private readonly syncs = new SharedSync(() => this.sync());
  private unsyncedRecords = 0;
  private failure: unknown;
  private closed = false;
  private start = 0;
  private written = 0;
  /** All before this offset is known to be on the disk and whole. */
  recoveryPoint: number;

  private constructor(
    fileSystem: FileSystem,
    folder: string,
    public settings: LogSettings,
    recoveryPoint: number,
    private readonly events: LogEvents,
  ) {
    this.recoveryPoint = recoveryPoint;
    this.files = new LogFiles(fileSystem, folder, events.problem);
  }

  /**
   * Reads what is there.
   *
   * @param startOffset below which records have been deleted
   */
  static *opening(
    fileSystem: FileSystem,
    folder: string,
    settings: LogSettings,
    recoveryPoint: number,
    events: LogEvents,
    startOffset = 0,
  ): Steps<PartitionLog> {
    const log = new PartitionLog(fileSystem, folder, settings, recoveryPoint, events);
    yield* log.recovering(recoveryPoint);
    log.recoverStart(startOffset);
    return log;
  }

  private *recovering(verifyFrom: number): Steps<void> {
    yield* this.files.recovering(verifyFrom, (header, bytes) => this.producers.noteFound(header, bytes));
    this.recoveryPoint = Math.min(this.recoveryPoint, this.nextOffset);
  }

  private recoverStart(startOffset: number): void {
    this.start = Math.max(startOffset, this.files.segments.first?.baseOffset ?? 0);
    if (this.start > this.nextOffset) {
      // The end of the log was lost, and with it all that was left: offsets that were given once are not given again.
      this.files.beginAt(this.start);
      this.recoveryPoint = this.start;
    }
    this.files.forgetBelow(this.start);
  }

  get folder(): string {
    return this.files.folder;
  }

  /** The first offset that may be read. */
  get startOffset(): number {
    return this.start;
  }

  /** The offset that the next record gets; with one replica also the high watermark. */
  get nextOffset(): number {
    return this.files.active.nextOffset;
  }

  /** End of what a read-committed consumer may see: the first open transaction holds it back. */
  get lastStableOffset(): number {
    return Math.max(this.producers.firstOpenOffset ?? this.nextOffset, this.startOffset);
  }

  openTransactions(): OpenTransaction[] {
    return this.producers.openTransactions();
  }

  /** The aborted transactions that have anything in [from, to). */
  abortedTransactions(from: number, to: number): AbortedTransaction[] {
    return this.producers.aborted.overlapping(from, to);
  }

  /** Bytes that have been appended since the log was opened. */
  get appendedBytes(): number {
    return this.written;
  }

  /** Whether anything lies behind the recovery point. */
  get isDirty(): boolean {
    return this.nextOffset > this.recoveryPoint;
  }

  /** The disk has refused something that could not be made good: only reads are served until the next start. */
  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** On the disk, with what is deleted but shares a file with what is not. */
  get sizeInBytes(): number {
    return this.files.segments.sizeInBytes;
  }

  /** Appends what a producer sent for this partition, patching the batch's bytes in place. */
  append(bytes: Buffer, now: number, checkTransaction = refuseTransactions): AppendResult {
    const checked = checkProducedBatch(bytes, this.settings, now);
    if ('errorCode' in checked) return { kind: 'refused', ...checked };
    const header = checked;
    const outside = header.transactional ? checkTransaction(header) : undefined;
    if (outside !== undefined) return { kind: 'refused', ...outside };
    if (this.failure !== undefined) return refusedByDisk(this.failure);
    const verdict = this.producers.check(header);
    if (verdict.kind === 'duplicate') return { kind: 'duplicate', baseOffset: verdict.baseOffset, logAppendTime: -1 };
    if (verdict.kind === 'refused') return { ...verdict, message: NOT_NEXT };
    try {
      this.write(bytes, header, now);
    } catch (error) {
      return refusedByDisk(error);
    }
    this.producers.note(header, now);
    this.waiters.wake();
    const { baseOffset } = header;
    return { kind: 'appended', baseOffset, logAppendTime: this.settings.logAppendTime ? now : -1 };
  }

  /** Writes the marker that ends a producer's transaction here. Throws if the disk refuses. */
  endTransaction(marker: EndMarker, now: number): void {
    if (this.failure !== undefined) throw this.failure;
    const bytes = endMarkerBatch(marker, now);
    const header = readBatchHeader(bytes);
    this.write(bytes, header, now);
    this.producers.noteEnd(marker, header.baseOffset, now);
    this.waiters.wake();
  }

  /** Gives the batch its place and writes it there. Throws if the disk refuses, with the log as it was. */
  private write(bytes: Buffer, header: BatchHeader, now: number): void {
    const baseOffset = this.nextOffset;
    header.lastOffset += baseOffset - header.baseOffset;
    header.baseOffset = baseOffset;
    placeBatch(bytes, baseOffset, LEADER_EPOCH);
    if (this.settings.logAppendTime) {
      stampAppendTime(bytes, now);
      header.maxTimestamp = now;
    }
    try {
      if (this.isFull(bytes.length, header.maxTimestamp)) this.roll();
      this.files.active.append(bytes, header);
    } catch (error) {
      if (error instanceof DirtyTailError) this.failure = error;
      this.events.problem('the disk refused a write', { folder: this.folder, error: String(error) });
      throw error;
    }
    this.written += bytes.length;
    this.unsyncedRecords += header.recordCount;
    this.events.dirty(this);
  }

  private isFull(moreBytes: number, timestamp: number): boolean {
    const { sizeInBytes, firstTimestamp } = this.files.active;
    if (sizeInBytes === 0) return false;
    return sizeInBytes + moreBytes > this.settings.segmentBytes || timestamp - firstTimestamp > this.settings.segmentMs;
  }

  private roll(): void {
    this.files.roll();
    void this.flush().catch(() => {});
  }

  /** See SegmentList.read. The caller has checked that the offset is between start and `end`. */
  read(offset: number, maxBytes: number, atLeastOne: boolean, end = this.nextOffset): Buffer {
    return this.files.segments.read(offset, maxBytes, atLeastOne, end);
  }

  /** The first record with timestamp >= `time`, in ms. */
  findTime(time: number): TimedOffset | undefined {
    return this.files.segments.findTime(time, this.start);
  }

  findMaxTimestamp(): TimedOffset | undefined {
    return this.files.segments.findMaxTimestamp(this.start);
  }

  /** Moves the start on to an offset up to the end: what is before it can no longer be read, whole files of it go. */
  deleteBefore(offset: number): void {
    if (offset <= this.start) return;
    try {
      // Only a file that nothing is written to any more can be removed.
      if (offset === this.nextOffset && this.files.active.sizeInBytes > 0 && this.failure === undefined) this.roll();
    } catch (error) {
      this.events.problem('a new segment could not be begun', { folder: this.folder, error: String(error) });
    }
    this.start = offset;
    this.producers.aborted.dropBefore(offset);
    this.files.removeBelow(this.start);
    this.waiters.wake();
  }

  /** Deletes, from the oldest on, whole segments that time or size has outgrown. */
  applyRetention(now: number): void {
    if (this.closed || !this.settings.deletesOldSegments) return;
    this.deleteBefore(firstKeptOffset(this.files.segments.from(this.start), this.settings, now));
  }

  /** Begins a new segment where the active one holds anything from before that time, in ms. */
  rollIfOlder(time: number): void {
    const { sizeInBytes, firstTimestamp } = this.files.active;
    if (this.closed || this.failure !== undefined || sizeInBytes === 0) return;
    if (firstTimestamp < 0 || firstTimestamp >= time) return;
    try {
      this.roll();
    } catch (error) {
      this.events.problem('a new segment could not be begun', { folder: this.folder, error: String(error) });
    }
  }

  /** Forgets the producers that have long been silent. */
  expireProducers(now: number): void {
    this.producers.expire(now);
  }

  /** Calls back once, at the next append or when the log goes away; returns how to stop waiting. */
  whenAppended(callback: () => void): () => void {
    return this.waiters.add(callback);
  }

  /** Whether acks have to wait for a sync now (flush.messages). */
  get mustFlush(): boolean {
    return this.unsyncedRecords >= this.settings.flushMessages;
  }

  /** Brings all that was appended before the call to the disk. */
  flush(): Promise<void> {
    return this.syncs.request();
  }

  private async sync(): Promise<void> {
    const upTo = this.nextOffset;
    this.unsyncedRecords = 0;
    const slow = setTimeout(() => {
      this.events.problem('the disk takes long to sync', { folder: this.folder, forMs: SLOW_SYNC_MS });
    }, SLOW_SYNC_MS);
    slow.unref();
    try {
      await this.files.sync();
    } catch (error) {
      // After a failed sync nobody knows what the disk has: the kernel may drop the pages and report success next.
      this.failure = error;
      this.events.problem('the disk refused a sync', { folder: this.folder, error: String(error) });
      throw error;
    } finally {
      clearTimeout(slow);
    }
    this.recoveryPoint = Math.max(this.recoveryPoint, upTo);
    this.files.removeBelow(this.start);
  }

  /** Syncs and closes the files. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.isDirty || this.syncs.isRunning) await this.flush().catch(() => {});
    const closing = this.files.close();
    this.waiters.wake();
    await closing;
  }
}

function refusedByDisk(error: unknown): AppendResult {
  return { kind: 'refused', errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: `the disk refused: ${String(error)}` };
}
