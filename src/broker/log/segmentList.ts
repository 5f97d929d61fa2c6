/** The segments of one partition in order of their offsets; the last one is active, the only one that grows. */
import type { TimedOffset } from '../wire/recordBatch.ts';
import type { Segment } from './segment.ts';

export class SegmentList {
  private segments: readonly Segment[] = [];

  all(): readonly Segment[] {
    return this.segments;
  }

  get first(): Segment | undefined {
    return this.segments[0];
  }

  get active(): Segment {
    const last = this.segments.at(-1);
    if (last === undefined) throw new Error('a log without a segment');
    return last;
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  get sizeInBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.sizeInBytes, 0);
  }

  /** From now on it is the active one. */
  push(segment: Segment): void {
    this.segments.at(-1)?.seal();
    this.segments = [...this.segments, segment];
  }

  /** Those with anything at or behind the offset; the active one always. */
  from(offset: number): readonly Segment[] {
    return this.segments.slice(this.countBelow(offset));
  }

  /** How many segments end at or before the offset. The active one never counts. */
  private countBelow(offset: number): number {
    const count = this.segments.findIndex((_, index) => {
      const following = this.segments[index + 1];
      return following === undefined || following.baseOffset > offset;
    });
    return Math.max(count, 0);
  }

  /** Takes out whole segments below the offset, as far as none of them is still needed, and gives them back. */
  takeBelow(offset: number, isNeeded: (segment: Segment) => boolean): readonly Segment[] {
    const below = this.segments.slice(0, this.countBelow(offset));
    const needed = below.findIndex(isNeeded);
    const taken = needed < 0 ? below : below.slice(0, needed);
    this.segments = this.segments.slice(taken.length);
    return taken;
  }

  /** Whether these are there, in a row. */
  has(some: readonly Segment[]): boolean {
    const [first] = some;
    const at = first === undefined ? -1 : this.segments.indexOf(first);
    return at >= 0 && some.every((segment, index) => this.segments[at + index] === segment);
  }

  /** Puts one in the place of those, which are there in a row. */
  replace(former: readonly Segment[], fresh: Segment): void {
    fresh.seal();
    this.segments = this.segments.flatMap((segment) => {
      if (!former.includes(segment)) return [segment];
      return segment === former[0] ? [fresh] : [];
    });
  }

  /** See Segment.read. Offsets may be missing between batches and between segments: what comes next is read then. */
  read(offset: number, maxBytes: number, atLeastOne: boolean, end: number): Buffer {
    for (const segment of this.from(offset)) {
      const from = Math.max(offset, segment.baseOffset);
      if (from < segment.nextOffset) return segment.read(from, maxBytes, atLeastOne, end);
    }
    return Buffer.alloc(0);
  }

  /** The first record at or behind the offset with timestamp >= `time`, in ms. */
  findTime(time: number, from: number): TimedOffset | undefined {
    for (const segment of this.from(from)) {
      const found = segment.findTime(time, from);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The record at or behind the offset with the largest timestamp. */
  findMaxTimestamp(from: number): TimedOffset | undefined {
    let newest: Segment | undefined;
    for (const segment of this.from(from)) {
      if (segment.maxTimestamp > (newest?.maxTimestamp ?? -1)) newest = segment;
    }
    const found = newest?.findMaxTimestamp(-1);
    if (found === undefined || found.offset >= from) return found;
    // Records were deleted up to the midst of that segment: what is left of it has to be looked at.
    let best: TimedOffset | undefined;
    for (const segment of this.from(from)) {
      const record = segment.findMaxTimestamp(from);
      if (record !== undefined && record.timestamp > (best?.timestamp ?? -1)) best = record;
    }
    return best;
  }
}
