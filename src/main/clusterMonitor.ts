/** Keeps an eye on the cluster: whether it answers, and which topics it has. What it sees is the connection's state. */
import type { ConnectionState, Topic, TopicDetail } from '../shared/contract';
import type { TopicStorage } from '../shared/topicStorage';
import type { InViewWatch } from './inViewWatch';
import type { KafkaClient } from './kafka/kafkaClient';
import { toKafkaError } from './kafka/kafkaError';
import { watchTopicDetails } from './topicDetails';
import { watchTopicStorage } from './topicStorage';

const EVERY_MS = 2_000;
/** While nobody sees the window. */
const UNSEEN_EVERY_MS = 10_000;
/** A list of thousands of topics takes its time; no more than this part of all time goes into looking. */
const SHARE = 0.02;
/** What only the person can change: trying again would lock the account, or fill the log of the cluster. */
const LASTING = new Set(['SASL_AUTHENTICATION_FAILED', 'TLS', 'TLS_SETTINGS', 'OAUTH_TOKEN']);
const FIRST_RETRY_MS = 300;
const MAX_RETRY_MS = 5_000;

export interface ClusterMonitor {
  /** Looks at once; resolves with the topics, or throws KafkaError. */
  refresh(): Promise<Topic[]>;
  /** The cluster was away, or may have been: its state is told anew, whatever it was. */
  recheck(): void;
  /** Whose details are kept current from now on: the rows that the person sees. */
  inView(topics: readonly string[]): void;
  /** Records flow from or to the cluster: what topics hold may change. */
  stir(): void;
  /** Whether somebody can see the window; true until told otherwise. */
  seen(seen: boolean): void;
  close(): void;
}

export interface ClusterMonitorOptions {
  readonly client: KafkaClient;
  readonly onState: (state: ConnectionState) => void;
  readonly onTopics: (topics: Topic[]) => void;
  readonly onDetails: (details: TopicDetail[]) => void;
  readonly onStorage: (storage: TopicStorage[]) => void;
}

export function watchCluster({
  client,
  onState,
  onTopics,
  onDetails,
  onStorage,
}: ClusterMonitorOptions): ClusterMonitor {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let since: number | undefined;
  let failures = 0;
  let last = '';
  let looking: Promise<Topic[]> | undefined;
  let next: Promise<Topic[]> | undefined;
  let inView: readonly string[] = [];
  let seen = true;
  const watches = [watchTopicDetails(client, onDetails), watchTopicStorage(client, onStorage)];
  const each = (call: (watch: InViewWatch) => void) => {
    for (const watch of watches) call(watch);
  };

  /** `asked`: somebody knows of something new; else it is only time for a look. */
  async function look(asked: boolean): Promise<Topic[]> {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    let delay: number | null = null;
    const began = performance.now();
    try {
      const topics = await client.listTopics();
      delay = Math.max(seen ? EVERY_MS : UNSEEN_EVERY_MS, (performance.now() - began) / SHARE);
      failures = 0;
      const text = JSON.stringify(topics);
      const news = since === undefined || text !== last;
      if (since === undefined) {
        since = Date.now();
        if (!closed) onState({ kind: 'connected', since });
      }
      if (text !== last && !closed) {
        last = text;
        onTopics(topics);
      }
      if (asked || news) each((watch) => watch.look());
      return topics;
    } catch (error) {
      const known = toKafkaError(error);
      since = undefined;
      delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 8), MAX_RETRY_MS);
      failures += 1;
      if (LASTING.has(known.code) && !known.retriable) {
        delay = null;
        if (!closed) onState({ kind: 'failed', reason: known.message, action: known.action });
      } else if (!closed)
        onState({ kind: 'retrying', reason: known.message, action: known.action, retryAt: Date.now() + delay });
      throw known;
    } finally {
      looking = undefined;
      if (!closed && delay !== null) timer = setTimeout(() => void begin(false).catch(() => undefined), delay);
    }
  }

  function begin(asked: boolean): Promise<Topic[]> {
    looking = look(asked);
    return looking;
  }

  const refresh = (): Promise<Topic[]> => {
    if (looking === undefined) return begin(true);
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
    inView: (topics) => {
      inView = topics;
      if (seen) each((watch) => watch.inView(topics));
    },
    stir: () => each((watch) => watch.stir()),
    seen: (next) => {
      if (seen === next) return;
      seen = next;
      each((watch) => watch.inView(seen ? inView : []));
      // What has happened meanwhile is there at once.
      if (seen && timer !== undefined) void refresh().catch(() => undefined);
    },
    close: () => {
      closed = true;
      each((watch) => watch.close());
      if (timer !== undefined) clearTimeout(timer);
    },
  };
}
