import { array, arrayOf, int16, int32, int64, message, string } from '../schema.ts';

export const addPartitionsToTxnRequest = message('AddPartitionsToTxnRequest', 3, {
  transactionalId: string({ to: 3 }),
  producerId: int64({ to: 3 }),
  producerEpoch: int16({ to: 3 }),
  topics: array({ name: string(), partitions: arrayOf(int32()) }, { to: 3 }),
});

export const addPartitionsToTxnResponse = message('AddPartitionsToTxnResponse', 3, {
  throttleTimeMs: int32({ default: 0 }),
  results: array({ name: string(), partitions: array({ partitionIndex: int32(), errorCode: int16() }) }, { to: 3 }),
});
