/** Keeps an eye on the cluster: whether it answers, and which topics it has. What it sees is the connection's state. */
import type { ConnectionState, Topic } from '../shared/contract';
import type { KafkaClient } from './kafka/kafkaClient';
import { toKafkaError } from './kafka/kafkaError';

const EVERY_MS = 2_000;
const FIRST_RETRY_MS = 300;
const MAX_RETRY_MS = 5_000;

export interface ClusterMonitor {
  /** Looks at once; resolves with the topics, or throws KafkaError. */
  refresh(): Promise<Topic[]>;
  /** The cluster was away, or may have been: its state is told anew, whatever it was. */
  recheck(): void;
  close(): void;
}

export interface ClusterMonitorOptions {
  readonly client: KafkaClient;
  readonly onState: (state: ConnectionState) => void;
  readonly onTopics: (topics: Topic[]) => void;
}

export function watchCluster({ client, onState, onTopics }: ClusterMonitorOptions): ClusterMonitor {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let since: number | undefined;
  let failures = 0;
  let last = '';
  let looking: Promise<Topic[]> | undefined;
  let next: Promise<Topic[]> | undefined;

  async function look(): Promise<Topic[]> {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    let delay = EVERY_MS;
    try {
      const topics = await client.listTopics();
      failures = 0;
      if (since === undefined) {
        since = Date.now();
        if (!closed) onState({ kind: 'connected', since });
      }
      const text = JSON.stringify(topics);
      if (text !== last && !closed) {
        last = text;
        onTopics(topics);
      }
      return topics;
    } catch (error) {
      const known = toKafkaError(error);
      since = undefined;
      delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 8), MAX_RETRY_MS);
      failures += 1;
      if (!closed)
        onState({ kind: 'retrying', reason: known.message, action: known.action, retryAt: Date.now() + delay });
      throw known;
    } finally {
      looking = undefined;
      if (!closed) timer = setTimeout(() => void refresh().catch(() => undefined), delay);
    }
  }

  const refresh = (): Promise<Topic[]> => {
    if (looking === undefined) {
      looking = look();
      return looking;
    }
    // A look that is under way may have missed what has just been done; one more follows it, for all who ask.
    next ??= looking
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return refresh();
      });
    return next;
  };

  void refresh().catch(() => undefined);
  return {
    refresh,
    recheck: () => {
      since = undefined;
      void refresh().catch(() => undefined);
    },
    close: () => {
      closed = true;
      if (timer !== undefined) clearTimeout(timer);
    },
  };
}
