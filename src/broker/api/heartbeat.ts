/** Heartbeat 0-4: 1 adds the throttle time, 3 static members (KIP-345), 4 is flexible. */
import { heartbeatRequest, heartbeatResponse } from '../wire/messages/heartbeat.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  request: heartbeatRequest,
  response: heartbeatResponse,
  handle: ({ groupId, memberId, groupInstanceId, generationId }, { broker }) => ({
    errorCode: broker.groups.heartbeat(groupId, memberId, groupInstanceId, generationId),
  }),
});
