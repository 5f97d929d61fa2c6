import { array, int8, int16, int32, int64, message, string } from '../schema.ts';

export const listOffsetsRequest = message('ListOffsetsRequest', 6, {
  replicaId: int32(),
  isolationLevel: int8({ from: 2, default: 0 }),
  topics: array({
    name: string(),
    partitions: array({
      partitionIndex: int32(),
      currentLeaderEpoch: int32({ from: 4, default: -1 }),
      /** Milliseconds, or -1 the end, -2 the start, -3 (from version 7, KIP-734) the largest timestamp. */
      timestamp: int64(),
    }),
  }),
});

export const listOffsetsResponse = message('ListOffsetsResponse', 6, {
  throttleTimeMs: int32({ from: 2, default: 0 }),
  topics: array({
    name: string(),
    partitions: array({
      partitionIndex: int32(),
      errorCode: int16(),
      timestamp: int64({ from: 1, default: -1 }),
      offset: int64({ from: 1, default: -1 }),
      leaderEpoch: int32({ from: 4, default: -1 }),
    }),
  }),
});
