import type { Fields } from '../allowedDifferences.ts';
import type { Answer } from '../answer.ts';
import { joining, type Member, PLAN, SUBSCRIPTION, settle, syncing } from '../members.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const STATIC = 5;

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
