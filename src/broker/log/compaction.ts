/**
 * Compaction of one partition (cleanup.policy=compact): of the records of a key only the last one stays. It goes through
 * the new part of the log first, to know the last offset of each key, and then writes everything before that anew, without
 * what has been superseded. Offsets stay as they are, so that a compacted log has gaps.
 *
 * It runs beside appends and reads, in small steps; nothing is replaced before all of its replacement is on the disk.
 */
import type { Pause } from '../turns.ts';
import { readBatchHeader } from '../wire/recordBatch.ts';
import { BatchCleaner } from './batchCleaner.ts';
import { openBatch } from './batchFilter.ts';
import { extendSeal } from './batchScan.ts';
import { OffsetMap } from './offsetMap.ts';
import type { PartitionLog } from './partitionLog.ts';
import type { Segment } from './segment.ts';
import { type AbortedBatches, findAborted } from './transactionEnds.ts';

export interface CompactionOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** All before it has been compacted; from it on is what is new. */
  readonly firstDirty: number;
  /** Nothing from this offset on is touched. */
  readonly end: number;
  /** Keys that are kept in memory at a time; with more, the rest waits for the next pass. */
  readonly maxKeys: number;
  /** Lets others have their turn. */
  readonly pause: Pause;
}

/** Returns the offset up to which the log has been compacted. Throws if the disk refuses; nothing is lost then. */
export async function compact(log: PartitionLog, options: CompactionOptions): Promise<number> {
  const { firstDirty, end, pause } = options;
  const segments = log.files.settled().filter(({ baseOffset }) => baseOffset < end);
  const aborted = await findAborted(log.files.segments.all(), pause);
  const dirty = segments.filter((segment) => segment.nextOffset > firstDirty);
  const { offsets, mappedTo } = await mapKeys(dirty, aborted, options);
  const lastOfProducers = await findLastOfProducers(segments, pause);
  const cleaner = new BatchCleaner({
    now: options.now,
    deleteRetentionMs: log.settings.deleteRetentionMs,
    startOffset: log.startOffset,
    mappedTo,
    lastOffsetOf: (key) => offsets.get(key),
    isAborted: (header) => aborted.has(header),
    pause,
    isLastOfProducer: ({ producerId, lastOffset }) => lastOfProducers.get(producerId) === lastOffset,
  });
  const touched = segments.filter(({ baseOffset }) => baseOffset < mappedTo);
  for (const group of groups(touched, log.settings.segmentBytes)) {
    if (!(await rewrite(log, group, endOf(log, group), cleaner, pause))) return firstDirty;
  }
  return mappedTo;
}

const RECORDS_A_STEP = 256;

/** The last offset of each key in the new part, as far as there is room for them. */
async function mapKeys(
  segments: readonly Segment[],
  aborted: AbortedBatches,
  { firstDirty, end, maxKeys, pause }: CompactionOptions,
): Promise<{ offsets: OffsetMap; mappedTo: number }> {
  const span = Math.max(end - firstDirty, 0);
  const offsets = new OffsetMap(Math.min(maxKeys, span));
  let mappedTo = firstDirty;
  for (const segment of segments) {
    for (const bytes of segment.batches()) {
      const header = readBatchHeader(bytes);
      if (header.baseOffset >= end) return { offsets, mappedTo: end };
      if (header.lastOffset < firstDirty) continue;
      await pause();
      // With no room left, a batch that was begun is gone through all the same: what it cannot add supersedes nothing.
      if (offsets.isFull) return { offsets, mappedTo };
      mappedTo = header.lastOffset + 1;
      if (header.control || aborted.has(header)) continue;
      const batch = await openBatch(bytes, pause);
      for (const [index, { key, offsetDelta }] of (batch?.records ?? []).entries()) {
        if (index % RECORDS_A_STEP === 0) await pause();
        if (key !== null) offsets.put(key, header.baseOffset + offsetDelta);
      }
    }
  }
  return { offsets, mappedTo: end };
}

/** Forgotten from then on, as in Kafka (producer.id.expiration.ms). */
const MAX_PRODUCERS = 100_000;

/** The last batch with data of each idempotent producer: its header is what is known of the producer after a restart. */
async function findLastOfProducers(segments: readonly Segment[], pause: Pause): Promise<Map<number, number>> {
  const last = new Map<number, number>();
  for (const segment of segments) {
    for (const { producerId, control, lastOffset } of segment.headers()) {
      await pause();
      if (producerId < 0 || control) continue;
      last.delete(producerId);
      last.set(producerId, lastOffset);
      for (const [oldest] of last) {
        if (last.size <= MAX_PRODUCERS) break;
        last.delete(oldest);
      }
    }
  }
  return last;
}

/** Segments in a row that together are no larger than one may be. */
function groups(segments: readonly Segment[], segmentBytes: number): Segment[][] {
  const found: Segment[][] = [];
  let size = 0;
  for (const segment of segments) {
    const group = found.at(-1);
    size += segment.sizeInBytes;
    if (group !== undefined && size <= segmentBytes) group.push(segment);
    else {
      found.push([segment]);
      size = segment.sizeInBytes;
    }
  }
  return found;
}

/** Where what follows a group begins. */
function endOf(log: PartitionLog, group: readonly Segment[]): number {
  const all = log.files.segments.all();
  const last = group.at(-1);
  const following = last === undefined ? undefined : all[all.indexOf(last) + 1];
  return following?.baseOffset ?? 0;
}

/** False if the log has changed meanwhile, so that there is nothing to put it in the place of. */
async function rewrite(
  log: PartitionLog,
  group: readonly Segment[],
  end: number,
  cleaner: BatchCleaner,
  pause: Pause,
): Promise<boolean> {
  const [first] = group;
  if (first === undefined) return true;
  const fresh = log.files.beginCompacted(first.baseOffset);
  let seal = 0;
  let hasChanged = group.length > 1;
  try {
    for (const segment of group) {
      for (const bytes of segment.batches()) {
        const cleaned = await cleaner.clean(bytes);
        if (cleaned !== bytes) hasChanged = true;
        if (cleaned !== undefined) {
          const header = readBatchHeader(cleaned);
          fresh.append(cleaned, header);
          seal = extendSeal(seal, header.baseOffset);
        }
        await pause();
      }
    }
    if (hasChanged) await fresh.syncLater();
    if (hasChanged && log.files.replace(group, fresh, end, seal)) return true;
  } catch (error) {
    log.files.abandonCompacted(fresh);
    throw error;
  }
  log.files.abandonCompacted(fresh);
  return !hasChanged;
}
