/**
 * JoinGroup 0-9: 1 adds the rebalance timeout, 4 demands a member id first (KIP-394), 5 static members (KIP-345), 6 is
 * flexible, 7 names the protocol type, 8 a reason (KIP-800), 9 lets a leader keep the plan (KIP-814).
 */
import { joinGroupRequest, joinGroupResponse } from '../wire/messages/joinGroup.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  request: joinGroupRequest,
  response: joinGroupResponse,
  async handle(request, { broker, version, clientId, clientHost }) {
    const reply = await broker.groups.join(request.groupId, {
      memberId: request.memberId,
      instanceId: request.groupInstanceId,
      clientId,
      clientHost,
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs,
      protocolType: request.protocolType,
      // Copies: the group outlives the request, whose bytes these are views of.
      protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
      requireKnownMemberId: version >= 4,
      supportsSkippingAssignment: version >= 9,
    });
    return {
      errorCode: reply.errorCode,
      generationId: reply.generation,
      protocolType: reply.protocolType,
      protocolName: version >= 7 ? reply.protocolName : (reply.protocolName ?? ''),
      leader: reply.leader,
      skipAssignment: reply.skipAssignment,
      memberId: reply.memberId,
      members: reply.members,
    };
  },
});
