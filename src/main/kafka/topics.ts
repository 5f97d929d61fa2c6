/** The topics of a cluster: listed, looked at, created, deleted. */
import type { Admin } from 'kafkajs';
import { KafkaError } from './kafkaError';
import { recordCounts } from './offsets';
import type { Session } from './session';

export interface TopicInfo {
  readonly name: string;
  readonly partitions: number;
}

export interface TopicOffsets {
  readonly name: string;
  /** Records held (latest minus earliest offset, summed); null while a leader is away. */
  readonly records: number | null;
  /** Sum of the offsets that the next records will get: what has ever been produced. */
  readonly end: number | null;
}

export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  /** null: for ever. */
  readonly retentionMs: number | null;
}

/** Kafka's own topics, such as __consumer_offsets. */
const isInternal = (name: string) => name.startsWith('__');

/** By name, without Kafka's internal ones. One request, however many there are. */
export async function listTopics({ cluster }: Session): Promise<TopicInfo[]> {
  await cluster.brokerPool.refreshMetadata([]);
  return (cluster.brokerPool.metadata?.topicMetadata ?? [])
    .filter(({ topic, isInternal: internal }) => internal !== true && !isInternal(topic))
    .map(({ topic, partitionMetadata }) => ({ name: topic, partitions: partitionMetadata.length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of these topics; one that is gone is absent. */
export async function topicOffsets(session: Session, topics: readonly string[]): Promise<TopicOffsets[]> {
  if (topics.length === 0) return [];
  const { brokerPool } = session.cluster;
  await brokerPool.refreshMetadata([...topics]);
  const wanted = new Map(
    (brokerPool.metadata?.topicMetadata ?? [])
      .filter(({ topic }) => topics.includes(topic))
      .map(({ topic, partitionMetadata }) => [topic, partitionMetadata.map((p) => p.partitionId)] as const),
  );
  const counts = await recordCounts(session, wanted);
  return [...wanted.keys()].map((name) => ({ name, ...(counts.get(name) ?? { records: null, end: null }) }));
}

/** Throws KafkaError TOPIC_ALREADY_EXISTS, or whatever kafkajs throws. */
export async function createTopic(admin: Admin, { topic, partitions, retentionMs }: NewTopic): Promise<void> {
  const created = await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor: -1, // the cluster's own default
        configEntries: [{ name: 'retention.ms', value: String(retentionMs ?? -1) }],
      },
    ],
  });
  if (created) return;
  throw new KafkaError(
    'TOPIC_ALREADY_EXISTS',
    'A topic of that name exists already.',
    'Choose another name, or use the topic that is there.',
    false,
  );
}
