/** What compaction makes of each batch, told of them in the order of the log. */
import type { Pause } from '../turns.ts';
import { type BatchHeader, readBatchHeader } from '../wire/recordBatch.ts';
import type { RecordView } from '../wire/records.ts';
import { type OpenedBatch, openBatch, withDeleteHorizon, withoutRecords, withRecords } from './batchFilter.ts';

/** Kafka's producer.id.expiration.ms. */
const PRODUCER_EXPIRATION_MS = 86_400_000;
/** The far future, for horizons that are never reached. */
const NEVER = 2 ** 50;
const RECORDS_A_STEP = 256;

export interface CleaningRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly deleteRetentionMs: number;
  /** What is before it has been deleted. */
  readonly startOffset: number;
  /** The last offset of each key is known up to here, exclusive. */
  readonly mappedTo: number;
  /** -1 for a key that is not among what is new. */
  lastOffsetOf(key: Buffer): number;
  isAborted(header: BatchHeader): boolean;
  /** Whether it is the last batch of an idempotent producer. */
  isLastOfProducer(header: BatchHeader): boolean;
  /** Lets others have their turn. */
  readonly pause: Pause;
}

export class BatchCleaner {
  /** Producers of whose transaction records are left, until its end marker has come. */
  private readonly withRecordsLeft = new Set<number>();
  /** A batch could not be read: it may hold an older record of any key, which a tombstone has to go on hiding. */
  private keepsTombstones = false;

  constructor(private readonly rules: CleaningRules) {}

  /** The same bytes, others, or nothing. */
  async clean(bytes: Buffer): Promise<Buffer | undefined> {
    const header = readBatchHeader(bytes);
    if (header.baseOffset >= this.rules.mappedTo) return this.kept(header, bytes);
    if (header.lastOffset < this.rules.startOffset) return undefined;
    if (header.recordCount === 0 || this.rules.isAborted(header)) return this.emptied(header, bytes);
    const batch = await openBatch(bytes, this.rules.pause);
    if (batch === undefined) {
      this.keepsTombstones = true;
      return this.kept(header, bytes);
    }
    if (header.control) return this.cleanMarker(batch);
    const kept = await this.keptOf(batch);
    if (kept.length === 0) return this.emptied(header, bytes);
    const hasTombstones = kept.some(({ hasValue }) => !hasValue);
    const horizon = batch.deleteHorizon ?? (hasTombstones ? this.newHorizon() : undefined);
    const isSame = kept.length === header.recordCount && horizon === batch.deleteHorizon;
    return this.kept(header, isSame ? bytes : await withRecords(batch, kept, horizon));
  }

  private async keptOf(batch: OpenedBatch): Promise<RecordView[]> {
    const kept: RecordView[] = [];
    for (const [index, record] of batch.records.entries()) {
      if (index % RECORDS_A_STEP === 0) await this.rules.pause();
      if (this.isKept(batch, record)) kept.push(record);
    }
    return kept;
  }

  private kept({ transactional, control, producerId }: BatchHeader, bytes: Buffer): Buffer {
    if (control) this.withRecordsLeft.delete(producerId);
    else if (transactional) this.withRecordsLeft.add(producerId);
    return bytes;
  }

  private isKept({ header, deleteHorizon }: OpenedBatch, { key, hasValue, offsetDelta }: RecordView): boolean {
    const offset = header.baseOffset + offsetDelta;
    if (offset >= this.rules.mappedTo) return true;
    if (key === null || offset < this.rules.lastOffsetOf(key)) return false;
    return hasValue || deleteHorizon === undefined || this.rules.now < deleteHorizon || this.keepsTombstones;
  }

  /** An end marker stays while there are records of its transaction, and as long as a tombstone behind them. */
  private cleanMarker(batch: OpenedBatch): Buffer | undefined {
    const { header, bytes, deleteHorizon } = batch;
    const isNeeded = this.withRecordsLeft.delete(header.producerId);
    if (isNeeded || this.keepsTombstones) return bytes;
    if (deleteHorizon === undefined) return withDeleteHorizon(bytes, this.newHorizon());
    return this.rules.now < deleteHorizon ? bytes : undefined;
  }

  /** Nothing; but without the last batch of a producer that is still there, it would not be known after a restart. */
  private emptied(header: BatchHeader, bytes: Buffer): Buffer | undefined {
    const isActive = header.producerId >= 0 && header.maxTimestamp > this.rules.now - PRODUCER_EXPIRATION_MS;
    if (!isActive || !this.rules.isLastOfProducer(header)) return undefined;
    return header.recordCount === 0 ? bytes : withoutRecords(bytes);
  }

  private newHorizon(): number {
    return Math.min(this.rules.now + this.rules.deleteRetentionMs, NEVER);
  }
}
