/** EndTxn 0-3: 2 knows fencing, 3 is flexible. When the answer goes, every partition has its end marker. */
import { ErrorCode } from '../wire/errorCode.ts';
import { endTxnRequest, endTxnResponse } from '../wire/messages/endTxn.ts';
import { defineApi } from './registry.ts';
import { fencedSince } from './transactionErrors.ts';

defineApi({
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 3,
  request: endTxnRequest,
  response: endTxnResponse,
  handle({ transactionalId, producerId, producerEpoch, committed }, { broker, version }) {
    if (transactionalId === '') return { errorCode: ErrorCode.INVALID_REQUEST };
    const ended = broker.transactions.end(transactionalId, { producerId, producerEpoch }, committed);
    const response = { errorCode: fencedSince(2, version, ended.errorCode) };
    if (ended.unsynced.length === 0) return response;
    return Promise.all(ended.unsynced.map((log) => log.flush())).then(
      () => response,
      // The decision stands; what is unknown is whether it would survive a power failure.
      () => ({ errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE }),
    );
  },
});
