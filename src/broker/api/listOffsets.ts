/**
 * ListOffsets 1-7: 1 gives one offset by time, 2 brings isolation levels, 4 leader epochs, 6 is flexible, 7 finds the
 * largest timestamp (KIP-734).
 */
import { LEADER_EPOCH, type PartitionLog } from '../log/partitionLog.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../wire/messages/listOffsets.ts';
import { withPartitions } from './namedPartitions.ts';
import { defineApi } from './registry.ts';

const ANY_EPOCH = -1;
const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;

defineApi({
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 7,
  request: listOffsetsRequest,
  response: listOffsetsResponse,
  handle: (request, { broker, version }) => ({
    topics: withPartitions(request.topics).map(({ name, partitions }) => ({
      name,
      partitions: [...new Map(partitions.map((wanted) => [wanted.partitionIndex, wanted])).values()].map(
        ({ partitionIndex, timestamp, currentLeaderEpoch }) => {
          const log = broker.topics.get(name)?.logs[partitionIndex];
          const refuse = (errorCode: ErrorCode) => ({ partitionIndex, errorCode });
          if (partitions.filter((other) => other.partitionIndex === partitionIndex).length > 1)
            return refuse(ErrorCode.INVALID_REQUEST);
          if (log === undefined) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
          if (currentLeaderEpoch < LEADER_EPOCH && currentLeaderEpoch !== ANY_EPOCH) {
            return refuse(ErrorCode.FENCED_LEADER_EPOCH);
          }
          if (currentLeaderEpoch > LEADER_EPOCH) return refuse(ErrorCode.UNKNOWN_LEADER_EPOCH);
          if (timestamp < MAX_TIMESTAMP || (timestamp === MAX_TIMESTAMP && version < 7)) {
            return refuse(ErrorCode.UNSUPPORTED_VERSION);
          }
          const end = request.isolationLevel === 1 ? log.lastStableOffset : log.nextOffset;
          const place = find(log, timestamp, end);
          return { partitionIndex, errorCode: ErrorCode.NONE, ...place };
        },
      ),
    })),
  }),
});

function find(log: PartitionLog, timestamp: number, end: number) {
  if (timestamp === LATEST) return { timestamp: -1, offset: end, leaderEpoch: LEADER_EPOCH };
  if (timestamp === EARLIEST) return { timestamp: -1, offset: log.startOffset, leaderEpoch: LEADER_EPOCH };
  const record = timestamp === MAX_TIMESTAMP ? log.findMaxTimestamp() : log.findTime(timestamp);
  if (record === undefined || record.offset >= end) return { timestamp: -1, offset: -1, leaderEpoch: -1 };
  return { timestamp: record.timestamp, offset: record.offset, leaderEpoch: LEADER_EPOCH };
}
