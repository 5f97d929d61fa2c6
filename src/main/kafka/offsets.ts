/** Where a topic's partitions live, and the first and next offset of each. */
import { KafkaError } from './kafkaError';
import { READ_COMMITTED, type Session } from './session';

/** ListOffsets' special timestamps. */
const EARLIEST = '-2';
const LATEST = '-1';

/** Leader's node id by partition. kafkajs throws while any partition has no leader. */
export async function topicLayout(session: Session, topic: string): Promise<ReadonlyMap<number, number>> {
  await session.cluster.brokerPool.refreshMetadata([topic]);
  const found = session.cluster.brokerPool.metadata?.topicMetadata.find((entry) => entry.topic === topic);
  const layout = new Map((found?.partitionMetadata ?? []).map(({ partitionId, leader }) => [partitionId, leader]));
  if (layout.size === 0) {
    throw new KafkaError(
      'UNKNOWN_TOPIC_OR_PARTITION',
      'The topic does not exist on this cluster.',
      'Create the topic, or take the layer off the map.',
      true,
    );
  }
  return new Map([...layout].sort(([a], [b]) => a - b));
}

async function listOffsets(session: Session, wanted: ReadonlyMap<string, readonly number[]>, timestamp: string) {
  const metadata = session.cluster.brokerPool.metadata?.topicMetadata ?? [];
  const requests = new Map<number, Map<string, number[]>>();
  for (const { topic, partitionMetadata } of metadata) {
    for (const partition of wanted.get(topic) ?? []) {
      const leader = partitionMetadata.find(({ partitionId }) => partitionId === partition)?.leader;
      if (leader === undefined || leader < 0) continue;
      const topics = requests.get(leader) ?? new Map<string, number[]>();
      requests.set(leader, topics);
      topics.set(topic, [...(topics.get(topic) ?? []), partition]);
    }
  }
  const answers = await Promise.all(
    [...requests].map(async ([leader, topics]) => {
      const broker = await session.cluster.findBroker({ nodeId: leader });
      return broker.listOffsets({
        isolationLevel: READ_COMMITTED,
        topics: [...topics].map(([topic, partitions]) => ({
          topic,
          partitions: partitions.map((partition) => ({ partition, timestamp })),
        })),
      });
    }),
  );
  const offsets = new Map<string, Map<number, number>>();
  for (const { responses } of answers) {
    for (const { topic, partitions } of responses) {
      const known = offsets.get(topic) ?? new Map<number, number>();
      offsets.set(topic, known);
      for (const { partition, offset } of partitions) known.set(partition, Number(offset));
    }
  }
  return offsets;
}

const ofOne = async (session: Session, topic: string, partitions: readonly number[], timestamp: string) =>
  (await listOffsets(session, new Map([[topic, partitions]]), timestamp)).get(topic) ?? new Map<number, number>();

/** Offset of the first record that Kafka still holds, by partition. The session must know the topic's layout. */
export const earliestOffsets = (session: Session, topic: string, partitions: readonly number[]) =>
  ofOne(session, topic, partitions, EARLIEST);

/** Offset that the next record will get (or, within a transaction, the last stable offset), by partition. */
export const latestOffsets = (session: Session, topic: string, partitions: readonly number[]) =>
  ofOne(session, topic, partitions, LATEST);

/**
 * Offset of the first record whose timestamp is at or after `at` (epoch ms), by partition; partitions without one,
 * whose end is meant, are absent.
 */
export async function offsetsAt(session: Session, topic: string, partitions: readonly number[], at: number) {
  const found = await ofOne(session, topic, partitions, String(Math.trunc(at)));
  return new Map([...found].filter(([, offset]) => offset >= 0));
}

export interface RecordCount {
  /** Latest minus earliest offsets, summed. Compacted topics hold fewer. */
  readonly records: number;
  /** Latest offsets, summed. */
  readonly end: number;
}

/** Of each topic (partitions by topic) whose leaders all answer. */
export async function recordCounts(
  session: Session,
  topics: ReadonlyMap<string, readonly number[]>,
): Promise<ReadonlyMap<string, RecordCount>> {
  const [earliest, latest] = await Promise.all([
    listOffsets(session, topics, EARLIEST),
    listOffsets(session, topics, LATEST),
  ]);
  const counts = new Map<string, RecordCount>();
  for (const [topic, partitions] of topics) {
    let records = 0;
    let end = 0;
    for (const partition of partitions) {
      const high = latest.get(topic)?.get(partition) ?? Number.NaN;
      records += high - (earliest.get(topic)?.get(partition) ?? Number.NaN);
      end += high;
    }
    if (!Number.isNaN(records)) counts.set(topic, { records, end });
  }
  return counts;
}
