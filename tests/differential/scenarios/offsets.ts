import type { Fields } from '../allowedDifferences.ts';
import { settle } from '../members.ts';
import { LIBRARY } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { begin } from '../transactions.ts';

const committing = (groupId: string, partitions: readonly Fields[], more: Fields = {}, name = LIBRARY) => ({
  groupId,
  generationId: -1,
  memberId: '',
  topics: [{ name, partitions: partitions.map(commit) }],
  ...more,
});

const commit = (partition: Fields): Fields => ({
  partitionIndex: 0,
  committedOffset: 5,
  committedLeaderEpoch: -1,
  committedMetadata: null,
  ...partition,
});

type WantedTopics = readonly { name: string; partitionIndexes: readonly number[] }[] | null;

const fetching = (t: Talk, groupId: string, topics: WantedTopics, more: Fields = {}) =>
  t.ask(t.version < 8 ? { groupId, topics, ...more } : { groups: [{ groupId, topics }], ...more });

const wanted = (...partitionIndexes: number[]) => [{ name: LIBRARY, partitionIndexes }];
const committed = (t: Talk, groupId: string) => t.call('OffsetFetch', { groups: [{ groupId, topics: wanted(0, 1) }] });

export const offsetScenarios = [
  ...about('OffsetCommit', {
    'by a client without a group life': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{ committedMetadata: 'note' }, { partitionIndex: 1, committedOffset: 0 }]));
      await committed(t, groupId);
    },
    'null metadata reads back as none': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{ committedMetadata: null }]));
      await committed(t, groupId);
    },
    'negative offsets': async (t) => {
      const groupId = t.name('simple');
      for (const committedOffset of [-1, -2, -100]) {
        await t.ask(committing(groupId, [{ committedOffset }]));
        await committed(t, groupId);
      }
    },
    'a leader epoch': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{ committedLeaderEpoch: 7 }]));
      await committed(t, groupId);
    },
    'metadata as long as may be, and longer': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{ committedMetadata: 'x'.repeat(4096) }]));
      await t.ask(committing(groupId, [{ committedMetadata: 'x'.repeat(4097) }, { partitionIndex: 1 }]));
      await t.ask(committing(groupId, [{ committedMetadata: 'ä'.repeat(4096) }]));
    },
    'an unknown topic and unknown partitions': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{}], {}, t.name('nobody')));
      await t.ask(committing(groupId, [{ partitionIndex: 99 }, { partitionIndex: -1 }, {}]));
    },
    'a group without a name': (t) => t.ask(committing('', [{}])),
    nothing: async (t) => {
      await t.ask({ ...committing(t.name('simple'), []), topics: [] });
      await t.ask(committing(t.name('simple'), []));
    },
    'with a generation, to an unknown group': async (t) => {
      await t.ask(committing(t.name('group'), [{}], { generationId: 1, memberId: 'nobody' }));
      await t.ask(committing(t.name('group'), [{}], { generationId: 0 }));
      await t.ask(committing(t.name('group'), [{}], { memberId: 'nobody' }));
    },
    'by a member': async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId);
      await t.ask(committing(groupId, [{}], { ...member }));
      await t.ask(committing(groupId, [{}], { ...member, generationId: 9 }));
      await t.ask(committing(groupId, [{}], { ...member, generationId: -1 }));
      await t.ask(committing(groupId, [{}], { ...member, memberId: 'nobody' }));
      await t.ask(committing(groupId, [{}]));
      await committed(t, groupId);
    },
    'an error of the group beside an unknown topic': async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId);
      await t.ask(committing(groupId, [{}, { partitionIndex: 99 }], { ...member, generationId: 9 }));
    },
    'by static members': {
      from: 7,
      run: async (t) => {
        const groupId = t.name('group');
        const member = await settle(t, groupId, { groupInstanceId: 'one' });
        await t.ask(committing(groupId, [{}], { ...member, groupInstanceId: 'one' }));
        await t.ask(committing(groupId, [{}], { ...member, groupInstanceId: 'two' }));
        await t.ask(committing(groupId, [{}], { ...member, groupInstanceId: 'one', memberId: 'nobody' }));
      },
    },
    'a plain client, after the members have left': async (t) => {
      const groupId = t.name('group');
      const { memberId } = await settle(t, groupId);
      await t.look('LeaveGroup', { groupId, members: [{ memberId }] });
      await t.ask(committing(groupId, [{}]));
    },
    'the same partition twice': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{ committedOffset: 1 }, { committedOffset: 2 }]));
      await committed(t, groupId);
    },
    'a group that has only offsets, described, listed and deleted': async (t) => {
      const groupId = t.name('simple');
      await t.ask(committing(groupId, [{}]));
      await t.call('DescribeGroups', { groups: [groupId] });
      const only = ({ groups }: Fields) =>
        Array.isArray(groups) ? groups.filter((group) => group.groupId === groupId) : [];
      await t.call('ListGroups', {}, { only });
      await t.call('DeleteGroups', { groupsNames: [groupId] });
      await committed(t, groupId);
    },
  }),
  ...about('OffsetFetch', {
    'what was committed and what was not': async (t) => {
      const groupId = t.name('simple');
      await t.look('OffsetCommit', committing(groupId, [{ committedMetadata: 'note', committedLeaderEpoch: 3 }]));
      await fetching(t, groupId, wanted(0, 1, 99, -1));
    },
    'an unknown group': (t) => fetching(t, t.name('nobody'), wanted(0)),
    'an unknown topic': (t) => fetching(t, t.name('nobody'), [{ name: t.name('nothing'), partitionIndexes: [0] }]),
    'no topics, no partitions': async (t) => {
      await fetching(t, t.name('nobody'), []);
      await fetching(t, t.name('nobody'), wanted());
    },
    'a group without a name': (t) => fetching(t, '', wanted(0)),
    'all topics': {
      from: 2,
      run: async (t) => {
        const groupId = t.name('simple');
        await fetching(t, groupId, null);
        await t.look('OffsetCommit', committing(groupId, [{ partitionIndex: 2 }, { partitionIndex: 0 }]));
        await fetching(t, groupId, null);
      },
    },
    'the same partition twice': (t) => fetching(t, t.name('nobody'), wanted(0, 0)),
    'stable offsets alone': { from: 7, run: (t) => fetching(t, t.name('nobody'), wanted(0), { requireStable: true }) },
    'several groups': {
      from: 8,
      run: async (t) => {
        const groupId = t.name('simple');
        await t.look('OffsetCommit', committing(groupId, [{}]));
        const groups = [
          { groupId: t.name('nobody'), topics: wanted(0) },
          { groupId, topics: null },
        ];
        await t.ask({ groups });
        await t.ask({ groups: [] });
      },
    },
    'a member of the new protocol, of a group that is not there': {
      from: 9,
      run: (t) => t.ask({ groups: [{ groupId: t.name('nobody'), memberId: 'x', memberEpoch: 3, topics: wanted(0) }] }),
    },
    'a member of the new protocol, of a classic group': {
      from: 9,
      run: async (t) => {
        const groupId = t.name('group');
        const { memberId, generationId } = await settle(t, groupId);
        for (const member of [
          { memberId, memberEpoch: generationId },
          { memberId: 'x', memberEpoch: 9 },
        ]) {
          await t.ask({ groups: [{ groupId, ...member, topics: wanted(0) }] });
        }
      },
    },
  }),
  ...about('OffsetDelete', {
    'what was committed, and what was not': async (t) => {
      const groupId = t.name('simple');
      await t.look('OffsetCommit', committing(groupId, [{}, { partitionIndex: 1 }]));
      const topics = [
        { name: LIBRARY, partitions: [{ partitionIndex: 0 }, { partitionIndex: 2 }, { partitionIndex: 99 }] },
      ];
      await t.ask({ groupId, topics });
      await committed(t, groupId);
    },
    'unknown groups': async (t) => {
      for (const groupId of [t.name('nobody'), '']) {
        await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [{ partitionIndex: 0 }] }] });
      }
    },
    'an unknown topic': async (t) => {
      const groupId = t.name('simple');
      await t.look('OffsetCommit', committing(groupId, [{}]));
      await t.ask({ groupId, topics: [{ name: t.name('nobody'), partitions: [{ partitionIndex: 0 }] }] });
    },
    'nothing, and the same twice': async (t) => {
      const groupId = t.name('simple');
      await t.look('OffsetCommit', committing(groupId, [{}]));
      await t.ask({ groupId, topics: [] });
      await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [] }] });
      await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [{ partitionIndex: 0 }, { partitionIndex: 0 }] }] });
    },
    'offsets of a transaction that is open': async (t) => {
      const groupId = t.name('simple');
      const producer = await begin(t);
      await t.look('AddOffsetsToTxn', { ...producer, groupId });
      const topics = [{ name: LIBRARY, partitions: [commit({})] }];
      await t.look('TxnOffsetCommit', { ...producer, groupId, topics });
      await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [{ partitionIndex: 0 }] }] });
      await t.call('EndTxn', { ...producer, committed: true });
    },
    'the last offsets of a group': async (t) => {
      const groupId = t.name('simple');
      await t.look('OffsetCommit', committing(groupId, [{}]));
      await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [{ partitionIndex: 0 }] }] });
      await t.call('DescribeGroups', { groups: [groupId] });
    },
    'a group that has members': async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId);
      await t.look('OffsetCommit', committing(groupId, [{}], { ...member }));
      await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [{ partitionIndex: 0 }] }] });
    },
    'a group of another protocol type that has members': async (t) => {
      const groupId = t.name('group');
      await settle(t, groupId, { protocolType: 'connect' });
      await t.ask({ groupId, topics: [{ name: LIBRARY, partitions: [{ partitionIndex: 0 }] }] });
    },
  }),
];
