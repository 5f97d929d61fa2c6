import { describe, expect, it } from 'vitest';
import { AbortedTransactions } from '../../../src/broker/log/abortedTransactions.ts';
import { ProducerStates } from '../../../src/broker/log/producerStates.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { batchOf } from './sampleBatch.ts';

const DAY_MS = 86_400_000;

const batch = (producerId: number, baseOffset = 0, transactional = false, producerEpoch = 0, baseSequence = 0) => {
  const attributes = transactional ? 0x10 : 0;
  const header = readBatchHeader(batchOf(1, 1000, { producerId, producerEpoch, baseSequence, attributes }));
  return { ...header, baseOffset, lastOffset: baseOffset };
};

describe('the producers of a partition', () => {
  it('are forgotten after a day of silence, by the clock of the broker and not of their records', () => {
    const states = new ProducerStates();
    states.note(batch(1), DAY_MS);
    states.note(batch(2), DAY_MS + 1);
    states.expire(2 * DAY_MS - 1);
    expect(states.count).toBe(2);
    states.expire(2 * DAY_MS);
    expect(states.count).toBe(1);
    expect(states.check(batch(1, 5, false, 0, 99))).toEqual({ kind: 'next' });
    expect(states.check(batch(2, 5, false, 0, 99))).toMatchObject({ kind: 'refused' });
  });

  it('that were found at start are forgotten a day after that', () => {
    const states = new ProducerStates();
    states.note(batch(1));
    states.expire(50 * DAY_MS);
    expect(states.count).toBe(1);
    states.expire(51 * DAY_MS);
    expect(states.count).toBe(0);
  });

  it('are never forgotten with an open transaction', () => {
    const states = new ProducerStates();
    states.note(batch(1, 7, true), 0);
    states.expire(9 * DAY_MS);
    for (let producerId = 2; producerId < 10_100; producerId += 1) states.note(batch(producerId), 9 * DAY_MS);
    expect(states.firstOpenOffset).toBe(7);
    states.noteEnd({ producerId: 1, producerEpoch: 0, committed: false }, 20, 9 * DAY_MS);
    expect(states.firstOpenOffset).toBeUndefined();
    expect(states.aborted.overlapping(0, 99)).toEqual([{ producerId: 1, firstOffset: 7, lastOffset: 20 }]);
  });

  it('are at most so many, of which who was silent for longest goes first', () => {
    const states = new ProducerStates();
    for (let producerId = 0; producerId < 10_000; producerId += 1) states.note(batch(producerId), 0);
    states.note(batch(0, 1, false, 0, 1), 0);
    states.note(batch(10_000), 0);
    expect(states.count).toBe(10_000);
    const isKnown = (producerId: number) => states.check(batch(producerId, 9, false, 0, 99)).kind === 'refused';
    expect([isKnown(0), isKnown(1), isKnown(2), isKnown(10_000)]).toEqual([true, false, true, true]);
  });

  it('have the first open offset of whoever began first, whoever ends first', () => {
    const states = new ProducerStates();
    for (const [producerId, offset] of [
      [5, 10],
      [3, 20],
      [4, 30],
    ] as const) {
      states.note(batch(producerId, offset, true), 0);
    }
    states.noteEnd({ producerId: 3, producerEpoch: 0, committed: true }, 35, 0);
    expect(states.firstOpenOffset).toBe(10);
    states.noteEnd({ producerId: 5, producerEpoch: 1, committed: false }, 36, 0);
    expect(states.firstOpenOffset).toBe(30);
    states.note(batch(5, 40, true, 2), 0);
    expect(states.openTransactions().map(({ firstOffset }) => firstOffset)).toEqual([30, 40]);
  });

  it('are locked out below the epoch of an end marker', () => {
    const states = new ProducerStates();
    states.note(batch(1, 0, true), 0);
    states.noteEnd({ producerId: 1, producerEpoch: 1, committed: false }, 36, 0);
    expect(states.check(batch(1, 2, true, 0, 1))).toMatchObject({ kind: 'refused', errorCode: 47 });
    expect(states.check(batch(1, 2, true, 2, 0))).toEqual({ kind: 'next' });
    expect(states.check(batch(1, 2, true, 2, 1))).toMatchObject({ kind: 'refused', errorCode: 45 });
  });
});

describe('aborted transactions', () => {
  const filled = () => {
    const aborted = new AbortedTransactions();
    // In the order of their end markers; the second began before the first.
    for (const [producerId, firstOffset, lastOffset] of [
      [1, 5, 8],
      [2, 2, 12],
      [1, 20, 25],
    ] as const) {
      aborted.add({ producerId, firstOffset, lastOffset });
    }
    return aborted;
  };

  it('are found wherever any of them lies in the range, by their first offsets', () => {
    const firstOffsets = (from: number, to: number) =>
      filled()
        .overlapping(from, to)
        .map(({ firstOffset }) => firstOffset);
    expect(firstOffsets(0, 30)).toEqual([2, 5, 20]);
    expect(firstOffsets(0, 2)).toEqual([]);
    expect(firstOffsets(0, 3)).toEqual([2]);
    expect(firstOffsets(8, 9)).toEqual([2, 5]);
    expect(firstOffsets(9, 13)).toEqual([2]);
    expect(firstOffsets(13, 20)).toEqual([]);
    expect(firstOffsets(25, 99)).toEqual([20]);
    expect(firstOffsets(26, 99)).toEqual([]);
  });

  it('go with the log before its start', () => {
    const aborted = filled();
    aborted.dropBefore(8);
    expect(aborted.count).toBe(3);
    aborted.dropBefore(13);
    expect(aborted.count).toBe(1);
    expect(aborted.overlapping(0, 99)).toMatchObject([{ firstOffset: 20 }]);
  });
});
