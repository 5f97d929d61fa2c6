/**
 * OffsetCommit 2-9: 3 adds the throttle time, 5 drops the retention time, 6 adds leader epochs, 7 static members, 8 is
 * flexible, 9 is for the new group protocol (KIP-848), which this broker does not speak.
 */
import type { CommittedOffset } from '../log/metadataChange.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { offsetCommitRequest, offsetCommitResponse } from '../wire/messages/offsetCommit.ts';
import { withPartitions } from './namedPartitions.ts';
import { defineApi } from './registry.ts';

/** Kafka's offset.metadata.max.bytes, which counts characters all the same. */
export const MAX_OFFSET_METADATA_LENGTH = 4096;

defineApi({
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 9,
  request: offsetCommitRequest,
  response: offsetCommitResponse,
  handle(request, { broker, version }) {
    const { groupId, memberId, groupInstanceId, generationId } = request;
    const isKnown = broker.groups.get(groupId) !== undefined;
    let groupError: ErrorCode = broker.groups.checkCommit(groupId, memberId, groupInstanceId, generationId);
    if (!isKnown && groupError === ErrorCode.ILLEGAL_GENERATION && version >= 9)
      groupError = ErrorCode.GROUP_ID_NOT_FOUND;
    const accepted: CommittedOffset[] = [];
    const committedAt = Date.now();
    const topics = withPartitions(request.topics).map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((wanted) => {
        const partition = wanted.partitionIndex;
        const metadata = wanted.committedMetadata ?? '';
        if (broker.topics.get(name)?.logs[partition] === undefined) {
          return { partitionIndex: partition, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
        }
        if (metadata.length > MAX_OFFSET_METADATA_LENGTH) {
          return { partitionIndex: partition, errorCode: ErrorCode.OFFSET_METADATA_TOO_LARGE };
        }
        const { committedOffset: offset, committedLeaderEpoch: leaderEpoch } = wanted;
        accepted.push({ topic: name, partition, offset, leaderEpoch, metadata, committedAt });
        return { partitionIndex: partition, errorCode: ErrorCode.NONE };
      }),
    }));
    if (groupError === ErrorCode.NONE) groupError = broker.groups.checkRoomForOffsets(groupId, accepted);
    if (groupError === ErrorCode.NONE) {
      try {
        broker.metadata.commitOffsets(groupId, accepted);
        return { topics };
      } catch (error) {
        broker.logger.error('offsets could not be written down', { group: groupId, error: String(error) });
        groupError = ErrorCode.COORDINATOR_NOT_AVAILABLE;
      }
    }
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, errorCode }) => ({
          partitionIndex,
          errorCode: errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? errorCode : groupError,
        })),
      })),
    };
  },
});
