/**
 * Keeps the details of the topics in view current: what they hold, and how much is produced to them. Failures are none
 * of the connection's.
 */
import type { TopicDetail } from '../shared/contract';
import { type InViewWatch, watchInView } from './inViewWatch';
import type { KafkaClient } from './kafka/kafkaClient';

/** Each topic costs the cluster two requests a look. */
const PACE = { everyMs: 2_000, restingEveryMs: 8_000 };
/** A rate over less than this says little, ms. */
const RATE_OVER_MS = 1_000;

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
): InViewWatch {
  let seen = new Map<string, Seen>();

  async function details(wanted: readonly string[]): Promise<TopicDetail[]> {
    const offsets = await client.topicOffsets(wanted);
    const at = performance.now();
    const before = seen;
    seen = new Map(
      offsets.flatMap(({ name, end }) => (end === null ? [] : [[name, nextSeen(before.get(name), end, at)]])),
    );
    // In the order asked for: the cluster's own changes from one answer to the next.
    const byName = new Map(offsets.map((topic) => [topic.name, topic]));
    return wanted.flatMap((name) => {
      const topic = byName.get(name);
      return topic ? [{ name, records: topic.records, rate: seen.get(name)?.rate ?? null }] : [];
    });
  }

  const watch = watchInView<TopicDetail>({
    ...PACE,
    lookAt: async (wanted) => {
      try {
        return { found: await details(wanted), failed: false };
      } catch {
        seen = new Map();
        return { found: wanted.map((name) => ({ name, records: null, rate: null })), failed: true };
      }
    },
    onFound: onDetails,
  });
  return {
    ...watch,
    inView: (topics) => {
      // A rate over the time in which nobody looked would be none.
      if (topics.length === 0) seen = new Map();
      watch.inView(topics);
    },
  };
}
