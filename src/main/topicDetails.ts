/**
 * Keeps the details of the topics in view current: what they hold, and how much is produced to them. Asked for these
 * rows only, as each topic costs the cluster two requests a look; failures are none of the connection's.
 */
import type { TopicDetail } from '../shared/contract';
import type { KafkaClient } from './kafka/kafkaClient';

const EVERY_MS = 2_000;
/** A rate over less than this says little, ms. */
const RATE_OVER_MS = 1_000;

export interface TopicDetailsWatch {
  /** Looks at once: something has just been produced, or deleted. */
  look(): void;
  /** Whose details are kept current from now on. */
  inView(topics: readonly string[]): void;
  close(): void;
}

/** What had ever been produced to a topic, and when that was seen (performance.now()); the rate since the look before. */
interface Seen {
  readonly end: number;
  readonly at: number;
  readonly rate: number | null;
}

/** The newer look, or the older one while too little time has passed to tell a rate. */
export function nextSeen(before: Seen | undefined, end: number, at: number): Seen {
  // A topic that was made anew has had less than before: it is seen for the first time.
  if (before === undefined || end < before.end) return { end, at, rate: null };
  if (at - before.at < RATE_OVER_MS) return before;
  return { end, at, rate: Math.round(((end - before.end) / (at - before.at)) * 10_000) / 10 };
}

export function watchTopicDetails(
  client: Pick<KafkaClient, 'topicOffsets'>,
  onDetails: (details: TopicDetail[]) => void,
): TopicDetailsWatch {
  let wanted: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let closed = false;
  let last = '';
  let seen = new Map<string, Seen>();

  const tell = (details: TopicDetail[]) => {
    const text = JSON.stringify(details);
    if (closed || text === last) return;
    last = text;
    onDetails(details);
  };

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    clearTimeout(timer);
    if (closed || wanted.length === 0) return;
    looking = true;
    try {
      const found = await client.topicOffsets(wanted);
      const at = performance.now();
      const before = seen;
      seen = new Map(
        found.flatMap(({ name, end }) => (end === null ? [] : [[name, nextSeen(before.get(name), end, at)]])),
      );
      tell(found.map(({ name, records }) => ({ name, records, rate: seen.get(name)?.rate ?? null })));
    } catch {
      seen = new Map();
      tell(wanted.map((name) => ({ name, records: null, rate: null })));
    } finally {
      looking = false;
      timer = setTimeout(() => void look(), again ? 0 : EVERY_MS);
      again = false;
      if (closed) clearTimeout(timer);
    }
  }

  return {
    look: () => void look(),
    inView: (topics) => {
      const isNew = topics.some((topic) => !wanted.includes(topic));
      wanted = topics;
      if (isNew) void look();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
