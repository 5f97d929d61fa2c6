/**
 * OffsetFetch 1-9: 2 can ask for all topics, 5 adds leader epochs, 6 is flexible, 7 asks for stable offsets (KIP-447), 8
 * for many groups at once (KIP-709), 9 adds the fields of the new group protocol (KIP-848).
 * What was never committed, in a group that is not there either, is offset -1 and no error. An offset that a transaction
 * may still replace is unstable: whoever asks for stable ones has to come again.
 */
import type { BrokerState } from '../brokerState.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../wire/messages/offsetFetch.ts';
import { defineApi } from './registry.ts';

interface WantedTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

defineApi({
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 9,
  request: offsetFetchRequest,
  response: offsetFetchResponse,
  handle(request, { broker, version }) {
    const { requireStable } = request;
    if (version < 8) return { topics: committed(broker, request.groupId, request.topics, requireStable) };
    return {
      groups: request.groups.map(({ groupId, topics }) => ({
        groupId,
        topics: committed(broker, groupId, topics, requireStable),
        errorCode: ErrorCode.NONE,
      })),
    };
  },
});

function committed(broker: BrokerState, group: string, topics: readonly WantedTopic[] | null, requireStable: boolean) {
  return (topics ?? allTopics(broker, group)).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      const isUnstable = requireStable && broker.metadata.hasPendingOffset(group, name, partitionIndex);
      const found = isUnstable ? undefined : broker.metadata.committedOffset(group, name, partitionIndex);
      return {
        partitionIndex,
        committedOffset: found?.offset ?? -1,
        committedLeaderEpoch: found?.leaderEpoch ?? -1,
        metadata: found?.metadata ?? '',
        errorCode: isUnstable ? ErrorCode.UNSTABLE_OFFSET_COMMIT : ErrorCode.NONE,
      };
    }),
  }));
}

function allTopics(broker: BrokerState, group: string): WantedTopic[] {
  const offsets = broker.metadata.committed.group(group)?.offsets ?? [];
  return [...offsets].map(([name, ofTopic]) => ({ name, partitionIndexes: [...ofTopic.keys()] }));
}
