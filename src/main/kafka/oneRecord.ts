/** One whole record, by topic, partition and offset. */
import { READ_COMMITTED, type Session } from './session';

export interface WholeRecord {
  readonly partition: number;
  readonly offset: string;
  /** Kafka's timestamp, epoch ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer }[];
}

const MAX_BYTES = 1 << 20;

/** null when there is no such partition, or no record at that offset (any more). */
export async function readRecord(
  session: Session,
  topic: string,
  partition: number,
  offset: string,
): Promise<WholeRecord | null> {
  await session.cluster.brokerPool.refreshMetadata([topic]);
  const leader = session.cluster.brokerPool.metadata?.topicMetadata
    .find((entry) => entry.topic === topic)
    ?.partitionMetadata.find(({ partitionId }) => partitionId === partition)?.leader;
  if (leader === undefined) return null;
  const broker = await session.cluster.findBroker({ nodeId: leader });
  const { responses } = await broker.fetch({
    maxWaitTime: 0,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    isolationLevel: READ_COMMITTED,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes: MAX_BYTES }] }],
  });
  const message = responses
    .flatMap((response) => response.partitions)
    .flatMap((fetched) => fetched.messages)
    .find((candidate) => candidate.offset === offset);
  if (!message) return null;
  const headers = Object.entries(message.headers ?? {}).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ key, value: Buffer.from(one ?? '') })),
  );
  const { timestamp, key, value } = message;
  return { partition, offset, timestamp: Number(timestamp), key, value, headers };
}
