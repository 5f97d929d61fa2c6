/** A record on its way, and the words for one that did not arrive. */
import { KafkaError } from './kafkaError';
import type { RecordToSend, SendOutcome } from './sending';

export interface QueuedRecord {
  readonly record: RecordToSend;
  readonly bytes: number;
  /** ms, by the queue's clock. */
  readonly handedOver: number;
  /** Says what became of it; only the first word counts. */
  readonly settle: (outcome: SendOutcome) => void;
  isSettled: boolean;
  /** It is, or was, in a request that the broker may have taken. */
  inDoubt: boolean;
}

function fail(queued: QueuedRecord, error: KafkaError): void {
  queued.settle({ kind: 'failed', error, written: queued.inDoubt ? 'unknown' : 'no' });
}

const inDoubt = (cause: string) =>
  new KafkaError(
    'UNKNOWN_OUTCOME',
    `It is unknown whether the record has been written: ${cause}`,
    'Look into the topic before you send it again.',
    false,
  );

/** The cluster will not take it. A broker's plain no stays what it is. */
export function giveUp(queued: QueuedRecord, error: KafkaError): void {
  fail(queued, queued.inDoubt ? inDoubt(error.message) : error);
}

/** Its time is over. */
export function expire(queued: QueuedRecord, withinMs: number, cause: KafkaError | undefined): void {
  const why = cause?.message ?? 'what was handed over before it has not been taken yet.';
  const action = cause?.action ?? 'Wait until the cluster keeps up, then send it again.';
  const late = `Not sent within ${Math.round(withinMs / 1_000)} s: ${why}`;
  fail(queued, queued.inDoubt ? inDoubt(why) : new KafkaError('NOT_SENT', late, action, true));
}

/** The connection is closed by the app. */
export function abort(queued: QueuedRecord): void {
  fail(queued, queued.inDoubt ? CLOSED_IN_DOUBT : CLOSED_UNSENT);
}

const CLOSED_UNSENT = new KafkaError(
  'CLOSED',
  'Not sent: the connection to the cluster has been closed.',
  'Send it again.',
  true,
);
const CLOSED_IN_DOUBT = new KafkaError(
  'CLOSED',
  'It is unknown whether the record has been written: the connection to the cluster was closed meanwhile.',
  'Look into the topic before you send it again.',
  false,
);
