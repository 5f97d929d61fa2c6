/** What topics take on disk, how long they keep their records, and changing that. */
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  DiskUse,
  KnownRetention,
  LimitChange,
  LimitSetting,
  RecordsBefore,
  RetentionChange,
  TopicRetention,
  TopicStorage,
} from '../../shared/topicStorage';
import type { ClusterConnections } from './clusterConnections';
import { changeTopicConfigs } from './configChange';
import { diskUse } from './logDirs';
import { askOffsetsOf, EARLIEST, LATEST } from './offsets';
import { byLeader } from './readPartition';
import { topicRetentions } from './topicConfigs';

/** A broker hears of a change from the controller a moment after it was made. */
const SEEN_TRIES = 20;
const SEEN_PAUSE_MS = 100;

/** Of these topics; one that is gone is absent. Either half may be unknown without the other. */
export async function topicStorage(cluster: ClusterConnections, names: readonly string[]): Promise<TopicStorage[]> {
  if (names.length === 0) return [];
  const metadata = await cluster.metadata(names);
  const topics = metadata.topicMetadata.filter(({ topicErrorCode }) => topicErrorCode === 0);
  const existing = topics.map(({ topic }) => topic);
  if (existing.length === 0) return [];
  const away = { kind: 'away' } as const;
  const [disks, retentions] = await Promise.all([
    diskUse(cluster, metadata, topics),
    topicRetentions(cluster, metadata.brokers, existing).catch((): ReadonlyMap<string, TopicRetention> => new Map()),
  ]);
  return existing.map((name) => ({
    name,
    disk: disks.get(name) ?? (away satisfies DiskUse),
    retention: retentions.get(name) ?? away,
  }));
}

/** Resolves with what holds then. What has outgrown it goes when the brokers next look, within minutes. */
export async function setRetention(
  cluster: ClusterConnections,
  topic: string,
  change: RetentionChange,
): Promise<TopicStorage[]> {
  await changeTopicConfigs(cluster, topic, { 'retention.ms': change.ms, 'retention.bytes': change.bytes });
  const { brokers } = await cluster.metadata([topic]);
  for (let left = SEEN_TRIES; left > 0; left--) {
    const retention = (await topicRetentions(cluster, brokers, [topic])).get(topic);
    if (retention?.kind !== 'known' || isAsChanged(retention, change)) break;
    await sleep(SEEN_PAUSE_MS);
  }
  return topicStorage(cluster, [topic]);
}

const isAsChanged = ({ ms, bytes }: KnownRetention, change: RetentionChange): boolean =>
  isSet(ms, change.ms) && isSet(bytes, change.bytes);

const isSet = (setting: LimitSetting, change: LimitChange): boolean =>
  change.kind === 'default' ? !setting.own : setting.own && setting.value === change.value;

/** @param at epoch ms. Counted by offsets; throws when a leader is away. */
export async function recordsBefore(cluster: ClusterConnections, topic: string, at: number): Promise<RecordsBefore> {
  const { partitions } = await cluster.layout(topic);
  const counts = await Promise.all(
    [...byLeader(partitions)].map(async ([leader, led]) => {
      const ids = led.map(({ partitionId }) => partitionId);
      return cluster.askBroker(leader, async (broker) => {
        const answers = await Promise.all(
          [EARLIEST, LATEST, at].map((timestamp) => askOffsetsOf(broker, topic, ids, timestamp)),
        );
        for (const { errors } of answers) for (const error of errors.values()) throw error;
        const [first, next, later] = answers.map(({ offsets }) => offsets);
        return ids.map((id) => {
          const low = first?.get(id) ?? 0;
          const high = Math.max(low, next?.get(id) ?? low);
          // Without a record at that time or later, all are from before it.
          return { records: high - low, before: Math.min(Math.max(low, later?.get(id) ?? high), high) - low };
        });
      });
    }),
  );
  const sum = (key: keyof RecordsBefore) => counts.flat().reduce((total, one) => total + one[key], 0);
  return { records: sum('records'), before: sum('before') };
}
