import { describe, expect, it } from 'vitest';
import type { TransactionRecord } from '../../../src/broker/log/transactionRecord.ts';
import {
  addToTransaction,
  checkMembership,
  complete,
  deadlineOf,
  decide,
  fence,
  initProducer,
  type ProducerInstance,
  type Step,
} from '../../../src/broker/transactions/transaction.ts';
import { ErrorCode } from '../../../src/broker/wire/errorCode.ts';

const NOW = 1_000_000;
const PARTITION = { topicId: 'a', partition: 0 };

let nextId = 7;
const takeProducerId = () => nextId++;

function recordOf(step: Step): TransactionRecord {
  if (step.kind !== 'next') throw new Error(JSON.stringify(step));
  return step.record;
}

const errorOf = (step: Step) => (step.kind === 'refused' ? step.errorCode : ErrorCode.NONE);

const init = (current: TransactionRecord | undefined, expected?: ProducerInstance, timeoutMs = 60_000) =>
  initProducer(current, { transactionalId: 't', timeoutMs, expected }, takeProducerId, NOW);

const fresh = () => recordOf(init(undefined));
const begun = (record = fresh()) => recordOf(addToTransaction(record, record, { partitions: [PARTITION] }, NOW));
const ended = (committed: boolean) => {
  const record = begun();
  return complete(recordOf(decide(record, record, committed, NOW)), NOW);
};
const atEpoch = (producerEpoch: number, record = fresh()): TransactionRecord => ({ ...record, producerEpoch });

describe('a new instance of a producer', () => {
  it('gets a fresh id, and the next one the next epoch', () => {
    const first = fresh();
    expect(first).toMatchObject({ producerEpoch: 0, state: 'Empty', partitions: [], lastProducerEpoch: -1 });
    expect(init(first)).toMatchObject({ record: { producerId: first.producerId, producerEpoch: 1 } });
    expect(init(ended(true))).toMatchObject({ record: { producerEpoch: 1, state: 'Empty' } });
  });

  it('is refused with a timeout of nothing or of more than a quarter of an hour', () => {
    for (const timeoutMs of [-1, 0, 900_001]) expect(errorOf(init(undefined, undefined, timeoutMs))).toBe(50);
    expect(errorOf(init(undefined, undefined, 900_000))).toBe(0);
  });

  it('has the open transaction of the one before aborted under an epoch that nobody is given', () => {
    const aborted = recordOf(init(begun()));
    expect(aborted).toMatchObject({ state: 'PrepareAbort', producerEpoch: 1, partitions: [PARTITION] });
    expect(errorOf(init(aborted))).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
    expect(recordOf(init(complete(aborted, NOW)))).toMatchObject({ state: 'Empty', producerEpoch: 2 });
  });

  it('gets a new id when the epochs of the old one are used up, with one kept for fencing', () => {
    expect(recordOf(init(atEpoch(32_765)))).toMatchObject({ producerEpoch: 32_766 });
    const last = atEpoch(32_766);
    const renewed = recordOf(init(last));
    expect(renewed).toMatchObject({ producerEpoch: 0, previousProducerId: last.producerId });
    expect(renewed.producerId).not.toBe(last.producerId);
    const fenced = complete(fence(begun(last), NOW), NOW);
    expect(fenced.producerEpoch).toBe(32_767);
    expect(recordOf(init(fenced)).producerEpoch).toBe(0);
  });
});

describe('a producer that goes on after an error (KIP-360)', () => {
  it('gets the next epoch, and the same one when it asks again', () => {
    const record = ended(false);
    const bumped = recordOf(init(record, record));
    expect(bumped).toMatchObject({ producerId: record.producerId, producerEpoch: 1, lastProducerEpoch: 0 });
    expect(recordOf(init(bumped, record))).toMatchObject({ producerEpoch: 1, lastProducerEpoch: 0 });
  });

  it('is fenced once another instance has come', () => {
    const record = ended(false);
    const other = recordOf(init(record));
    expect(errorOf(init(other, record))).toBe(ErrorCode.PRODUCER_FENCED);
    expect(errorOf(init(record, { ...record, producerId: 4711 }))).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('cannot abort what the instance that fenced it has open', () => {
    const record = begun(atEpoch(3));
    expect(errorOf(init(record, { ...record, producerEpoch: 2 }))).toBe(ErrorCode.PRODUCER_FENCED);
  });

  it('gets the same new id when it asks again after its epochs were used up', () => {
    const last = atEpoch(32_766);
    const renewed = recordOf(init(last, last));
    expect(renewed).toMatchObject({ producerEpoch: 0, lastProducerEpoch: 32_766 });
    expect(recordOf(init(renewed, last))).toMatchObject({ producerId: renewed.producerId, producerEpoch: 0 });
  });

  it('is taken for new where its id has been forgotten', () => {
    expect(recordOf(init(undefined, { producerId: 3, producerEpoch: 9 }))).toMatchObject({ producerEpoch: 0 });
  });
});

describe('partitions and groups', () => {
  it('begin a transaction, and are taken in once', () => {
    const record = begun();
    expect(record).toMatchObject({ state: 'Ongoing', startedAt: NOW, partitions: [PARTITION] });
    expect(addToTransaction(record, record, { partitions: [PARTITION, PARTITION] }, NOW)).toEqual({
      kind: 'unchanged',
    });
    const more = recordOf(addToTransaction(record, record, { groups: ['g'] }, NOW + 5));
    expect(more).toMatchObject({ groups: ['g'], partitions: [PARTITION], startedAt: NOW, updatedAt: NOW + 5 });
  });

  it('of the transaction before are not those of the next one', () => {
    const record = ended(true);
    const next = recordOf(addToTransaction(record, record, { groups: ['g'] }, NOW + 9));
    expect(next).toMatchObject({ state: 'Ongoing', partitions: [], groups: ['g'], startedAt: NOW + 9 });
  });

  it('are refused from anyone but the producer that holds the id', () => {
    const record = fresh();
    const add = (current: TransactionRecord | undefined, producer: ProducerInstance) =>
      errorOf(addToTransaction(current, producer, { partitions: [PARTITION] }, NOW));
    expect(add(undefined, record)).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(add(record, { ...record, producerId: 4711 })).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    expect(add(record, { ...record, producerEpoch: 1 })).toBe(ErrorCode.PRODUCER_FENCED);
    const decided = recordOf(decide(begun(record), record, true, NOW));
    expect(add(decided, record)).toBe(ErrorCode.CONCURRENT_TRANSACTIONS);
  });
});

describe('ending a transaction', () => {
  const table = [
    // state, commit, abort
    ['Empty', 48, 48],
    ['Ongoing', 0, 0],
    ['PrepareCommit', 51, 48],
    ['PrepareAbort', 48, 51],
    ['CompleteCommit', 0, 48],
    ['CompleteAbort', 48, 0],
  ] as const;

  it.each(table)('from %s answers a commit with %i and an abort with %i', (state, onCommit, onAbort) => {
    const record: TransactionRecord = { ...fresh(), state };
    expect(errorOf(decide(record, record, true, NOW))).toBe(onCommit);
    expect(errorOf(decide(record, record, false, NOW))).toBe(onAbort);
  });

  it('is for the producer that holds the id', () => {
    const record = begun();
    expect(errorOf(decide(undefined, record, true, NOW))).toBe(49);
    expect(errorOf(decide(record, { ...record, producerId: 4711 }, true, NOW))).toBe(49);
    expect(errorOf(decide(record, { ...record, producerEpoch: 1 }, true, NOW))).toBe(90);
  });

  it('leaves nothing in it', () => {
    expect(ended(true)).toMatchObject({ state: 'CompleteCommit', partitions: [], groups: [] });
    expect(ended(false)).toMatchObject({ state: 'CompleteAbort', partitions: [], groups: [] });
  });
});

describe('what is sent to a partition', () => {
  it('belongs to the transaction only while it is open, and only from its producer', () => {
    const check = (record: TransactionRecord | undefined, producer: ProducerInstance, isMember = true) =>
      checkMembership(record, producer, () => isMember);
    const record = begun();
    expect(check(record, record)).toBe(0);
    expect(check(record, record, false)).toBe(48);
    expect(check(record, { ...record, producerEpoch: -1 })).toBe(47);
    expect(check(undefined, record)).toBe(49);
    expect(check(fresh(), { ...record, producerId: 4711 })).toBe(49);
    const done = ended(true);
    expect(check(done, done)).toBe(48);
    expect(check(recordOf(decide(record, record, true, NOW)), record)).toBe(51);
  });
});

describe('time', () => {
  it('aborts an open transaction after its timeout, and forgets an id after a week', () => {
    expect(deadlineOf(begun())).toBe(NOW + 60_000);
    expect(deadlineOf(ended(true))).toBe(NOW + 7 * 86_400_000);
    expect(deadlineOf(fence(begun(), NOW))).toBe(Number.POSITIVE_INFINITY);
  });
});
