import { describe, expect, it } from 'vitest';
import { type Answered, readAhead } from '../../../src/main/kafka/readAhead';
import { sampleBatch } from '../broker/sampleBatch';

/** `count` records from this offset on, written by the leader of this epoch. */
function batch(base: number, count: number, epoch = 0): Buffer {
  const bytes = sampleBatch(Array.from({ length: count }, () => ({ value: 'x', timestamp: 1 })));
  bytes.writeBigInt64BE(BigInt(base), 0);
  bytes.writeInt32BE(epoch, 12);
  return bytes;
}

const answered = (
  partition: number,
  position: number,
  data: Buffer,
  more: Partial<Answered['fetched']> & { readonly stop?: number } = {},
): Answered => ({
  fetched: {
    partition,
    errorCode: 0,
    highWatermark: 100,
    lastStableOffset: 100,
    abortedTransactions: [],
    divergence: undefined,
    data,
    ...more,
  },
  position,
  epochs: [],
  stop: more.stop,
});

const nothing = Buffer.alloc(0);

describe('asking on before an answer is taken in', () => {
  it('goes on behind the last whole batch, with the epochs of all', () => {
    const data = Buffer.concat([batch(10, 5), batch(15, 5, 3), batch(20, 5).subarray(0, 70)]);
    expect(readAhead([answered(0, 12, data), answered(1, 7, nothing)])).toEqual([
      {
        partition: 0,
        position: 20,
        epochs: [
          { epoch: 0, from: 10 },
          { epoch: 3, from: 15 },
        ],
      },
      { partition: 1, position: 7, epochs: [] },
    ]);
  });

  it('waits when all that can be read has come: open transactions are not asked for over and over', () => {
    expect(readAhead([answered(0, 90, batch(90, 10))])).toBeUndefined();
    expect(readAhead([answered(0, 90, batch(90, 5), { lastStableOffset: 95 })])).toBeUndefined();
    expect(readAhead([answered(0, 90, batch(90, 5)), answered(1, 100, nothing)])).toHaveLength(2);
  });

  it('leaves out what ends with this answer', () => {
    const ending = answered(0, 0, batch(0, 10), { stop: 10 });
    expect(readAhead([ending, answered(1, 0, batch(0, 10), { stop: 11 })])).toEqual([
      expect.objectContaining({ partition: 1, position: 10 }),
    ]);
    expect(readAhead([ending])).toBeUndefined();
  });

  it('waits when something is not as usual', () => {
    const fine = answered(1, 0, batch(0, 10));
    expect(readAhead([fine, answered(0, 0, nothing, { errorCode: 6 })])).toBeUndefined();
    expect(readAhead([fine, answered(0, 5, nothing, { divergence: { epoch: 1, endOffset: 3 } })])).toBeUndefined();
    // A format of old, and a batch of which there is only the beginning.
    const old = batch(0, 10);
    old.writeInt8(1, 16);
    expect(readAhead([fine, answered(0, 0, old)])).toBeUndefined();
    expect(readAhead([fine, answered(0, 0, batch(0, 10).subarray(0, 65))])).toBeUndefined();
    const negative = batch(0, 10);
    negative.writeInt32BE(-40, 8);
    expect(readAhead([fine, answered(0, 0, negative)])).toBeUndefined();
  });
});
