/**
 * Which batches of a log belong to aborted transactions, told from the end markers behind them: a compaction must take an
 * aborted record for none at all, wherever its marker is.
 */
import type { Pause } from '../turns.ts';
import { readEndMarker } from '../wire/controlBatch.ts';
import { type BatchHeader, readBatchHeader } from '../wire/recordBatch.ts';
import type { Segment } from './segment.ts';

export class AbortedBatches {
  /** Of each producer, first and last offset of what it aborted. */
  private readonly ranges = new Map<number, { from: number; to: number }[]>();

  add(producerId: number, from: number, to: number): void {
    const known = this.ranges.get(producerId);
    if (known === undefined) this.ranges.set(producerId, [{ from, to }]);
    else known.push({ from, to });
  }

  has({ transactional, control, producerId, baseOffset }: BatchHeader): boolean {
    if (!transactional || control) return false;
    return this.ranges.get(producerId)?.some(({ from, to }) => baseOffset >= from && baseOffset <= to) ?? false;
  }
}

/** Reads the segments, in order, as far as they have transactions. `pause` is waited for between batches. */
export async function findAborted(segments: readonly Segment[], pause: Pause): Promise<AbortedBatches> {
  const aborted = new AbortedBatches();
  /** Where the transaction of a producer that has not ended yet begins. */
  const begun = new Map<number, number>();
  for (const segment of segments) {
    if (!segment.hasTransactions) continue;
    for (const batch of segment.batches()) {
      await pause();
      const header = readBatchHeader(batch);
      const { transactional, control, producerId, baseOffset } = header;
      if (transactional && !control && !begun.has(producerId)) begun.set(producerId, baseOffset);
      if (!control) continue;
      const from = begun.get(producerId);
      if (from !== undefined && readEndMarker(batch) === 'abort') aborted.add(producerId, from, baseOffset);
      begun.delete(producerId);
    }
  }
  return aborted;
}
