/**
 * "Where I left off": committed offsets of a group that has no members, as any Kafka tool can see and set them
 * (a "simple consumer" in Kafka's words: generation -1, empty member id).
 */
import type { Session } from './session';

/** The committed position by partition; partitions without one are absent. */
export async function committedOffsets(
  session: Session,
  groupId: string,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const coordinator = await session.cluster.findGroupCoordinator({ groupId });
  const { responses } = await coordinator.offsetFetch({
    groupId,
    topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
  });
  const found = new Map<number, number>();
  for (const { partition, offset } of responses.flatMap((response) => response.partitions)) {
    if (Number(offset) >= 0) found.set(partition, Number(offset));
  }
  return found;
}

export async function commitOffsets(
  session: Session,
  groupId: string,
  topic: string,
  positions: ReadonlyMap<number, number>,
): Promise<void> {
  if (positions.size === 0) return;
  // kafkajs asks a known broker for the coordinator, and knows none before the first metadata.
  if (session.cluster.brokerPool.metadata === null) await session.cluster.brokerPool.refreshMetadata([topic]);
  const coordinator = await session.cluster.findGroupCoordinator({ groupId });
  await coordinator.offsetCommit({
    groupId,
    groupGenerationId: -1,
    memberId: '',
    topics: [
      { topic, partitions: [...positions].map(([partition, offset]) => ({ partition, offset: String(offset) })) },
    ],
  });
}
