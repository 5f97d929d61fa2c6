import { array, int16, int32, int64, message, string } from '../schema.ts';

export const offsetForLeaderEpochRequest = message('OffsetForLeaderEpochRequest', 4, {
  /** -2 for a consumer that only asks. */
  replicaId: int32({ from: 3, default: -2 }),
  topics: array({
    topic: string(),
    partitions: array({
      partition: int32(),
      currentLeaderEpoch: int32({ from: 2, default: -1 }),
      leaderEpoch: int32(),
    }),
  }),
});

export const offsetForLeaderEpochResponse = message('OffsetForLeaderEpochResponse', 4, {
  throttleTimeMs: int32({ from: 2, default: 0 }),
  topics: array({
    topic: string(),
    partitions: array({
      errorCode: int16(),
      partition: int32(),
      leaderEpoch: int32({ from: 1, default: -1 }),
      endOffset: int64({ default: -1 }),
    }),
  }),
});
