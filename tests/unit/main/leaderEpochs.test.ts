import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Divergence,
  type EpochStart,
  lastEpoch,
  partedAt,
  withEpochsOf,
} from '../../../src/main/kafka/leaderEpochs';
import { batchOf } from '../broker/sampleBatch';

/** A batch of 10 records that the leader of this epoch wrote. */
function written(epoch: number, base: number): Buffer {
  const batch = batchOf(10);
  batch.writeBigInt64BE(BigInt(base), 0);
  batch.writeInt32BE(epoch, 12);
  return batch;
}

describe('the epochs of leaders', () => {
  it('are taken from whole batches, each once', () => {
    const first = withEpochsOf(Buffer.concat([written(3, 0), written(3, 10), written(5, 20)]), []);
    expect(first).toEqual([
      { epoch: 3, from: 0 },
      { epoch: 5, from: 20 },
    ]);
    expect(withEpochsOf(written(5, 30), first)).toBe(first);
    const cutOff = Buffer.concat([written(5, 30), written(6, 40).subarray(0, 80)]);
    expect(withEpochsOf(cutOff, first)).toBe(first);
    expect(withEpochsOf(written(6, 40), first)).toEqual([...first, { epoch: 6, from: 40 }]);
    expect(withEpochsOf(written(-1, 0), [])).toEqual([]);
  });

  it('are read from any bytes whatever', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void withEpochsOf(Buffer.from(bytes), [])));
  });

  it('tell where the log of the broker is another', () => {
    const known = [
      { epoch: 3, from: 0 },
      { epoch: 5, from: 20 },
    ];
    expect(partedAt(known, { epoch: 3, endOffset: 15 }, 30)).toBe(15);
    expect(partedAt(known, { epoch: 3, endOffset: 25 }, 30)).toBe(20);
    expect(partedAt(known, { epoch: 5, endOffset: 25 }, 30)).toBe(25);
  });

  it('lead back behind every record that is another, in however many steps, and nowhere when none is', () => {
    const runs = fc.array(fc.nat({ max: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(runs, runs, runs, (shared, own, theirs) => {
        // No epoch has two leaders: from where the logs part, odd ones wrote this and even ones that.
        const both = logOf(shared, 0, 2);
        const first = 2 * shared.length;
        const read = [...both, ...logOf(own, first + 1, 2)];
        const log = [...both, ...logOf(theirs, first + 2, 2)];
        const isSame = own.every((length) => length === 0);
        let position = read.length;
        let known = startsOf(read);
        for (let steps = 0; ; steps++) {
          expect(steps).toBeLessThan(10);
          const divergence = divergenceOf(log, lastEpoch(known), position);
          if (!divergence) break;
          position = partedAt(known, divergence, position);
          known = known.filter(({ from }) => from < position);
        }
        expect(position).toBeLessThanOrEqual(both.length);
        if (isSame) expect(position).toBe(both.length);
      }),
    );
  });
});

/** The epoch of each record: so many of the first epoch, then of the next but `step - 1`, and so on. */
const logOf = (lengths: readonly number[], first: number, step: number): number[] =>
  lengths.flatMap((length, index) => Array.from({ length }, () => first + index * step));

const startsOf = (log: readonly number[]): readonly EpochStart[] =>
  log.flatMap((epoch, from) => (log[from - 1] === epoch ? [] : [{ epoch, from }]));

/** As Kafka answers (LeaderEpochFileCache.endOffsetFor, Partition.readRecords), whose own epoch is above all others. */
function divergenceOf(log: readonly number[], epoch: number, position: number): Divergence | undefined {
  if (epoch < 0) return undefined;
  const above = log.findIndex((one) => one > epoch);
  const endOffset = above < 0 ? log.length : above;
  const found = log.slice(0, endOffset).at(-1) ?? epoch;
  return found < epoch || endOffset < position ? { epoch: found, endOffset } : undefined;
}
