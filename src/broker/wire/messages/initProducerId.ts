import { int16, int32, int64, message, string } from '../schema.ts';

export const initProducerIdRequest = message('InitProducerIdRequest', 2, {
  transactionalId: string({ nullableFrom: 0 }),
  transactionTimeoutMs: int32(),
  producerId: int64({ from: 3, default: -1 }),
  producerEpoch: int16({ from: 3, default: -1 }),
});

export const initProducerIdResponse = message('InitProducerIdResponse', 2, {
  throttleTimeMs: int32({ default: 0 }),
  errorCode: int16(),
  producerId: int64(),
  producerEpoch: int16(),
});
