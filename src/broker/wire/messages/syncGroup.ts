import { array, bytes, int16, int32, message, string } from '../schema.ts';

export const syncGroupRequest = message('SyncGroupRequest', 4, {
  groupId: string(),
  generationId: int32(),
  memberId: string(),
  groupInstanceId: string({ from: 3, nullableFrom: 3, default: null }),
  protocolType: string({ from: 5, nullableFrom: 5, default: null }),
  protocolName: string({ from: 5, nullableFrom: 5, default: null }),
  assignments: array({ memberId: string(), assignment: bytes() }),
});

export const syncGroupResponse = message('SyncGroupResponse', 4, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  errorCode: int16(),
  protocolType: string({ from: 5, nullableFrom: 5, default: null }),
  protocolName: string({ from: 5, nullableFrom: 5, default: null }),
  assignment: bytes(),
});
