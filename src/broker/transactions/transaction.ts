/**
 * The life of a transactional id as pure steps, by the classic protocol (KIP-98, KIP-360), as Apache Kafka's coordinator
 * takes them: each is given what is written down, what is asked for and the time, and answers with what is to be written
 * down next, or with an error. Nothing here knows a clock, a log or a disk.
 */
import type { TransactionPartition, TransactionRecord } from '../log/transactionRecord.ts';
import { ErrorCode } from '../wire/errorCode.ts';

/** Kafka's transaction.max.timeout.ms. */
export const MAX_TRANSACTION_TIMEOUT_MS = 900_000;
/** Kafka's transactional.id.expiration.ms. */
const ID_EXPIRATION_MS = 604_800_000;
/** The largest int16 is kept for fencing the last producer that an id can have. */
const LAST_EPOCH = 0x7fff - 1;
const NONE = -1;

export interface ProducerInstance {
  readonly producerId: number;
  readonly producerEpoch: number;
}

export type Step =
  | { readonly kind: 'refused'; readonly errorCode: ErrorCode }
  /** All is as it is asked for. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'next'; readonly record: TransactionRecord };

export interface InitRequest {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** Who the producer has been so far (version 3 on, KIP-360), if it goes on after an error. */
  readonly expected: ProducerInstance | undefined;
}

function refuse(errorCode: ErrorCode): Step {
  return { kind: 'refused', errorCode };
}

function isDecided({ state }: TransactionRecord): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort';
}

/**
 * A new instance of the producer. An open transaction of the instance before has to be aborted first: the step is then
 * the decision to do so, under an epoch that nobody is given; the caller carries it out and asks once more.
 */
export function initProducer(
  current: TransactionRecord | undefined,
  request: InitRequest,
  takeProducerId: () => number,
  now: number,
): Step {
  const { transactionalId, timeoutMs, expected } = request;
  if (timeoutMs <= 0 || timeoutMs > MAX_TRANSACTION_TIMEOUT_MS) return refuse(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
  const begin = (instance: ProducerInstance & { previousProducerId: number; lastProducerEpoch: number }): Step => ({
    kind: 'next',
    record: {
      ...instance,
      transactionalId,
      timeoutMs,
      state: 'Empty',
      partitions: [],
      groups: [],
      startedAt: NONE,
      updatedAt: now,
    },
  });
  if (current === undefined) {
    const producerId = takeProducerId();
    return begin({ producerId, producerEpoch: 0, previousProducerId: NONE, lastProducerEpoch: NONE });
  }
  const { producerId, producerEpoch, previousProducerId, lastProducerEpoch } = current;
  if (expected !== undefined && !mayBe(current, expected)) return refuse(ErrorCode.PRODUCER_FENCED);
  if (isDecided(current)) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  if (current.state === 'Ongoing') {
    // Kafka aborts even for an instance that is locked out itself; here that one only learns that it is.
    if (expected !== undefined && expected.producerEpoch !== producerEpoch) return refuse(ErrorCode.PRODUCER_FENCED);
    return { kind: 'next', record: fence(current, now) };
  }
  if (producerEpoch >= LAST_EPOCH && (expected === undefined || expected.producerEpoch === producerEpoch)) {
    return begin({
      producerId: takeProducerId(),
      producerEpoch: 0,
      previousProducerId: producerId,
      lastProducerEpoch: expected === undefined ? NONE : producerEpoch,
    });
  }
  const same = { producerId, previousProducerId };
  if (expected === undefined) return begin({ ...same, producerEpoch: producerEpoch + 1, lastProducerEpoch: NONE });
  if (expected.producerEpoch === producerEpoch) {
    return begin({ ...same, producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch });
  }
  // The answer to the first try was lost.
  if (expected.producerEpoch === lastProducerEpoch) return begin({ ...same, producerEpoch, lastProducerEpoch });
  return refuse(ErrorCode.PRODUCER_FENCED);
}

/** Whether the instance can be the one that holds the id, or the one whose epochs were used up just now. */
function mayBe({ producerId, previousProducerId }: TransactionRecord, expected: ProducerInstance): boolean {
  if (expected.producerId === producerId) return true;
  return expected.producerId === previousProducerId && expected.producerEpoch >= LAST_EPOCH;
}

/** Aborts an open transaction, and locks out the producer that it belongs to. */
export function fence(current: TransactionRecord, now: number): TransactionRecord {
  const producerEpoch = Math.min(current.producerEpoch + 1, LAST_EPOCH + 1);
  return { ...current, state: 'PrepareAbort', producerEpoch, lastProducerEpoch: NONE, updatedAt: now };
}

/** Whether this is the producer that holds the id; what a request of another one is answered with. */
function checkInstance(
  current: TransactionRecord | undefined,
  { producerId, producerEpoch }: ProducerInstance,
): { readonly errorCode: ErrorCode } | { readonly record: TransactionRecord } {
  if (current?.producerId !== producerId) return { errorCode: ErrorCode.INVALID_PRODUCER_ID_MAPPING };
  if (current.producerEpoch !== producerEpoch) return { errorCode: ErrorCode.PRODUCER_FENCED };
  return { record: current };
}

/** Takes partitions, or groups for their offsets, into the transaction; the first ones begin it. */
export function addToTransaction(
  current: TransactionRecord | undefined,
  producer: ProducerInstance,
  added: { readonly partitions?: readonly TransactionPartition[]; readonly groups?: readonly string[] },
  now: number,
): Step {
  const checked = checkInstance(current, producer);
  if ('errorCode' in checked) return refuse(checked.errorCode);
  const { record } = checked;
  if (isDecided(record)) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS);
  const isOngoing = record.state === 'Ongoing';
  const known = new Set(isOngoing ? record.partitions.map(nameOf) : []);
  const partitions = (added.partitions ?? []).filter((partition) => {
    const name = nameOf(partition);
    if (known.has(name)) return false;
    known.add(name);
    return true;
  });
  const groups = (added.groups ?? []).filter((group) => !isOngoing || !record.groups.includes(group));
  if (isOngoing && partitions.length === 0 && groups.length === 0) return { kind: 'unchanged' };
  return {
    kind: 'next',
    record: {
      ...record,
      state: 'Ongoing',
      partitions: isOngoing ? [...record.partitions, ...partitions] : partitions,
      groups: isOngoing ? [...record.groups, ...groups] : groups,
      startedAt: isOngoing ? record.startedAt : now,
      updatedAt: now,
    },
  };
}

function nameOf({ topicId, partition }: TransactionPartition): string {
  return `${topicId}:${partition}`;
}

/** Decides on the transaction. The same decision again is no error: the answer to the first try may have been lost. */
export function decide(
  current: TransactionRecord | undefined,
  producer: ProducerInstance,
  committed: boolean,
  now: number,
): Step {
  const checked = checkInstance(current, producer);
  if ('errorCode' in checked) return refuse(checked.errorCode);
  const { record } = checked;
  switch (record.state) {
    case 'Ongoing':
      return {
        kind: 'next',
        record: { ...record, state: committed ? 'PrepareCommit' : 'PrepareAbort', updatedAt: now },
      };
    case 'CompleteCommit':
    case 'CompleteAbort':
      return committed === (record.state === 'CompleteCommit')
        ? { kind: 'unchanged' }
        : refuse(ErrorCode.INVALID_TXN_STATE);
    case 'PrepareCommit':
    case 'PrepareAbort':
      return committed === (record.state === 'PrepareCommit')
        ? refuse(ErrorCode.CONCURRENT_TRANSACTIONS)
        : refuse(ErrorCode.INVALID_TXN_STATE);
    case 'Empty':
      return refuse(ErrorCode.INVALID_TXN_STATE);
  }
}

/** All partitions have their end markers. */
export function complete(current: TransactionRecord, now: number): TransactionRecord {
  const state = current.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort';
  return { ...current, state, partitions: [], groups: [], updatedAt: now };
}

/** Whether what the producer sends belongs to its open transaction. */
export function checkMembership(
  current: TransactionRecord | undefined,
  producer: ProducerInstance,
  isMember: (record: TransactionRecord) => boolean,
): ErrorCode {
  const checked = checkInstance(current, producer);
  // Where records go, Kafka has another name for being locked out.
  if ('errorCode' in checked) {
    return checked.errorCode === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : checked.errorCode;
  }
  if (isDecided(checked.record)) return ErrorCode.CONCURRENT_TRANSACTIONS;
  return checked.record.state === 'Ongoing' && isMember(checked.record) ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE;
}

/** When time alone brings something about: an open transaction is aborted, an unused id is forgotten. */
export function deadlineOf({ state, startedAt, timeoutMs, updatedAt }: TransactionRecord): number {
  if (state === 'Ongoing') return startedAt + timeoutMs;
  if (state === 'PrepareCommit' || state === 'PrepareAbort') return Number.POSITIVE_INFINITY;
  return updatedAt + ID_EXPIRATION_MS;
}
