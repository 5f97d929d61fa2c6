/** DescribeGroups 0-5: 3 adds authorized operations, 4 static members, 5 is flexible. A group that is not there is Dead. */
import type { BrokerState } from '../brokerState.ts';
import { metadataFor, NO_BYTES } from '../groups/groupMember.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { describeGroupsRequest, describeGroupsResponse } from '../wire/messages/describeGroups.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 5,
  request: describeGroupsRequest,
  response: describeGroupsResponse,
  handle: ({ groups }, { broker }) => ({ groups: groups.map((groupId) => describe(broker, groupId)) }),
});

function describe(broker: BrokerState, groupId: string) {
  const errorCode = ErrorCode.NONE;
  const group = broker.groups.get(groupId);
  if (group === undefined) {
    return { errorCode, groupId, groupState: 'Dead', protocolType: '', protocolData: '', members: [] };
  }
  const stable = group.state === 'Stable';
  return {
    errorCode,
    groupId,
    groupState: group.state,
    protocolType: group.protocolType,
    protocolData: stable ? (group.protocolName ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: stable ? metadataFor(member, group.protocolName) : NO_BYTES,
      memberAssignment: stable ? member.assignment : NO_BYTES,
    })),
  };
}
