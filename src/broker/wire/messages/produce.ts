import { array, int16, int32, int64, message, records, string, struct } from '../schema.ts';

export const produceRequest = message('ProduceRequest', 9, {
  transactionalId: string({ from: 3, nullableFrom: 3, default: null }),
  acks: int16(),
  timeoutMs: int32(),
  topics: array({
    name: string(),
    partitions: array({ index: int32(), records: records({ nullableFrom: 0 }) }),
  }),
});

export const produceResponse = message('ProduceResponse', 9, {
  responses: array({
    name: string(),
    partitions: array({
      index: int32(),
      errorCode: int16(),
      baseOffset: int64(),
      logAppendTimeMs: int64({ from: 2, default: -1 }),
      logStartOffset: int64({ from: 5, default: -1 }),
      recordErrors: array(
        { batchIndex: int32(), message: string({ nullableFrom: 8, default: null }) },
        { from: 8, default: [] },
      ),
      errorMessage: string({ from: 8, nullableFrom: 8, default: null }),
      currentLeader: struct({ leaderId: int32(), leaderEpoch: int32() }, { from: 10, tag: 0 }),
    }),
  }),
  throttleTimeMs: int32({ from: 1, default: 0 }),
});
