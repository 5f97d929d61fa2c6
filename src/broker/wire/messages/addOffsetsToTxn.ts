import { int16, int32, int64, message, string } from '../schema.ts';

export const addOffsetsToTxnRequest = message('AddOffsetsToTxnRequest', 3, {
  transactionalId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  groupId: string(),
});

export const addOffsetsToTxnResponse = message('AddOffsetsToTxnResponse', 3, {
  throttleTimeMs: int32({ default: 0 }),
  errorCode: int16(),
});
