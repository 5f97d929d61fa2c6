/**
 * "Where I left off": committed offsets of a group that has no members, as any Kafka tool can see and set them
 * (a "simple consumer" in Kafka's words: generation -1, empty member id).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrokerConnection, exchange, protocolError } from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import { protocolErrorType } from './kafkaError';
import type { Offsets } from './offsets';

/** A cluster that has never had a group makes its coordinator at the first question, and answers "not yet". */
const NOT_YET = new Set([
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'COORDINATOR_NOT_AVAILABLE',
]);
const TRIES = 20;
const PAUSE_MS = 250;
const ASK_WITHIN_MS = 5_000;

interface OffsetsResponse {
  /** Absent in some versions. */
  readonly errorCode?: number;
  readonly responses: readonly {
    readonly partitions: readonly { partition: number; offset?: string; errorCode: number }[];
  }[];
}

async function askCoordinator(
  cluster: ClusterConnections,
  groupId: string,
  call: (coordinator: BrokerConnection) => Promise<unknown>,
): Promise<OffsetsResponse> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = (await cluster.askCoordinator(groupId, call)) as OffsetsResponse;
      const codes = answer.responses.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode));
      const failed = [answer.errorCode ?? 0, ...codes].find((code) => code !== 0);
      if (failed === undefined) return answer;
      throw protocolError(failed);
    } catch (error) {
      if (attempt >= TRIES || !NOT_YET.has(protocolErrorType(error) ?? '')) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** The committed position by partition; partitions without one are absent. */
export async function committedOffsets(
  cluster: ClusterConnections,
  groupId: string,
  topic: string,
  partitions: readonly number[],
): Promise<Offsets> {
  const topics = [{ topic, partitions: partitions.map((partition) => ({ partition })) }];
  const { responses } = await askCoordinator(cluster, groupId, (coordinator) =>
    exchange(coordinator, 'OffsetFetch', { groupId, topics }, ASK_WITHIN_MS),
  );
  const found = new Map<number, number>();
  for (const { partition, offset = '-1' } of responses.flatMap((response) => response.partitions)) {
    if (Number(offset) >= 0) found.set(partition, Number(offset));
  }
  return found;
}

export async function commitOffsets(
  cluster: ClusterConnections,
  groupId: string,
  topic: string,
  positions: Offsets,
): Promise<void> {
  if (positions.size === 0) return;
  const partitions = [...positions].map(([partition, offset]) => ({ partition, offset: String(offset) }));
  const request = { groupId, groupGenerationId: -1, memberId: '', topics: [{ topic, partitions }] };
  await askCoordinator(cluster, groupId, (coordinator) =>
    exchange(coordinator, 'OffsetCommit', request, ASK_WITHIN_MS),
  );
}
