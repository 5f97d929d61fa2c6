/** DeleteRecords 0-2: 2 is flexible. What is below the offset can no longer be read, and whole files of it go. */
import type { BrokerState } from '../brokerState.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from '../wire/messages/deleteRecords.ts';
import { withPartitions } from './namedPartitions.ts';
import { defineApi } from './registry.ts';

const HIGH_WATERMARK = -1;

defineApi({
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  request: deleteRecordsRequest,
  response: deleteRecordsResponse,
  handle: ({ topics }, { broker }) => ({
    topics: withPartitions(topics).map(({ name, partitions }) => ({
      name,
      // Of a partition that is named twice, the last counts.
      partitions: [...new Map(partitions.map((wanted) => [wanted.partitionIndex, wanted.offset]))].map(
        ([partitionIndex, offset]) => ({
          partitionIndex,
          ...deleteBefore(broker, name, partitionIndex, offset),
        }),
      ),
    })),
  }),
});

function deleteBefore(broker: BrokerState, name: string, partition: number, offset: number) {
  const refuse = (errorCode: ErrorCode) => ({ lowWatermark: -1, errorCode });
  const topic = broker.topics.get(name);
  const log = topic?.logs[partition];
  if (topic === undefined || log === undefined) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  // Of a topic that is only compacted, no record goes for being old.
  if (log.settings.compacts && !log.settings.deletesOldSegments) return refuse(ErrorCode.POLICY_VIOLATION);
  const wanted = offset === HIGH_WATERMARK ? log.nextOffset : offset;
  if (wanted < 0 || wanted > log.nextOffset) return refuse(ErrorCode.OFFSET_OUT_OF_RANGE);
  try {
    broker.topics.deleteRecords(topic, partition, wanted);
    return { lowWatermark: log.startOffset, errorCode: ErrorCode.NONE };
  } catch (error) {
    broker.logger.error('records could not be deleted', { topic: name, partition, error: String(error) });
    return refuse(ErrorCode.KAFKA_STORAGE_ERROR);
  }
}
