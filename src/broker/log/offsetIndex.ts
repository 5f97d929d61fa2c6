/**
 * Where in a segment an offset or a time is, in memory and sparse as Kafka's own index files: an entry for the
 * first batch after each 4 KiB of log, so that a look-up reads 4 KiB of batches at most too many.
 */
const INTERVAL_BYTES = 4096;

export class OffsetIndex {
  private count = 0;
  private baseOffsets = new Float64Array(16);
  private positions = new Float64Array(16);
  /** The largest timestamp before the entry's batch. */
  private timestampsBefore = new Float64Array(16);

  /** Told of every batch, in order. */
  add(baseOffset: number, position: number, maxTimestampBefore: number): void {
    const last = this.count - 1;
    if (last >= 0 && position - (this.positions[last] ?? 0) < INTERVAL_BYTES) return;
    if (this.count === this.positions.length) this.grow();
    this.baseOffsets[this.count] = baseOffset;
    this.positions[this.count] = position;
    this.timestampsBefore[this.count] = maxTimestampBefore;
    this.count += 1;
  }

  private grow(): void {
    const grown = (from: Float64Array) => {
      const to = new Float64Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.baseOffsets = grown(this.baseOffsets);
    this.positions = grown(this.positions);
    this.timestampsBefore = grown(this.timestampsBefore);
  }

  /** Position of a batch that begins at or before the offset, near it. */
  positionBefore(offset: number): number {
    return this.positions[this.lastAtMost(this.baseOffsets, offset)] ?? 0;
  }

  /** Position of a batch with nothing before it that reaches the time. */
  positionBeforeTime(time: number): number {
    return this.positions[this.lastAtMost(this.timestampsBefore, time - 1)] ?? 0;
  }

  private lastAtMost(values: Float64Array, wanted: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((values[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
