/** Keeps current what the topics in view take on disk, and how long they keep their records. */
import type { TopicStorage } from '../shared/topicStorage';
import { type InViewWatch, watchInView } from './inViewWatch';
import type { KafkaClient } from './kafka/kafkaClient';

/** A broker looks through all of its files for an answer, and what it tells moves slowly. */
const PACE = { everyMs: 5_000, restingEveryMs: 30_000 };

export function watchTopicStorage(
  client: Pick<KafkaClient, 'topicStorage'>,
  onStorage: (storage: TopicStorage[]) => void,
): InViewWatch {
  return watchInView<TopicStorage>({
    ...PACE,
    lookAt: async (wanted) => {
      try {
        const byName = new Map((await client.topicStorage(wanted)).map((topic) => [topic.name, topic]));
        return { found: wanted.flatMap((name) => byName.get(name) ?? []), failed: false };
      } catch {
        const away = { kind: 'away' } as const;
        return { found: wanted.map((name) => ({ name, disk: away, retention: away })), failed: true };
      }
    },
    onFound: onStorage,
  });
}
