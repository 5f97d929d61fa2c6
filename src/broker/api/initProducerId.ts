/**
 * InitProducerId 0-4: 2 is flexible, 3 lets a producer go on under its id with the next epoch (KIP-360), 4 knows fencing.
 * Only idempotent producers: a transactional id is refused with 53, which every client takes for final.
 */
import { ErrorCode } from '../wire/errorCode.ts';
import { initProducerIdRequest, initProducerIdResponse } from '../wire/messages/initProducerId.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 4,
  request: initProducerIdRequest,
  response: initProducerIdResponse,
  handle({ transactionalId }, { broker }) {
    const refuse = (errorCode: ErrorCode) => ({ errorCode, producerId: -1, producerEpoch: -1 });
    if (transactionalId === '') return refuse(ErrorCode.INVALID_REQUEST);
    if (transactionalId !== null) return refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    try {
      // As Apache Kafka does: without a transactional id, whoever asks gets a fresh id.
      return { errorCode: ErrorCode.NONE, producerId: broker.metadata.takeProducerId(), producerEpoch: 0 };
    } catch (error) {
      broker.logger.error('a producer id could not be written down', { error: String(error) });
      return refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
  },
});
