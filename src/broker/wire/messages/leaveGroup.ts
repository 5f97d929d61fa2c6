import { array, int16, int32, message, string } from '../schema.ts';

export const leaveGroupRequest = message('LeaveGroupRequest', 4, {
  groupId: string(),
  memberId: string({ to: 2, default: '' }),
  members: array(
    {
      memberId: string(),
      groupInstanceId: string({ nullableFrom: 3, default: null }),
      reason: string({ from: 5, nullableFrom: 5, default: null }),
    },
    { from: 3, default: [] },
  ),
});

export const leaveGroupResponse = message('LeaveGroupResponse', 4, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  errorCode: int16(),
  members: array(
    { memberId: string(), groupInstanceId: string({ nullableFrom: 3 }), errorCode: int16() },
    { from: 3, default: [] },
  ),
});
