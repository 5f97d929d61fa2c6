/** LeaveGroup 0-5: 1 adds the throttle time, 3 lets many leave at once (KIP-345), 4 is flexible, 5 adds a reason (KIP-800). */
import { ErrorCode } from '../wire/errorCode.ts';
import { leaveGroupRequest, leaveGroupResponse } from '../wire/messages/leaveGroup.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  request: leaveGroupRequest,
  response: leaveGroupResponse,
  handle({ groupId, memberId, members }, { broker, version }) {
    if (groupId === '') return { errorCode: ErrorCode.INVALID_GROUP_ID };
    const leaving = version >= 3 ? members : [{ memberId, groupInstanceId: null }];
    const codes = broker.groups.leave(groupId, leaving);
    if (version < 3) return { errorCode: codes[0] ?? ErrorCode.NONE };
    return {
      errorCode: ErrorCode.NONE,
      members: leaving.map((member, index) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        errorCode: codes[index] ?? ErrorCode.UNKNOWN_MEMBER_ID,
      })),
    };
  },
});
