import { boolean, int16, int32, int64, message, string } from '../schema.ts';

export const endTxnRequest = message('EndTxnRequest', 3, {
  transactionalId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  committed: boolean(),
});

export const endTxnResponse = message('EndTxnResponse', 3, {
  throttleTimeMs: int32({ default: 0 }),
  errorCode: int16(),
});
