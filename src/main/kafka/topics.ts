/** The topics of a cluster: listed, looked at, created, deleted. */
import type { Admin } from 'kafkajs';
import type { ClusterConnections } from './clusterConnections';
import { KafkaError } from './kafkaError';
import { recordCounts } from './offsets';

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
export async function listTopics(cluster: ClusterConnections): Promise<TopicInfo[]> {
  const { topicMetadata } = await cluster.metadata(null);
  return topicMetadata
    .filter(({ topic, isInternal: internal }) => !internal && !isInternal(topic))
    .map(({ topic, partitionMetadata }) => ({ name: topic, partitions: partitionMetadata.length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of these topics; one that is gone is absent. */
export async function topicOffsets(cluster: ClusterConnections, topics: readonly string[]): Promise<TopicOffsets[]> {
  if (topics.length === 0) return [];
  const { topicMetadata } = await cluster.metadata(topics);
  const wanted = topicMetadata.filter(({ topicErrorCode }) => topicErrorCode === 0);
  const counts = await recordCounts(cluster, wanted);
  return wanted.map(({ topic }) => ({ name: topic, ...(counts.get(topic) ?? { records: null, end: null }) }));
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
