import { array, int16, int32, int64, message, string } from '../schema.ts';

export const offsetCommitRequest = message('OffsetCommitRequest', 8, {
  groupId: string(),
  generationId: int32({ from: 1, default: -1 }),
  memberId: string({ from: 1, default: '' }),
  groupInstanceId: string({ from: 7, nullableFrom: 7, default: null }),
  retentionTimeMs: int64({ from: 2, to: 4, default: -1 }),
  topics: array({
    name: string(),
    partitions: array({
      partitionIndex: int32(),
      committedOffset: int64(),
      committedLeaderEpoch: int32({ from: 6, default: -1 }),
      committedMetadata: string({ nullableFrom: 0 }),
    }),
  }),
});

export const offsetCommitResponse = message('OffsetCommitResponse', 8, {
  throttleTimeMs: int32({ from: 3, default: 0 }),
  topics: array({
    name: string(),
    partitions: array({ partitionIndex: int32(), errorCode: int16() }),
  }),
});
