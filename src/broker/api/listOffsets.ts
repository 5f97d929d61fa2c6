/**
 * ListOffsets 1-7: 1 gives one offset by time, 2 brings isolation levels, 4 leader epochs, 6 is flexible, 7 finds the
 * largest timestamp (KIP-734).
 */
import { LEADER_EPOCH, type PartitionLog } from '../log/partitionLog.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../wire/messages/listOffsets.ts';
import type { Decoded } from '../wire/schema.ts';
import { withPartitions } from './namedPartitions.ts';
import { defineApi, type RequestContext } from './registry.ts';

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
  handle: (request, context) => context.work(answering(request, context)),
});

type ListOffsetsRequest = Decoded<typeof listOffsetsRequest.shape>;
type WantedPartition = ListOffsetsRequest['topics'][number]['partitions'][number];

/** To find a time takes a look at the disk, and one request may ask for as many as it likes: others have turns between. */
function* answering(request: ListOffsetsRequest, context: RequestContext) {
  const topics: { name: string; partitions: PartitionAnswer[] }[] = [];
  for (const { name, partitions: wanted } of withPartitions(request.topics)) {
    const times = new Map<number, number>();
    for (const { partitionIndex } of wanted) times.set(partitionIndex, (times.get(partitionIndex) ?? 0) + 1);
    const partitions: PartitionAnswer[] = [];
    for (const partition of new Map(wanted.map((one) => [one.partitionIndex, one])).values()) {
      const isAskedOnce = times.get(partition.partitionIndex) === 1;
      partitions.push(
        isAskedOnce ? answerFor(name, partition, request, context) : refuse(partition, ErrorCode.INVALID_REQUEST),
      );
      yield;
    }
    topics.push({ name, partitions });
  }
  return { topics };
}

interface PartitionAnswer {
  readonly partitionIndex: number;
  readonly errorCode: ErrorCode;
  readonly timestamp?: number;
  readonly offset?: number;
  readonly leaderEpoch?: number;
}

function refuse({ partitionIndex }: WantedPartition, errorCode: ErrorCode): PartitionAnswer {
  return { partitionIndex, errorCode };
}

function answerFor(
  name: string,
  wanted: WantedPartition,
  { isolationLevel }: ListOffsetsRequest,
  { broker, version }: RequestContext,
): PartitionAnswer {
  const { partitionIndex, timestamp, currentLeaderEpoch } = wanted;
  const log = broker.topics.get(name)?.logs[partitionIndex];
  if (log === undefined) return refuse(wanted, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  if (currentLeaderEpoch < LEADER_EPOCH && currentLeaderEpoch !== ANY_EPOCH) {
    return refuse(wanted, ErrorCode.FENCED_LEADER_EPOCH);
  }
  if (currentLeaderEpoch > LEADER_EPOCH) return refuse(wanted, ErrorCode.UNKNOWN_LEADER_EPOCH);
  if (timestamp < MAX_TIMESTAMP || (timestamp === MAX_TIMESTAMP && version < 7)) {
    return refuse(wanted, ErrorCode.UNSUPPORTED_VERSION);
  }
  const end = isolationLevel === 1 ? log.lastStableOffset : log.nextOffset;
  return { partitionIndex, errorCode: ErrorCode.NONE, ...find(log, timestamp, end) };
}

function find(log: PartitionLog, timestamp: number, end: number) {
  if (timestamp === LATEST) return { timestamp: -1, offset: end, leaderEpoch: LEADER_EPOCH };
  if (timestamp === EARLIEST) return { timestamp: -1, offset: log.startOffset, leaderEpoch: LEADER_EPOCH };
  const record = timestamp === MAX_TIMESTAMP ? log.findMaxTimestamp() : log.findTime(timestamp);
  if (record === undefined || record.offset >= end) return { timestamp: -1, offset: -1, leaderEpoch: -1 };
  return { timestamp: record.timestamp, offset: record.offset, leaderEpoch: LEADER_EPOCH };
}
