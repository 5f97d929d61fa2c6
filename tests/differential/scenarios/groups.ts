import type { Fields } from '../allowedDifferences.ts';
import type { Answer } from '../answer.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const STATIC = 5;
/** A subscription to one topic, version 0: Kafka reads those of consumers. */
const SUBSCRIPTION = Buffer.from('\0\0\0\0\0\x01\0\x07library\xff\xff\xff\xff', 'latin1');
const PROTOCOLS = [{ name: 'range', metadata: SUBSCRIPTION }];
const PLAN = Buffer.from('a plan');

const joining = (groupId: string, more: Fields = {}) => ({
  groupId,
  sessionTimeoutMs: 30_000,
  rebalanceTimeoutMs: 30_000,
  memberId: '',
  protocolType: 'consumer',
  protocols: PROTOCOLS,
  ...more,
});

interface Member {
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

/** In the version under test: with the id that it gives, if it gives one first. */
async function join(t: Talk, groupId: string, more: Fields = {}): Promise<Answer> {
  const first = await t.ask(joining(groupId, more));
  if (first.at('errorCode') !== 79) return first;
  return t.ask(joining(groupId, { ...more, memberId: first.text('memberId') }));
}

const heartbeat = (t: Talk, groupId: string, { memberId, generationId }: Member) =>
  t.call('Heartbeat', { groupId, memberId, generationId });

export const joinGroupScenarios = about('JoinGroup', {
  'a lone member': async (t) => {
    const groupId = t.name('group');
    const joined = await join(t, groupId);
    const { memberId, generationId } = {
      memberId: joined.text('memberId'),
      generationId: joined.number('generationId'),
    };
    await t.call('SyncGroup', syncing(groupId, { memberId, generationId }));
    await heartbeat(t, groupId, { memberId, generationId });
  },
  'a leader that joins again begins a rebalance': async (t) => {
    const groupId = t.name('group');
    const { memberId } = await settle(t, groupId);
    await t.ask(joining(groupId, { memberId }));
  },
  'a group without a name': (t) => t.ask(joining('')),
  'an unknown member, of an unknown group': (t) => t.ask(joining(t.name('group'), { memberId: 'nobody' })),
  'an unknown member, of a known group': async (t) => {
    const groupId = t.name('group');
    await settle(t, groupId);
    await t.ask(joining(groupId, { memberId: 'nobody' }));
  },
  'session timeouts that are too short or too long': async (t) => {
    for (const sessionTimeoutMs of [0, -1, 5999, 1_800_001]) {
      await t.ask(joining(t.name('group'), { sessionTimeoutMs }));
    }
  },
  'no protocol type, no protocols': async (t) => {
    await t.ask(joining(t.name('group'), { protocolType: '' }));
    await t.ask(joining(t.name('group'), { protocols: [] }));
  },
  'another protocol type than the group has': async (t) => {
    const groupId = t.name('group');
    await settle(t, groupId);
    await t.second().ask(joining(groupId, { protocolType: 'connect' }));
  },
  'no protocol that the others know': async (t) => {
    const groupId = t.name('group');
    await settle(t, groupId);
    await t.second().ask(joining(groupId, { protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] }));
  },
  'protocols in the order of preference': async (t) => {
    const names = ['sticky', 'range'].map((name) => ({ name, metadata: SUBSCRIPTION }));
    await join(t, t.name('group'), { protocols: names });
  },
  'a second member': async (t) => {
    const groupId = t.name('group');
    const first = await settle(t, groupId);
    const other = t.second();
    const given = await other.look('JoinGroup', joining(groupId), 9);
    const joined = other.look('JoinGroup', joining(groupId, { memberId: given.text('memberId') }), 9);
    await t.until('Heartbeat', { groupId, ...first }, (answer) => answer.number('errorCode') === 27);
    // Kafka lists the members by hash.
    const only = ({ members: _, ...rest }: Fields) => rest;
    const led = await t.ask(joining(groupId, { memberId: first.memberId }), { only });
    const followed = await joined;
    t.record('JoinGroup', { led: led.list('members').length, followers: followed.list('members').length });
    const generationId = led.number('generationId');
    const follower = { memberId: followed.text('memberId'), generationId };
    const waiting = other.call('SyncGroup', syncing(groupId, follower, { assignments: [] }));
    const assignments = [
      { memberId: first.memberId, assignment: PLAN },
      { memberId: followed.text('memberId'), assignment: Buffer.from('b') },
    ];
    await t.look('SyncGroup', syncing(groupId, { memberId: first.memberId, generationId }, { assignments }));
    await waiting;
  },
  'a static member': {
    from: STATIC,
    run: (t) => t.ask(joining(t.name('group'), { groupInstanceId: 'one' })),
  },
  'a static member that comes back': {
    from: STATIC,
    run: async (t) => {
      const groupId = t.name('group');
      const former = await settle(t, groupId, { groupInstanceId: 'one' });
      const back = await t.ask(joining(groupId, { groupInstanceId: 'one' }));
      const { generationId } = former;
      await t.call('Heartbeat', { groupId, generationId, memberId: former.memberId, groupInstanceId: 'one' });
      const memberId = back.text('memberId');
      await t.call('Heartbeat', { groupId, generationId, memberId, groupInstanceId: 'one' });
      await t.call(
        'SyncGroup',
        syncing(groupId, { memberId, generationId }, { groupInstanceId: 'one', assignments: [] }),
      );
    },
  },
  'a static member under the wrong id': {
    from: STATIC,
    run: async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId, { groupInstanceId: 'one' });
      await t.ask(joining(groupId, { groupInstanceId: 'one', memberId: 'nobody' }));
      await t.ask(joining(groupId, { groupInstanceId: 'two', memberId: 'nobody' }));
    },
  },
});

const syncing = (groupId: string, member: Member, more: Fields = {}) => ({
  groupId,
  ...member,
  protocolType: 'consumer',
  protocolName: 'range',
  assignments: [{ memberId: member.memberId, assignment: PLAN }],
  ...more,
});

export const syncGroupScenarios = about('SyncGroup', {
  'the leader, and the leader once more': async (t) => {
    const groupId = t.name('group');
    const given = await t.look('JoinGroup', joining(groupId));
    const joined = await t.look('JoinGroup', joining(groupId, { memberId: given.text('memberId') }));
    const member = { memberId: joined.text('memberId'), generationId: joined.number('generationId') };
    await t.ask(syncing(groupId, member, { protocolType: 'consumer', protocolName: 'range' }));
    await t.ask(syncing(groupId, member, { protocolType: 'consumer', protocolName: 'range', assignments: [] }));
  },
  'a plan without the leader itself': async (t) => {
    const groupId = t.name('group');
    const given = await t.look('JoinGroup', joining(groupId));
    const joined = await t.look('JoinGroup', joining(groupId, { memberId: given.text('memberId') }));
    const member = { memberId: joined.text('memberId'), generationId: joined.number('generationId') };
    await t.ask(syncing(groupId, member, { protocolType: 'consumer', protocolName: 'range', assignments: [] }));
  },
  'a group without a name': (t) => t.ask(syncing('', { memberId: 'nobody', generationId: 1 })),
  'an unknown group': (t) => t.ask(syncing(t.name('group'), { memberId: 'nobody', generationId: 1 })),
  'an unknown member, and the wrong generation': async (t) => {
    const groupId = t.name('group');
    const member = await settle(t, groupId);
    await t.ask(syncing(groupId, { ...member, memberId: 'nobody' }));
    for (const generationId of [0, -1, 2]) await t.ask(syncing(groupId, { ...member, generationId }));
  },
  'protocols that are not the group’s': {
    from: 5,
    run: async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId);
      await t.ask(syncing(groupId, member, { protocolType: null }));
      await t.ask(syncing(groupId, member, { protocolType: 'connect' }));
      await t.ask(syncing(groupId, member, { protocolName: 'other' }));
      await t.ask(syncing(groupId, member, { protocolName: 'range', protocolType: 'consumer' }));
    },
  },
  'a static member under the wrong id': {
    from: 3,
    run: async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId, { groupInstanceId: 'one' });
      await t.ask(syncing(groupId, { ...member, memberId: 'nobody' }, { groupInstanceId: 'one' }));
      await t.ask(syncing(groupId, member, { groupInstanceId: 'two' }));
    },
  },
});

export const heartbeatScenarios = about('Heartbeat', {
  'a member, in the right generation and in wrong ones': async (t) => {
    const groupId = t.name('group');
    const member = await settle(t, groupId);
    await t.ask({ groupId, ...member });
    for (const generationId of [0, -1, 7]) await t.ask({ groupId, ...member, generationId });
  },
  'an unknown member': async (t) => {
    const groupId = t.name('group');
    await settle(t, groupId);
    await t.ask({ groupId, memberId: 'nobody', generationId: 1 });
    await t.ask({ groupId, memberId: '', generationId: 1 });
  },
  'an unknown group': (t) => t.ask({ groupId: t.name('group'), memberId: 'nobody', generationId: 1 }),
  'a group without a name': (t) => t.ask({ groupId: '', memberId: 'nobody', generationId: 1 }),
  'a member that left': async (t) => {
    const groupId = t.name('group');
    const member = await settle(t, groupId);
    await t.look('LeaveGroup', { groupId, members: [{ memberId: member.memberId }] });
    await t.ask({ groupId, ...member });
  },
  'static members': {
    from: 3,
    run: async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId, { groupInstanceId: 'one' });
      await t.ask({ groupId, ...member, groupInstanceId: 'one' });
      await t.ask({ groupId, ...member, memberId: 'nobody', groupInstanceId: 'one' });
      await t.ask({ groupId, ...member, groupInstanceId: 'two' });
    },
  },
});

/** One who leaves, in the form that the version has. */
const leaving = (t: Talk, groupId: string, memberId: string, groupInstanceId: string | null = null) =>
  t.ask(t.version < 3 ? { groupId, memberId } : { groupId, members: [{ memberId, groupInstanceId }] });

export const leaveGroupScenarios = about('LeaveGroup', {
  'a member, once and again': async (t) => {
    const groupId = t.name('group');
    const { memberId } = await settle(t, groupId);
    await leaving(t, groupId, memberId);
    await leaving(t, groupId, memberId);
    await t.call('DescribeGroups', { groups: [groupId] });
  },
  'an unknown member': async (t) => {
    const groupId = t.name('group');
    await settle(t, groupId);
    await leaving(t, groupId, 'nobody');
  },
  'an unknown group': (t) => leaving(t, t.name('group'), 'nobody'),
  'a group without a name': (t) => leaving(t, '', 'nobody'),
  'an id that has not joined yet': async (t) => {
    const groupId = t.name('group');
    const given = await t.look('JoinGroup', joining(groupId));
    await leaving(t, groupId, given.text('memberId'));
  },
  'static members by their instance': {
    from: 3,
    run: async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId, { groupInstanceId: 'one' });
      await leaving(t, groupId, 'nobody', 'one');
      await leaving(t, groupId, '', 'two');
      await leaving(t, groupId, '', 'one');
    },
  },
  'several at once': {
    from: 3,
    run: async (t) => {
      const groupId = t.name('group');
      const { memberId } = await settle(t, groupId);
      await t.ask({ groupId, members: [{ memberId: 'nobody' }, { memberId }, { memberId }] });
    },
  },
  nobody: {
    from: 3,
    run: async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId);
      await t.ask({ groupId, members: [] });
    },
  },
});

const onlyGroup = (groupId: string) => (answer: Fields) => ({
  ...answer,
  groups: Array.isArray(answer.groups)
    ? answer.groups.filter((group: Fields) => group.groupId === groupId)
    : answer.groups,
});

export const groupAdminScenarios = [
  ...about('DescribeGroups', {
    'a group with a member': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId);
      await t.ask({ groups: [groupId] });
    },
    'a static member': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId, { groupInstanceId: 'one' });
      await t.ask({ groups: [groupId] });
    },
    'a group between joining and its plan': async (t) => {
      const groupId = t.name('group');
      const given = await t.look('JoinGroup', joining(groupId));
      await t.ask({ groups: [groupId] });
      await t.look('JoinGroup', joining(groupId, { memberId: given.text('memberId') }));
      await t.ask({ groups: [groupId] });
    },
    'unknown groups, no group, the same twice': async (t) => {
      await t.ask({ groups: [t.name('nobody')] });
      await t.ask({ groups: [''] });
      await t.ask({ groups: [] });
      await t.ask({ groups: [t.name('nobody'), t.name('nobody')] });
    },
  }),
  ...about('ListGroups', {
    'a stable group': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId);
      await t.ask({}, { only: onlyGroup(groupId) });
    },
    'by state': {
      from: 4,
      run: async (t) => {
        const groupId = t.name('group');
        await settle(t, groupId);
        const filters = [['Stable'], ['stable'], ['Empty'], ['Nonsense'], ['Empty', 'Stable'], ['']];
        for (const statesFilter of filters) await t.ask({ statesFilter }, { only: onlyGroup(groupId) });
      },
    },
    'by type': {
      from: 5,
      run: async (t) => {
        const groupId = t.name('group');
        await settle(t, groupId);
        const filters = [['classic'], ['Classic'], ['consumer'], ['share'], ['nonsense']];
        for (const typesFilter of filters) await t.ask({ typesFilter }, { only: onlyGroup(groupId) });
      },
    },
  }),
  ...about('DeleteGroups', {
    'a group with a member, and without': async (t) => {
      const groupId = t.name('group');
      const { memberId } = await settle(t, groupId);
      await t.ask({ groupsNames: [groupId] });
      await t.look('LeaveGroup', { groupId, members: [{ memberId }] });
      await t.ask({ groupsNames: [groupId] });
      await t.ask({ groupsNames: [groupId] });
    },
    'unknown groups, no group': async (t) => {
      await t.ask({ groupsNames: [t.name('nobody')] });
      await t.ask({ groupsNames: [] });
    },
    'the same unknown group twice': (t) => t.ask({ groupsNames: [t.name('nobody'), t.name('nobody')] }),
  }),
];
