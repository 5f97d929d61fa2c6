/**
 * Where in a segment an offset or a time is, in memory and sparse as Kafka's own index files: an entry for the
 * first batch after each 4 KiB of log, so that a look-up reads 4 KiB of batches at most too many. It takes 24 bytes an
 * entry, which are 6 KiB for each MiB of log, and nothing while the segment is empty.
 */
const INTERVAL_BYTES = 4096;
/** Columns of an entry: the base offset of its batch, the batch's position, the largest timestamp before it. */
const COLUMNS = 3;
const [BASE_OFFSET, POSITION, TIMESTAMP_BEFORE] = [0, 1, 2] as const;
const FIRST_CAPACITY = 8;

const NO_ENTRIES = new Float64Array(0);

export class OffsetIndex {
  private count = 0;
  private entries = NO_ENTRIES;

  get sizeInBytes(): number {
    return this.entries.byteLength;
  }

  /** Told of every batch, in order. */
  add(baseOffset: number, position: number, maxTimestampBefore: number): void {
    const last = this.count - 1;
    if (last >= 0 && position - this.at(last, POSITION) < INTERVAL_BYTES) return;
    const at = this.count * COLUMNS;
    if (at === this.entries.length) this.resize(Math.max(this.count * 2, FIRST_CAPACITY));
    this.entries[at + BASE_OFFSET] = baseOffset;
    this.entries[at + POSITION] = position;
    this.entries[at + TIMESTAMP_BEFORE] = maxTimestampBefore;
    this.count += 1;
  }

  /** Nothing more is to come: gives back the room for it. */
  trim(): void {
    if (this.entries.length > this.count * COLUMNS) this.resize(this.count);
  }

  private resize(capacity: number): void {
    const entries = new Float64Array(capacity * COLUMNS);
    entries.set(this.entries.subarray(0, this.count * COLUMNS));
    this.entries = entries;
  }

  private at(entry: number, column: number): number {
    return this.entries[entry * COLUMNS + column] ?? 0;
  }

  /** Position of a batch that begins at or before the offset, near it. */
  positionBefore(offset: number): number {
    return this.at(this.lastAtMost(BASE_OFFSET, offset), POSITION);
  }

  /** Position of a batch with nothing before it that reaches the time. */
  positionBeforeTime(time: number): number {
    return this.at(this.lastAtMost(TIMESTAMP_BEFORE, time - 1), POSITION);
  }

  private lastAtMost(column: number, wanted: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.at(middle, column) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
