/**
 * The aborted transactions of a partition, in the order in which they ended: what a read-committed consumer needs to
 * know to leave their records out. Rebuilt from the batches at start.
 */

export interface AbortedTransaction {
  readonly producerId: number;
  /** Of its first record, and of its end marker. */
  readonly firstOffset: number;
  readonly lastOffset: number;
}

export class AbortedTransactions {
  private ended: AbortedTransaction[] = [];

  get count(): number {
    return this.ended.length;
  }

  /** Told of each in the order of the end markers. */
  add(transaction: AbortedTransaction): void {
    this.ended.push(transaction);
  }

  /** Those with anything in [from, to), by their first offsets. */
  overlapping(from: number, to: number): AbortedTransaction[] {
    return this.ended
      .slice(this.firstEndingAt(from))
      .filter(({ firstOffset }) => firstOffset < to)
      .sort((one, other) => one.firstOffset - other.firstOffset);
  }

  /** Forgets what ended before the log's start. */
  dropBefore(startOffset: number): void {
    const gone = this.firstEndingAt(startOffset);
    if (gone > 0) this.ended = this.ended.slice(gone);
  }

  /** Index of the first that ended at or after the offset. */
  private firstEndingAt(offset: number): number {
    let low = 0;
    let high = this.ended.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ended[middle]?.lastOffset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
