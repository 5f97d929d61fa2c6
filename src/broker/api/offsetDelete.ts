/** OffsetDelete 0 (KIP-496): a group forgets offsets of topics that none of its members reads. */
import { ErrorCode } from '../wire/errorCode.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from '../wire/messages/offsetDelete.ts';
import { withPartitions } from './namedPartitions.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  request: offsetDeleteRequest,
  response: offsetDeleteResponse,
  handle({ groupId, topics: wanted }, { broker }) {
    const found = broker.groups.whoseOffsetsMayGo(groupId);
    if ('errorCode' in found) return { errorCode: found.errorCode, topics: [] };
    const forgotten: { topic: string; partition: number }[] = [];
    const topics = withPartitions(wanted).map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => {
        if (broker.topics.get(name)?.logs[partitionIndex] === undefined) {
          return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
        }
        if (found.isSubscribed(name)) return { partitionIndex, errorCode: ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC };
        forgotten.push({ topic: name, partition: partitionIndex });
        return { partitionIndex, errorCode: ErrorCode.NONE };
      }),
    }));
    try {
      broker.metadata.deleteOffsets(groupId, forgotten);
      return { errorCode: ErrorCode.NONE, topics };
    } catch (error) {
      broker.logger.error('offsets could not be deleted', { group: groupId, error: String(error) });
      return { errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, topics: [] };
    }
  },
});
