/**
 * FindCoordinator 0-4: 1 adds the key type, 3 is flexible, 4 asks for many at once (KIP-699). It is always this node, of
 * groups and of transactions.
 */
import { NODE_ID } from '../brokerState.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from '../wire/messages/findCoordinator.ts';
import { defineApi } from './registry.ts';

const GROUP = 0;
const TRANSACTION = 1;

defineApi({
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 4,
  request: findCoordinatorRequest,
  response: findCoordinatorResponse,
  handle({ key, keyType, coordinatorKeys }, { broker, version }) {
    const place = (wanted: string) => {
      const errorCode = check(keyType);
      return errorCode === ErrorCode.NONE
        ? { nodeId: NODE_ID, host: broker.host, port: broker.port, errorCode, errorMessage: version < 4 ? 'NONE' : '' }
        : { nodeId: -1, host: '', port: -1, errorCode, errorMessage: `there is no coordinator for "${wanted}"` };
    };
    if (version < 4) return place(key);
    return { coordinators: coordinatorKeys.map((wanted) => ({ key: wanted, ...place(wanted) })) };
  },
});

function check(keyType: number): ErrorCode {
  if (keyType === TRANSACTION) return ErrorCode.NONE;
  if (keyType !== GROUP) return ErrorCode.INVALID_REQUEST;
  return ErrorCode.NONE;
}
