import { joining, settle, syncing } from '../members.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

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
