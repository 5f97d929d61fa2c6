/** AddOffsetsToTxn 0-3: 2 knows fencing, 3 is flexible. Announces that offsets of a group will be part of it. */
import { ErrorCode } from '../wire/errorCode.ts';
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from '../wire/messages/addOffsetsToTxn.ts';
import { defineApi } from './registry.ts';
import { fencedSince } from './transactionErrors.ts';

defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 3,
  request: addOffsetsToTxnRequest,
  response: addOffsetsToTxnResponse,
  handle({ transactionalId, producerId, producerEpoch, groupId }, { broker, version }) {
    if (transactionalId === '') return { errorCode: ErrorCode.INVALID_REQUEST };
    const errorCode = broker.transactions.addGroup(transactionalId, { producerId, producerEpoch }, groupId);
    return { errorCode: fencedSince(2, version, errorCode) };
  },
});
