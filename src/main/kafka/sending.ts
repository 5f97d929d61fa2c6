/** What goes to the cluster, and what became of it: one outcome for each record. */
import { KafkaError } from './kafkaError';

export interface RecordToSend {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** All in-sync replicas have the record. */
export interface Acknowledgement {
  readonly partition: number;
  readonly offset: string;
}

export type SendOutcome =
  | ({ readonly kind: 'acknowledged' } & Acknowledgement)
  /** `written`: "no" is certain; "unknown" when the broker may have taken it and the answer was lost. */
  | { readonly kind: 'failed'; readonly error: KafkaError; readonly written: 'no' | 'unknown' };

/** What waits to be acknowledged. */
export interface Sending {
  readonly records: number;
  readonly bytes: number;
  /** Whoever sends has to wait. */
  readonly full: boolean;
  /** Why sending does not get on, while it does not. */
  readonly trouble: string | null;
}

export const NOTHING_TO_SEND: Sending = { records: 0, bytes: 0, full: false, trouble: null };

/** At least one record of a send was not acknowledged; `outcomes` says for each, in the order of the records. */
export class SendError extends KafkaError {
  constructor(readonly outcomes: readonly SendOutcome[]) {
    const failures = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.error] : []));
    const [first] = failures;
    const words = first?.message ?? 'The cluster acknowledged nothing.';
    super(
      first?.code ?? 'NOT_SENT',
      outcomes.length === 1
        ? words
        : `${failures.length} of ${outcomes.length} records were not acknowledged. ${words}`,
      first?.action ?? 'Send it again.',
      failures.every(({ retriable }) => retriable),
      { cause: first },
    );
  }
}

/** The outcomes of a send of `count` records that threw; without a word about them none was sent. */
export function outcomesOf(error: KafkaError, count: number): readonly SendOutcome[] {
  if (error instanceof SendError) return error.outcomes;
  return Array.from({ length: count }, () => ({ kind: 'failed', error, written: 'no' }));
}

/** About how much a record takes in a batch, bytes: what it holds, and its lengths and deltas. */
export function recordBytes({ key, value, headers }: RecordToSend): number {
  let bytes = 24;
  if (key !== null) bytes += Buffer.byteLength(key);
  if (value !== null) bytes += Buffer.byteLength(value);
  for (const [name, text] of Object.entries(headers ?? {})) {
    bytes += 10 + Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return bytes;
}
