/** How members of groups come to be: what they join with, and a lone one led through to a stable group. */
import type { Fields } from './allowedDifferences.ts';
import type { Talk } from './talk.ts';

/** A subscription to one topic, version 0: Kafka reads those of consumers. */
export const SUBSCRIPTION = Buffer.from('\0\0\0\0\0\x01\0\x07library\xff\xff\xff\xff', 'latin1');
const PROTOCOLS = [{ name: 'range', metadata: SUBSCRIPTION }];
export const PLAN = Buffer.from('a plan');

export const joining = (groupId: string, more: Fields = {}) => ({
  groupId,
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 30_000,
  memberId: '',
  protocolType: 'consumer',
  protocols: PROTOCOLS,
  ...more,
});

export interface Member {
  readonly memberId: string;
  readonly generationId: number;
}

/** Joins with the id that the first try gave; a lone member is led through to a stable group. */
export async function settle(t: Talk, groupId: string, more: Fields = {}): Promise<Member> {
  const first = await t.look('JoinGroup', joining(groupId, more));
  const memberId = first.text('memberId');
  const joined =
    first.number('errorCode') === 79 ? await t.look('JoinGroup', joining(groupId, { ...more, memberId })) : first;
  const generationId = joined.number('generationId');
  const assignments = [{ memberId, assignment: PLAN }];
  const protocolType = more.protocolType ?? 'consumer';
  const plan = { groupId, generationId, memberId, protocolType, protocolName: 'range', assignments };
  const synced = await t.look('SyncGroup', { ...plan, ...instanceOf(more) });
  if (synced.number('errorCode') !== 0) throw new Error(`${groupId} does not settle: ${JSON.stringify(synced.fields)}`);
  return { memberId, generationId };
}

const instanceOf = ({ groupInstanceId }: Fields) => (groupInstanceId === undefined ? {} : { groupInstanceId });

export const syncing = (groupId: string, member: Member, more: Fields = {}) => ({
  groupId,
  ...member,
  protocolType: 'consumer',
  protocolName: 'range',
  assignments: [{ memberId: member.memberId, assignment: PLAN }],
  ...more,
});
