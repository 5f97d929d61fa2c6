/** The log of one partition: its segments, the appends at its end, and who waits for the next one. */
import { type EndMarker, endMarkerBatch, readEndMarker } from '../wire/controlBatch.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import {
  type BatchHeader,
  placeBatch,
  readBatchHeader,
  stampAppendTime,
  type TimedOffset,
} from '../wire/recordBatch.ts';
import { type AbortedTransaction, AbortedTransactions } from './abortedTransactions.ts';
import type { FileSystem } from './fileSystem.ts';
import { type BatchProblem, checkProducedBatch } from './producedBatch.ts';
import { type OpenTransaction, ProducerStates } from './producerStates.ts';
import { DirtyTailError, Segment, segmentBaseOffset } from './segment.ts';
import type { LogSettings } from './topicConfig.ts';

/** There is one broker, which leads for ever: the epoch never changes. */
export const LEADER_EPOCH = 0;

const NOT_NEXT = 'the epoch, the sequence number, or being outside of the open transaction does not follow';

export interface LogEvents {
  /** The log has bytes that no sync has covered yet. */
  dirty(log: PartitionLog): void;
  /** Bytes were cut off at start, or the disk refused something. */
  problem(message: string, details: Readonly<Record<string, unknown>>): void;
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
  private readonly segments: Segment[] = [];
  private readonly producers = new ProducerStates();
  private readonly aborted = new AbortedTransactions();
  private readonly waiting = new Set<() => void>();
  /** Rolled segments whose last bytes are not known to be on the disk. */
  private unsynced: Segment[] = [];
  private unsyncedRecords = 0;
  private runningFlush: Promise<void> | undefined;
  private nextFlush: Promise<void> | undefined;
  private failure: unknown;
  private closed = false;
  /** All before this offset is known to be on the disk and whole. */
  recoveryPoint: number;

  constructor(
    private readonly fileSystem: FileSystem,
    readonly folder: string,
    readonly settings: LogSettings,
    recoveryPoint: number,
    private readonly events: LogEvents,
  ) {
    this.recoveryPoint = recoveryPoint;
    fileSystem.makeFolder(folder);
    this.recover(recoveryPoint);
  }

  private recover(verifyFrom: number): void {
    const bases = this.fileSystem
      .list(this.folder)
      .map(segmentBaseOffset)
      .filter((base) => base !== undefined);
    let broken = false;
    for (const base of bases) {
      const last = this.segments.at(-1);
      if (broken || (last !== undefined && base < last.nextOffset)) {
        // What follows a hole cannot be offered: consumers take offsets to be in order and without gaps of ours.
        this.events.problem('a segment behind damaged bytes was dropped', { folder: this.folder, segment: base });
        this.fileSystem.rename(
          `${this.folder}/${String(base).padStart(20, '0')}.log`,
          `${this.folder}/${base}.dropped`,
        );
        continue;
      }
      const { segment, cutBytes } = Segment.recover(this.fileSystem, this.folder, base, verifyFrom, (header, bytes) =>
        this.noteRecovered(header, bytes),
      );
      this.segments.push(segment);
      if (cutBytes > 0) {
        broken = true;
        this.events.problem('damaged bytes at the end of a segment were cut off', {
          folder: this.folder,
          segment: base,
          cutBytes,
          nextOffset: segment.nextOffset,
        });
      }
    }
    if (this.segments.length === 0) this.segments.push(Segment.create(this.fileSystem, this.folder, 0));
    this.recoveryPoint = Math.min(this.recoveryPoint, this.nextOffset);
    if (this.nextOffset > this.recoveryPoint) this.unsynced = this.segments.slice(0, -1);
  }

  private noteRecovered(header: BatchHeader, bytes: () => Buffer): void {
    const marker = header.control ? readEndMarker(bytes()) : undefined;
    if (marker === undefined) this.producers.note(header);
    else this.noteEnd({ ...header, committed: marker === 'commit' }, header.baseOffset);
  }

  private noteEnd(marker: EndMarker, lastOffset: number, now?: number): void {
    const firstOffset = this.producers.noteEnd(marker, now);
    if (firstOffset === undefined || marker.committed) return;
    this.aborted.add({ producerId: marker.producerId, firstOffset, lastOffset });
  }

  private get active(): Segment {
    const last = this.segments.at(-1);
    if (last === undefined) throw new Error(`${this.folder} has no segment`);
    return last;
  }

  get startOffset(): number {
    return this.segments[0]?.baseOffset ?? 0;
  }

  /** The offset that the next record gets; with one replica also the high watermark. */
  get nextOffset(): number {
    return this.active.nextOffset;
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
    return this.aborted.overlapping(from, to);
  }

  /** Whether anything lies behind the recovery point. */
  get isDirty(): boolean {
    return this.nextOffset > this.recoveryPoint;
  }

  /** The disk has refused something that could not be made good: only reads are served until the next start. */
  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  get sizeInBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);
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
    this.wake();
    const { baseOffset } = header;
    return { kind: 'appended', baseOffset, logAppendTime: this.settings.logAppendTime ? now : -1 };
  }

  /** Writes the marker that ends a producer's transaction here. Throws if the disk refuses. */
  endTransaction(marker: EndMarker, now: number): void {
    if (this.failure !== undefined) throw this.failure;
    const bytes = endMarkerBatch(marker, now);
    const header = readBatchHeader(bytes);
    this.write(bytes, header, now);
    this.noteEnd(marker, header.baseOffset, now);
    this.wake();
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
      this.active.append(bytes, header);
    } catch (error) {
      if (error instanceof DirtyTailError) this.failure = error;
      this.events.problem('the disk refused a write', { folder: this.folder, error: String(error) });
      throw error;
    }
    this.unsyncedRecords += header.recordCount;
    this.events.dirty(this);
  }

  private isFull(moreBytes: number, timestamp: number): boolean {
    const { sizeInBytes, firstTimestamp } = this.active;
    if (sizeInBytes === 0) return false;
    return sizeInBytes + moreBytes > this.settings.segmentBytes || timestamp - firstTimestamp > this.settings.segmentMs;
  }

  private roll(): void {
    const full = this.active;
    const fresh = Segment.create(this.fileSystem, this.folder, full.nextOffset);
    this.fileSystem.syncFolder(this.folder);
    this.unsynced.push(full);
    this.segments.push(fresh);
    void this.flush().catch(() => {});
  }

  /** See Segment.read. The caller has checked that the offset is between start and `end`. */
  read(offset: number, maxBytes: number, atLeastOne: boolean, end = this.nextOffset): Buffer {
    for (let index = this.segments.length - 1; index >= 0; index -= 1) {
      const segment = this.segments[index];
      if (segment === undefined || segment.baseOffset > offset) continue;
      if (offset < segment.nextOffset) return segment.read(offset, maxBytes, atLeastOne, end);
      const following = this.segments[index + 1];
      if (following === undefined || following.baseOffset >= end) break;
      return following.read(following.baseOffset, maxBytes, atLeastOne, end);
    }
    return Buffer.alloc(0);
  }

  /** The first record with timestamp >= `time`, in ms. */
  findTime(time: number): TimedOffset | undefined {
    for (const segment of this.segments) {
      const found = segment.findTime(time);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  findMaxTimestamp(): TimedOffset | undefined {
    let newest: Segment | undefined;
    for (const segment of this.segments) {
      if (segment.maxTimestamp > (newest?.maxTimestamp ?? -1)) newest = segment;
    }
    return newest?.findMaxTimestamp();
  }

  /** Removes whole segments, from the oldest on, that time or size has outgrown. */
  applyRetention(now: number): void {
    const { deletesOldSegments, retentionMs, retentionBytes } = this.settings;
    if (!deletesOldSegments || this.closed) return;
    const expired = (segment: Segment) => segment.maxTimestamp < now - retentionMs;
    if (this.active.sizeInBytes > 0 && this.segments.every(expired)) this.roll();
    let size = this.sizeInBytes;
    for (;;) {
      const [oldest, following] = this.segments;
      if (oldest === undefined || following === undefined || this.unsynced.includes(oldest)) return;
      if (!expired(oldest) && size - oldest.sizeInBytes < retentionBytes) return;
      size -= oldest.sizeInBytes;
      this.segments.shift();
      this.aborted.dropBefore(following.baseOffset);
      oldest.close();
      this.fileSystem.remove(oldest.path);
    }
  }

  /** Forgets the producers that have long been silent. */
  expireProducers(now: number): void {
    this.producers.expire(now);
  }

  /** Calls back once, at the next append or when the log goes away; returns how to stop waiting. */
  whenAppended(callback: () => void): () => void {
    this.waiting.add(callback);
    return () => this.waiting.delete(callback);
  }

  private wake(): void {
    if (this.waiting.size === 0) return;
    const callbacks = [...this.waiting];
    this.waiting.clear();
    for (const callback of callbacks) callback();
  }

  /** Whether acks have to wait for a sync now (flush.messages). */
  get mustFlush(): boolean {
    return this.unsyncedRecords >= this.settings.flushMessages;
  }

  /** Brings all that was appended before the call to the disk; calls that overlap share one sync. */
  flush(): Promise<void> {
    if (this.runningFlush === undefined) return this.startFlush();
    if (this.nextFlush === undefined) {
      const start = () => {
        this.nextFlush = undefined;
        return this.startFlush();
      };
      this.nextFlush = this.runningFlush.then(start, start);
    }
    return this.nextFlush;
  }

  private startFlush(): Promise<void> {
    const upTo = this.nextOffset;
    const rolled = this.unsynced;
    const segments = [...rolled, this.active];
    this.unsyncedRecords = 0;
    const run = Promise.all(segments.map((segment) => segment.syncLater())).then(
      () => {
        this.runningFlush = undefined;
        // One that was rolled meanwhile may have grown after its sync: it stays for the next one.
        this.unsynced = this.unsynced.filter((segment) => !rolled.includes(segment));
        this.recoveryPoint = Math.max(this.recoveryPoint, upTo);
      },
      (error: unknown) => {
        // After a failed sync nobody knows what the disk has: the kernel may drop the pages and report success next.
        this.runningFlush = undefined;
        this.failure = error;
        this.events.problem('the disk refused a sync', { folder: this.folder, error: String(error) });
        throw error;
      },
    );
    this.runningFlush = run;
    return run;
  }

  /** Syncs and closes the files. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.isDirty || this.runningFlush !== undefined) await this.flush().catch(() => {});
    for (const segment of this.segments) segment.close();
    this.wake();
  }
}

function refusedByDisk(error: unknown): AppendResult {
  return { kind: 'refused', errorCode: ErrorCode.KAFKA_STORAGE_ERROR, message: `the disk refused: ${String(error)}` };
}
