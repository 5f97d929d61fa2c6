/** SyncGroup 0-5: 1 adds the throttle time, 3 static members (KIP-345), 4 is flexible, 5 names the protocol (KIP-559). */
import { NO_BYTES } from '../groups/groupMember.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { syncGroupRequest, syncGroupResponse } from '../wire/messages/syncGroup.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  request: syncGroupRequest,
  response: syncGroupResponse,
  async handle(request, { broker, version }) {
    if (version >= 5 && (request.protocolType === null || request.protocolName === null)) {
      return { errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL, assignment: NO_BYTES };
    }
    const reply = await broker.groups.sync(request.groupId, {
      memberId: request.memberId,
      instanceId: request.groupInstanceId,
      generation: request.generationId,
      protocolType: request.protocolType,
      protocolName: request.protocolName,
      assignments: request.assignments,
    });
    const { errorCode, protocolType, protocolName, assignment } = reply;
    return { errorCode, protocolType, protocolName, assignment };
  },
});
