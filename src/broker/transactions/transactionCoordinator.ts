/**
 * All transactions of the broker: writes down each step before it counts, carries decisions out in the logs, and aborts
 * what is not ended in time. A decision that is written down is carried out whatever happens: at once, else as soon as
 * the disk allows, else at the next start.
 */
import type { CommittedOffset } from '../log/metadataChange.ts';
import type { MetadataStore } from '../log/metadataStore.ts';
import type { PartitionLog } from '../log/partitionLog.ts';
import type { TopicStore } from '../log/topicStore.ts';
import type { TransactionPartition, TransactionRecord } from '../log/transactionRecord.ts';
import type { Logger } from '../logger.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import {
  addToTransaction,
  checkMembership,
  complete,
  deadlineOf,
  decide,
  fence,
  type InitRequest,
  initProducer,
  type ProducerInstance,
  type Step,
} from './transaction.ts';

/** How soon a decision that the disk refused to carry out is tried again. */
const RETRY_MS = 5000;
const MAX_TIMER_MS = 0x7fff_ffff;

export interface InitResult extends ProducerInstance {
  readonly errorCode: ErrorCode;
}

const NOT_GIVEN = { producerId: -1, producerEpoch: -1 };

export class TransactionCoordinator {
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private closed = false;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly topics: TopicStore,
    private readonly logger: Logger,
    private readonly clock: () => number = Date.now,
  ) {
    this.expire();
    this.abortOrphans();
  }

  /** Of a producer with a transactional id. Its open transaction, if there is one, has been aborted. */
  initProducer(request: InitRequest): InitResult {
    const { transactionalId } = request;
    try {
      for (;;) {
        const current = this.metadata.transactions.get(transactionalId);
        const step = initProducer(current, request, () => this.metadata.takeProducerId(), this.clock());
        if (step.kind === 'refused') return { ...NOT_GIVEN, errorCode: step.errorCode };
        if (step.kind === 'unchanged') throw new Error('a producer was given nothing');
        this.save(step.record);
        const { producerId, producerEpoch, state } = step.record;
        if (state === 'Empty') return { producerId, producerEpoch, errorCode: ErrorCode.NONE };
        this.carryOut(step.record);
      }
    } catch (error) {
      return { ...NOT_GIVEN, errorCode: this.notWritten(transactionalId, error) };
    }
  }

  addPartitions(
    transactionalId: string,
    producer: ProducerInstance,
    partitions: readonly TransactionPartition[],
  ): ErrorCode {
    return this.take(transactionalId, (current) => addToTransaction(current, producer, { partitions }, this.clock()));
  }

  addGroup(transactionalId: string, producer: ProducerInstance, group: string): ErrorCode {
    return this.take(transactionalId, (current) =>
      addToTransaction(current, producer, { groups: [group] }, this.clock()),
    );
  }

  /** With the logs that have to be on the disk before the answer may go (flush.messages). */
  end(
    transactionalId: string,
    producer: ProducerInstance,
    committed: boolean,
  ): { readonly errorCode: ErrorCode; readonly unsynced: readonly PartitionLog[] } {
    let unsynced: readonly PartitionLog[] = [];
    const errorCode = this.take(
      transactionalId,
      (current) => decide(current, producer, committed, this.clock()),
      (record) => {
        unsynced = this.carryOut(record);
      },
    );
    return { errorCode, unsynced };
  }

  /** Whether a transactional batch may be appended to this partition. */
  checkBatch(transactionalId: string, producer: ProducerInstance, topicId: string, partition: number): ErrorCode {
    return this.check(transactionalId, producer, ({ partitions }) =>
      partitions.some((member) => member.topicId === topicId && member.partition === partition),
    );
  }

  /** Whether offsets may be committed to this group. */
  checkGroup(transactionalId: string, producer: ProducerInstance, group: string): ErrorCode {
    return this.check(transactionalId, producer, ({ groups }) => groups.includes(group));
  }

  private check(
    transactionalId: string,
    producer: ProducerInstance,
    isMember: (record: TransactionRecord) => boolean,
  ): ErrorCode {
    if (transactionalId === '') return ErrorCode.INVALID_REQUEST;
    return checkMembership(this.metadata.transactions.get(transactionalId), producer, isMember);
  }

  /** Has been checked. Throws if the disk refuses. */
  commitOffsets(producerId: number, group: string, offsets: readonly CommittedOffset[]): void {
    this.metadata.commitOffsetsInTransaction(producerId, group, offsets);
  }

  private take(
    transactionalId: string,
    next: (current: TransactionRecord | undefined) => Step,
    then: (record: TransactionRecord) => void = () => {},
  ): ErrorCode {
    const step = next(this.metadata.transactions.get(transactionalId));
    if (step.kind === 'refused') return step.errorCode;
    if (step.kind === 'unchanged') return ErrorCode.NONE;
    try {
      this.save(step.record);
    } catch (error) {
      return this.notWritten(transactionalId, error);
    }
    then(step.record);
    return ErrorCode.NONE;
  }

  private save(record: TransactionRecord): void {
    this.metadata.saveTransaction(record);
    this.setTimer(deadlineOf(record));
  }

  private notWritten(transactionalId: string, error: unknown): ErrorCode {
    this.logger.error('a transaction could not be written down', { transactionalId, error: String(error) });
    return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  }

  /**
   * Puts the end marker into every partition, and then the offsets into their groups. Whatever was done before it failed
   * may be done again: a second marker ends nothing. Gives the logs that have to be synced.
   */
  private carryOut(record: TransactionRecord): PartitionLog[] {
    const { transactionalId, producerId, producerEpoch, state } = record;
    const logs = record.partitions
      .map(({ topicId, partition }) => this.topics.getById(topicId)?.logs[partition])
      .filter((log) => log !== undefined);
    try {
      // What is on the disk of a log that waits for it must not be further than the decision.
      if (logs.some((log) => log.settings.flushMessages <= 1)) this.metadata.sync();
      for (const log of logs) {
        log.endTransaction({ producerId, producerEpoch, committed: state === 'PrepareCommit' }, this.clock());
      }
      this.save(complete(record, this.clock()));
    } catch (error) {
      this.logger.error('a transaction could not be ended in every partition yet', {
        transactionalId,
        error: String(error),
      });
      this.setTimer(this.clock() + RETRY_MS);
    }
    return logs.filter((log) => log.mustFlush);
  }

  /** Open transactions in the logs that nobody here knows of would hold their readers back for ever. */
  private abortOrphans(): void {
    const known = new Set<string>();
    for (const { producerId, partitions } of this.metadata.transactions.values()) {
      for (const { topicId, partition } of partitions) known.add(`${producerId}:${topicId}:${partition}`);
    }
    for (const topic of this.topics.all()) {
      for (const [partition, log] of topic.logs.entries()) {
        for (const { producerId, producerEpoch } of log.openTransactions()) {
          if (known.has(`${producerId}:${topic.id}:${partition}`)) continue;
          this.logger.warn('a transaction that is not known is aborted', { topic: topic.name, partition, producerId });
          try {
            log.endTransaction({ producerId, producerEpoch, committed: false }, this.clock());
          } catch (error) {
            this.logger.error('it could not be aborted', { topic: topic.name, partition, error: String(error) });
          }
        }
      }
    }
  }

  private setTimer(deadline: number): void {
    if (this.closed || deadline >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = deadline;
    const wait = Math.min(Math.max(deadline - this.clock(), 1), MAX_TIMER_MS);
    this.timer = setTimeout(() => this.expire(), wait);
    this.timer.unref();
  }

  /** Carries out what was decided, aborts what is overdue, and forgets ids that nobody uses any more. */
  expire(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    clearTimeout(this.timer);
    const now = this.clock();
    for (const record of [...this.metadata.transactions.values()]) {
      const isDue = deadlineOf(record) <= now;
      try {
        if (record.state === 'PrepareCommit' || record.state === 'PrepareAbort') this.carryOut(record);
        else if (isDue && record.state === 'Ongoing') this.abortOverdue(record, now);
        else if (isDue) this.metadata.expireTransaction(record.transactionalId);
        else this.setTimer(deadlineOf(record));
      } catch (error) {
        this.notWritten(record.transactionalId, error);
        this.setTimer(now + RETRY_MS);
      }
    }
  }

  private abortOverdue(record: TransactionRecord, now: number): void {
    const { transactionalId, timeoutMs } = record;
    this.logger.warn('a transaction was not ended in time and is aborted', { transactionalId, timeoutMs });
    const aborted = fence(record, now);
    this.save(aborted);
    this.carryOut(aborted);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }
}
