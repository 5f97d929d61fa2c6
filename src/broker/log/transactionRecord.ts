/** What is written down of a transactional id: the producer that holds it, and its latest transaction. */

/**
 * Empty → Ongoing → PrepareCommit or PrepareAbort, which is the decision → CompleteCommit or CompleteAbort once every
 * partition has its end marker; and from there to Ongoing, or with a new instance of the producer to Empty.
 */
export type TransactionState =
  | 'Empty'
  | 'Ongoing'
  | 'PrepareCommit'
  | 'PrepareAbort'
  | 'CompleteCommit'
  | 'CompleteAbort';

/** By the topic's id: one that is made anew under the same name is no part of the transaction. */
export interface TransactionPartition {
  readonly topicId: string;
  readonly partition: number;
}

export interface TransactionRecord {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The producer id whose epochs were used up, or -1. */
  readonly previousProducerId: number;
  /** The epoch that its producer gave up for this one (KIP-360), or -1: with it, it may ask once more. */
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  readonly partitions: readonly TransactionPartition[];
  /** Consumer groups that offsets are committed to. */
  readonly groups: readonly string[];
  /** Milliseconds since 1970, as the next one; -1 if there was no transaction yet. */
  readonly startedAt: number;
  readonly updatedAt: number;
}
