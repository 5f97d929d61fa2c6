/**
 * OffsetForLeaderEpoch 2-4: 3 names the replica, 4 is flexible. Consumers ask it after a change of leader, to see whether
 * the log they read is still the same (KIP-320); here there is one epoch for ever.
 */
import { LEADER_EPOCH } from '../log/partitionLog.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { offsetForLeaderEpochRequest, offsetForLeaderEpochResponse } from '../wire/messages/offsetForLeaderEpoch.ts';
import { defineApi } from './registry.ts';

const ANY_EPOCH = -1;
const NO_EPOCH = -1;

defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 2,
  maxVersion: 4,
  request: offsetForLeaderEpochRequest,
  response: offsetForLeaderEpochResponse,
  handle: ({ topics }, { broker }) => ({
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
        const log = broker.topics.get(topic)?.logs[partition];
        if (log === undefined) return { partition, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
        if (currentLeaderEpoch > LEADER_EPOCH) return { partition, errorCode: ErrorCode.UNKNOWN_LEADER_EPOCH };
        if (currentLeaderEpoch < LEADER_EPOCH && currentLeaderEpoch !== ANY_EPOCH) {
          return { partition, errorCode: ErrorCode.FENCED_LEADER_EPOCH };
        }
        // An epoch that never was has no end: -1, and no error.
        if (leaderEpoch > LEADER_EPOCH || leaderEpoch === NO_EPOCH) return { partition, errorCode: ErrorCode.NONE };
        const endOffset = leaderEpoch < LEADER_EPOCH ? log.startOffset : log.nextOffset;
        return { partition, errorCode: ErrorCode.NONE, leaderEpoch, endOffset };
      }),
    })),
  }),
});
