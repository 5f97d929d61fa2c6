/**
 * "Where I left off": committed offsets of a group that has no members, as any Kafka tool can see and set them
 * (a "simple consumer" in Kafka's words: generation -1, empty member id).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { protocolErrorType } from './kafkaError';
import type { InternalBroker } from './kafkajsInternals';
import type { Session } from './session';

/** A cluster that has never had a group makes its coordinator at the first question, and answers "not yet". */
const NOT_YET = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'COORDINATOR_NOT_AVAILABLE',
]);
const TRIES = 20;
const PAUSE_MS = 250;

const isNotYet = (error: unknown) =>
  NOT_YET.has(protocolErrorType(error) ?? '') ||
  (error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound');

async function withCoordinator<T>(
  session: Session,
  groupId: string,
  topic: string,
  call: (coordinator: InternalBroker) => Promise<T>,
): Promise<T> {
  const { cluster } = session;
  // kafkajs asks a known broker for the coordinator, and knows none before the first metadata.
  if (cluster.brokerPool.metadata === null) await cluster.brokerPool.refreshMetadata([topic]);
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(await cluster.findGroupCoordinator({ groupId }));
    } catch (error) {
      if (attempt >= TRIES || !isNotYet(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** The committed position by partition; partitions without one are absent. */
export async function committedOffsets(
  session: Session,
  groupId: string,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { responses } = await withCoordinator(session, groupId, topic, (coordinator) =>
    coordinator.offsetFetch({
      groupId,
      topics: [{ topic, partitions: partitions.map((partition) => ({ partition })) }],
    }),
  );
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
  await withCoordinator(session, groupId, topic, (coordinator) =>
    coordinator.offsetCommit({
      groupId,
      groupGenerationId: -1,
      memberId: '',
      topics: [
        { topic, partitions: [...positions].map(([partition, offset]) => ({ partition, offset: String(offset) })) },
      ],
    }),
  );
}
