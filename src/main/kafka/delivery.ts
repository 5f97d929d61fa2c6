/** One batch, from its first attempt until it is acknowledged, refused or overdue. */
import { KafkaError } from './kafkaError';
import { expire, giveUp, type QueuedRecord } from './queuedRecord';
import { AttemptFailure, type Transport } from './transport';

export interface DeliveryOptions {
  readonly topic: string;
  readonly partition: number;
  readonly transport: Transport;
  /** From the hand-over of a record to its acknowledgement, ms. */
  readonly deliverWithinMs: number;
  /** For one attempt, ms; less when less is left. */
  readonly attemptWithinMs: number;
  readonly now: () => number;
  /** Ends early when the queue is closed. */
  readonly sleep: (ms: number) => Promise<void>;
  /** True once nothing matters any more. */
  readonly isClosed: () => boolean;
  /** Why it does not get on; null when it does. */
  readonly onTrouble: (error: KafkaError | null) => void;
}

export const FIRST_RETRY_MS = 100;
export const LONGEST_RETRY_MS = 1_000;
const SHORTEST_ATTEMPT_MS = 1_000;

export async function deliver(batch: readonly QueuedRecord[], options: DeliveryOptions): Promise<void> {
  const { topic, partition, transport, deliverWithinMs, attemptWithinMs, now, sleep, isClosed, onTrouble } = options;
  const left = ({ handedOver }: QueuedRecord) => handedOver + deliverWithinMs - now();
  let queued = batch;
  let retryMs = FIRST_RETRY_MS;
  let last: KafkaError | undefined;
  /** An attempt may have been taken. From then on it is the same batch again, or all of it is given up. */
  let mayBeWritten = false;

  const end = (finish: (one: QueuedRecord) => void) => {
    if (mayBeWritten) transport.abandon(topic, partition);
    onTrouble(null);
    for (const one of queued) finish(one);
  };

  while (!isClosed()) {
    const overdue = queued.filter((one) => left(one) <= 0);
    if (mayBeWritten && overdue.length > 0) return end((one) => expire(one, deliverWithinMs, last));
    for (const one of overdue) expire(one, deliverWithinMs, last);
    queued = queued.filter(({ isSettled }) => !isSettled);
    const [first] = queued;
    if (!first) return onTrouble(null);
    for (const one of queued) one.inDoubt = true;
    try {
      const base = await transport.write(
        {
          topic,
          partition,
          records: queued.map(({ record }) => record),
          bytes: queued.reduce((sum, { bytes }) => sum + bytes, 0),
        },
        Math.max(SHORTEST_ATTEMPT_MS, Math.min(attemptWithinMs, left(first))),
      );
      onTrouble(null);
      for (const [index, one] of queued.entries()) {
        one.settle({ kind: 'acknowledged', partition, offset: String(base + index) });
      }
      return;
    } catch (thrown) {
      if (isClosed()) return;
      const failure = thrown instanceof AttemptFailure ? thrown : unforeseen(thrown);
      const { error } = failure;
      const { next } = failure.details;
      last = error;
      mayBeWritten ||= failure.details.mayBeWritten;
      for (const one of queued) one.inDoubt = mayBeWritten;
      if (next === 'give-up' || (next === 'restart' && mayBeWritten)) return end((one) => giveUp(one, error));
      if (next === 'split') {
        if (mayBeWritten || queued.length === 1) return end((one) => giveUp(one, error));
        const middle = Math.ceil(queued.length / 2);
        await deliver(queued.slice(0, middle), options);
        return deliver(queued.slice(middle), options);
      }
      if (next === 'restart') transport.abandon(topic, partition);
      onTrouble(error);
      await sleep(Math.min(retryMs, Math.max(0, left(first))));
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  }
}

function unforeseen(thrown: unknown): AttemptFailure {
  const error = new KafkaError('CLUSTER', String(thrown), 'Try again.', true, { cause: thrown });
  return new AttemptFailure(error, { mayBeWritten: true, next: 'retry' });
}
