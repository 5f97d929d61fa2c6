/**
 * Keeps the details of the topics in view current: what they hold, and how much is produced to them. Asked for these
 * rows only, as each topic costs the cluster two requests a look; failures are none of the connection's.
 */
import type { TopicDetail } from '../shared/contract';
import type { KafkaClient } from './kafka/kafkaClient';

const EVERY_MS = 2_000;
/** After so many looks that found nothing new, the next ones come later and later: a topic at rest costs next to nothing. */
const STILL_LOOKS = 5;
const RESTING_EVERY_MS = 8_000;
/** A rate over less than this says little, ms. */
const RATE_OVER_MS = 1_000;

export interface TopicDetailsWatch {
  /** Looks at once: something has just been produced, or deleted. */
  look(): void;
  /** Records flow somewhere: looks at rest are over. Costs nothing when there are none. */
  stir(): void;
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

/** How long until the next look, ms, after so many in a row that found nothing new. */
export const nextLook = (still: number): number =>
  Math.min(RESTING_EVERY_MS, EVERY_MS * 2 ** Math.max(0, still - STILL_LOOKS + 1));

export function watchTopicDetails(
  client: Pick<KafkaClient, 'topicOffsets'>,
  onDetails: (details: TopicDetail[]) => void,
): TopicDetailsWatch {
  let wanted: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let closed = false;
  let still = 0;
  let last = '';
  let seen = new Map<string, Seen>();

  const tell = (details: TopicDetail[]) => {
    const text = JSON.stringify(details);
    still = text === last ? still + 1 : 0;
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
      // In the order asked for: the cluster's own changes from one answer to the next.
      const byName = new Map(found.map((topic) => [topic.name, topic]));
      tell(
        wanted.flatMap((name) => {
          const topic = byName.get(name);
          return topic ? [{ name, records: topic.records, rate: seen.get(name)?.rate ?? null }] : [];
        }),
      );
    } catch {
      seen = new Map();
      still = 0;
      tell(wanted.map((name) => ({ name, records: null, rate: null })));
    } finally {
      looking = false;
      timer = setTimeout(() => void look(), again ? 0 : nextLook(still));
      again = false;
      if (closed) clearTimeout(timer);
    }
  }

  const lookAtOnce = () => {
    still = 0;
    void look();
  };

  return {
    look: lookAtOnce,
    stir: () => {
      if (still >= STILL_LOOKS) lookAtOnce();
    },
    inView: (topics) => {
      const isNew = topics.some((topic) => !wanted.includes(topic));
      wanted = topics;
      // A rate over the time in which nobody looked would be none.
      if (wanted.length === 0) seen = new Map();
      if (isNew) lookAtOnce();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
