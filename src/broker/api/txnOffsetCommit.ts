/**
 * TxnOffsetCommit 0-3: 2 adds leader epochs, 3 says for which member of which generation (KIP-447), and is flexible. The
 * offsets are the group's once the transaction commits.
 */
import type { CommittedOffset } from '../log/metadataChange.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from '../wire/messages/txnOffsetCommit.ts';
import type { Decoded } from '../wire/schema.ts';
import { withPartitions } from './namedPartitions.ts';
import { MAX_OFFSET_METADATA_LENGTH } from './offsetCommit.ts';
import { defineApi, type RequestContext } from './registry.ts';

type TxnOffsetCommitRequest = Decoded<typeof txnOffsetCommitRequest.shape>;

defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 3,
  request: txnOffsetCommitRequest,
  response: txnOffsetCommitResponse,
  handle(request, context) {
    const { topics: store } = context.broker;
    const accepted: CommittedOffset[] = [];
    const committedAt = Date.now();
    const topics = withPartitions(request.topics).map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((wanted) => {
        const { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch } = wanted;
        const metadata = wanted.committedMetadata ?? '';
        if (store.get(name)?.logs[partitionIndex] === undefined) {
          return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
        }
        if (metadata.length > MAX_OFFSET_METADATA_LENGTH) {
          return { partitionIndex, errorCode: ErrorCode.OFFSET_METADATA_TOO_LARGE };
        }
        accepted.push({ topic: name, partition: partitionIndex, offset, leaderEpoch, metadata, committedAt });
        return { partitionIndex, errorCode: ErrorCode.NONE };
      }),
    }));
    const errorCode = commit(request, accepted, context);
    if (errorCode === ErrorCode.NONE) return { topics };
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((partition) =>
          partition.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? partition : { ...partition, errorCode },
        ),
      })),
    };
  },
});

function commit(
  request: TxnOffsetCommitRequest,
  offsets: readonly CommittedOffset[],
  { broker }: RequestContext,
): ErrorCode {
  const { transactionalId, groupId, producerId, memberId, groupInstanceId, generationId } = request;
  if (groupId === '') return ErrorCode.INVALID_GROUP_ID;
  const outside = broker.transactions.checkGroup(transactionalId, request, groupId);
  if (outside !== ErrorCode.NONE) return outside;
  const refused = broker.groups.checkTransactionalCommit(groupId, memberId, groupInstanceId, generationId);
  if (refused !== ErrorCode.NONE) return refused;
  const withoutRoom = broker.groups.checkRoomForOffsets(groupId, offsets);
  if (withoutRoom !== ErrorCode.NONE) return withoutRoom;
  try {
    broker.transactions.commitOffsets(producerId, groupId, offsets);
    return ErrorCode.NONE;
  } catch (error) {
    broker.logger.error('offsets could not be written down', { group: groupId, error: String(error) });
    return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  }
}
