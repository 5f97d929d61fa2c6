/** A fetch under way: what was asked of a broker, from where, and its answer. */
import type { BrokerConnection } from './brokerConnection';
import { askFetch, type FetchResponse } from './fetch';
import { lastEpoch } from './leaderEpochs';
import type { Ahead } from './readAhead';

/** Of an answer; two may be here at a time. */
const MAX_BYTES = 4 << 20;
const MAX_BYTES_PER_PARTITION = 1 << 20;
/** Beyond the wait that was asked for, a broker that sends not one byte for so long does not answer, ms. */
const SILENCE_MS = 5_000;

export interface Fetching {
  readonly broker: BrokerConnection;
  /** See ReadPartition. */
  readonly claim: symbol;
  /** What was asked for, by partition. */
  readonly positions: ReadonlyMap<number, number>;
  readonly answer: Promise<FetchResponse>;
  /** The answer was a failure; known even if nobody waits for it. */
  failed: boolean;
}

/** @param maxWaitMs how long the broker may hold it while it finds nothing */
export function startFetch(
  broker: BrokerConnection,
  topic: string,
  topicId: string | null,
  asked: readonly Ahead[],
  maxWaitMs: number,
): Fetching {
  const positions = new Map(asked.map(({ partition, position }) => [partition, position]));
  const lastEpochs = new Map(asked.map(({ partition, epochs }) => [partition, lastEpoch(epochs)]));
  const limits = { maxWaitMs, maxBytes: MAX_BYTES, maxBytesPerPartition: MAX_BYTES_PER_PARTITION };
  const answer = askFetch(broker, { topic, topicId, positions, lastEpochs, ...limits }, maxWaitMs + SILENCE_MS);
  const fetching: Fetching = { broker, claim: Symbol('fetch'), positions, answer, failed: false };
  answer.catch(() => {
    fetching.failed = true;
  });
  return fetching;
}
