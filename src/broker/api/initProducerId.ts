/**
 * InitProducerId 0-4: 2 is flexible, 3 lets a producer go on under its id with the next epoch (KIP-360), 4 knows fencing.
 * Kafka answers 51 while the transaction of an older instance is being aborted; here it has been by then.
 */
import { ErrorCode } from '../wire/errorCode.ts';
import { initProducerIdRequest, initProducerIdResponse } from '../wire/messages/initProducerId.ts';
import { defineApi } from './registry.ts';
import { fencedSince } from './transactionErrors.ts';

defineApi({
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 4,
  request: initProducerIdRequest,
  response: initProducerIdResponse,
  handle({ transactionalId, transactionTimeoutMs: timeoutMs, producerId, producerEpoch }, { broker, version }) {
    const refuse = (errorCode: ErrorCode) => ({ errorCode, producerId: -1, producerEpoch: -1 });
    if (producerId < 0 !== producerEpoch < 0 || transactionalId === '') return refuse(ErrorCode.INVALID_REQUEST);
    if (transactionalId !== null) {
      const expected = producerId < 0 ? undefined : { producerId, producerEpoch };
      const result = broker.transactions.initProducer({ transactionalId, timeoutMs, expected });
      return { ...result, errorCode: fencedSince(4, version, result.errorCode) };
    }
    try {
      // As Apache Kafka does: without a transactional id, whoever asks gets a fresh id.
      return { errorCode: ErrorCode.NONE, producerId: broker.metadata.takeProducerId(), producerEpoch: 0 };
    } catch (error) {
      broker.logger.error('a producer id could not be written down', { error: String(error) });
      return refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }
  },
});
