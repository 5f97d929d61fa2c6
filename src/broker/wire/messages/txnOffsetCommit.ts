import { array, int16, int32, int64, message, string } from '../schema.ts';

export const txnOffsetCommitRequest = message('TxnOffsetCommitRequest', 3, {
  transactionalId: string(),
  groupId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  generationId: int32({ from: 3, default: -1 }),
  memberId: string({ from: 3, default: '' }),
  groupInstanceId: string({ from: 3, nullableFrom: 3, default: null }),
  topics: array({
    name: string(),
    partitions: array({
      partitionIndex: int32(),
      committedOffset: int64(),
      committedLeaderEpoch: int32({ from: 2, default: -1 }),
      committedMetadata: string({ nullableFrom: 0 }),
    }),
  }),
});

export const txnOffsetCommitResponse = message('TxnOffsetCommitResponse', 3, {
  throttleTimeMs: int32({ default: 0 }),
  topics: array({
    name: string(),
    partitions: array({ partitionIndex: int32(), errorCode: int16() }),
  }),
});
