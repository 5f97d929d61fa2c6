/** What the index of a segment finds, and what it takes of the memory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetIndex } from '../../../src/broker/log/offsetIndex.ts';

interface Batch {
  readonly offset: number;
  readonly position: number;
  readonly timestamp: number;
}

/** Batches one behind the other, told to an index. */
function indexed(sizes: readonly { readonly bytes: number; readonly records: number; readonly timestamp: number }[]) {
  const index = new OffsetIndex();
  const batches: Batch[] = [];
  let [offset, position, newest] = [0, 0, -1];
  for (const { bytes, records, timestamp } of sizes) {
    index.add(offset, position, newest);
    batches.push({ offset, position, timestamp });
    newest = Math.max(newest, timestamp);
    offset += records;
    position += bytes;
  }
  return { index, batches, end: offset };
}

const some = fc.array(
  fc.record({
    bytes: fc.integer({ min: 61, max: 9000 }),
    records: fc.integer({ min: 1, max: 5 }),
    timestamp: fc.integer({ min: 0, max: 50 }),
  }),
  { minLength: 1, maxLength: 80 },
);

describe('the index of a segment', () => {
  it('finds a batch at or before an offset, and no more than 4 KiB of batches before it', () => {
    fc.assert(
      fc.property(some, fc.nat(), (sizes, any) => {
        const { index, batches, end } = indexed(sizes);
        const offset = any % end;
        const wanted = batches.findLast((batch) => batch.offset <= offset)!;
        const position = index.positionBefore(offset);
        const found = batches.find((batch) => batch.position === position);
        expect(found).toBeDefined();
        expect(position).toBeLessThanOrEqual(wanted.position);
        expect(wanted.position - position).toBeLessThan(4096);
      }),
    );
  });

  it('finds a batch with nothing before it that reaches a time', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 60 }), (sizes, time) => {
        const { index, batches } = indexed(sizes);
        const position = index.positionBeforeTime(time);
        const before = batches.filter((batch) => batch.position < position);
        expect(before.every(({ timestamp }) => timestamp < time)).toBe(true);
      }),
    );
  });

  it('takes 24 bytes for each 4 KiB of log once the segment is full, however small the batches are', () => {
    const { index } = indexed(Array.from({ length: 100_000 }, () => ({ bytes: 100, records: 1, timestamp: 1 })));
    const entries = Math.ceil((100_000 * 100) / 4100);
    index.trim();
    expect(index.sizeInBytes).toBe(entries * 24);
  });

  it('takes nothing for an empty segment', () => {
    expect(new OffsetIndex().sizeInBytes).toBe(0);
  });

  it('goes on after it was trimmed', () => {
    const index = new OffsetIndex();
    index.trim();
    index.add(0, 0, -1);
    index.trim();
    index.add(7, 5000, 3);
    expect([index.positionBefore(6), index.positionBefore(7), index.sizeInBytes]).toEqual([0, 5000, 24 * 8]);
  });
});
