/** How a batch reaches the leader of its partition, as the send queue sees it. */
import type { KafkaError } from './kafkaError';
import type { RecordToSend } from './sending';

export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RecordToSend[];
  readonly bytes: number;
}

export interface Transport {
  /** The partition of each record, in order. Throws KafkaError; one that is retriable is asked again. */
  place(topic: string, records: readonly RecordToSend[]): Promise<readonly number[]>;
  /** One attempt, of at most so many ms: the offset of the batch's first record. Throws AttemptFailure. */
  write(batch: Batch, withinMs: number): Promise<number>;
  /** Nothing may follow on the partition under the same producer id: the fate of what came before is not known. */
  abandon(topic: string, partition: number): void;
}

/** One attempt to write failed. */
export class AttemptFailure extends Error {
  constructor(
    readonly error: KafkaError,
    readonly details: {
      /** The broker may have taken the batch all the same. */
      readonly mayBeWritten: boolean;
      /**
       * `split`: one record of the batch may be what the broker minds; `restart`: the broker does not follow the
       * producer's sequence numbers any more.
       */
      readonly next: 'retry' | 'split' | 'restart' | 'give-up';
    },
  ) {
    super(error.message);
  }
}
