import { array, boolean, bytes, int16, int32, message, string } from '../schema.ts';

export const joinGroupRequest = message('JoinGroupRequest', 6, {
  groupId: string(),
  sessionTimeoutMs: int32(),
  /** -1 where the version has none: the session timeout stands in for it. */
  rebalanceTimeoutMs: int32({ from: 1, default: -1 }),
  memberId: string(),
  groupInstanceId: string({ from: 5, nullableFrom: 5, default: null }),
  protocolType: string(),
  protocols: array({ name: string(), metadata: bytes() }),
  reason: string({ from: 8, nullableFrom: 8, default: null }),
});

export const joinGroupResponse = message('JoinGroupResponse', 6, {
  throttleTimeMs: int32({ from: 2, default: 0 }),
  errorCode: int16(),
  generationId: int32(),
  protocolType: string({ from: 7, nullableFrom: 7, default: null }),
  protocolName: string({ nullableFrom: 7 }),
  leader: string(),
  skipAssignment: boolean({ from: 9, default: false }),
  memberId: string(),
  members: array({
    memberId: string(),
    groupInstanceId: string({ from: 5, nullableFrom: 5, default: null }),
    metadata: bytes(),
  }),
});
