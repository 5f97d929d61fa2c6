/** Offsets of groups that are committed within transactions. */
import type { Fields } from '../allowedDifferences.ts';
import { settle } from '../members.ts';
import { LIBRARY } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { begin, type Producer, patiently } from '../transactions.ts';

/** Says for which member of which generation (KIP-447). */
const MEMBERS = 3;

async function beginWithGroup(t: Talk, groupId = t.name('group')): Promise<Producer> {
  const producer = await begin(t);
  await patiently(t, 'AddOffsetsToTxn', { ...producer, groupId }, { quiet: true });
  return producer;
}

const committing = (t: Talk, producer: Producer, partitions: readonly Fields[], more: Fields = {}, name = LIBRARY) => ({
  ...producer,
  groupId: t.name('group'),
  topics: [{ name, partitions: partitions.map(commit) }],
  ...more,
});

const commit = (partition: Fields): Fields => ({
  partitionIndex: 0,
  committedOffset: 5,
  committedMetadata: 'note',
  ...partition,
});

const wantedOffsets = (t: Talk, requireStable: boolean) => ({
  groups: [{ groupId: t.name('group'), topics: [{ name: LIBRARY, partitionIndexes: [0, 1] }] }],
  requireStable,
});

const committed = async (t: Talk) => {
  for (const requireStable of [false, true]) await t.call('OffsetFetch', wantedOffsets(t, requireStable));
};

/** Kafka carries the decision out behind its answer. */
async function end(t: Talk, producer: Producer, isCommit: boolean): Promise<void> {
  await t.call('EndTxn', { ...producer, committed: isCommit });
  await t.until(
    'OffsetFetch',
    wantedOffsets(t, true),
    (answer) => answer.list('groups.0.topics.0.partitions').every((partition) => partition.at('errorCode') === 0),
    { quiet: true },
  );
}

export const transactionOffsetScenarios = about('TxnOffsetCommit', {
  'offsets are the group’s once the transaction commits': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{}, { partitionIndex: 1, committedOffset: 0, committedMetadata: null }]));
    await committed(t);
    await end(t, producer, true);
    await committed(t);
  },
  'offsets are forgotten when the transaction is aborted': async (t) => {
    const plain = { groupId: t.name('group'), generationId: -1, memberId: '', topics: [] as Fields[] };
    const before = { ...plain, topics: [{ name: LIBRARY, partitions: [{ ...commit({}), committedOffset: 1 }] }] };
    await t.look('OffsetCommit', before);
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{}, { partitionIndex: 1 }]));
    await committed(t);
    await end(t, producer, false);
    await committed(t);
  },
  'the last of several commits counts': async (t) => {
    const producer = await beginWithGroup(t);
    for (const committedOffset of [1, 9, 4]) await t.ask(committing(t, producer, [{ committedOffset }]));
    await end(t, producer, true);
    await committed(t);
  },
  'a leader epoch': {
    from: 2,
    run: async (t) => {
      const producer = await beginWithGroup(t);
      await t.ask(committing(t, producer, [{ committedLeaderEpoch: 7 }]));
      await end(t, producer, true);
      await committed(t);
    },
  },
  'negative offsets': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{ committedOffset: -1 }, { partitionIndex: 1, committedOffset: -7 }]));
    await end(t, producer, true);
    await committed(t);
  },
  'a plain commit while an offset is pending': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{ committedOffset: 3 }]));
    const topics = [{ name: LIBRARY, partitions: [{ ...commit({}), committedOffset: 8 }] }];
    await t.call('OffsetCommit', { groupId: t.name('group'), generationId: -1, memberId: '', topics });
    await committed(t);
    await end(t, producer, true);
    await committed(t);
  },
  'a group that has only pending offsets, described, listed and deleted': async (t) => {
    const groupId = t.name('group');
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{}]));
    await t.call('DescribeGroups', { groups: [groupId] });
    const only = ({ groups }: Fields) => (Array.isArray(groups) ? groups.filter((one) => one.groupId === groupId) : []);
    await t.call('ListGroups', {}, { only });
    await t.call('DeleteGroups', { groupsNames: [groupId] });
    await end(t, producer, true);
    await committed(t);
  },
  'an unknown topic and unknown partitions': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{}], {}, t.name('nobody')));
    await t.ask(committing(t, producer, [{ partitionIndex: 99 }, { partitionIndex: -1 }, {}]));
    await t.ask(committing(t, producer, [{}], {}, 'a/b'));
    await t.ask(committing(t, producer, []));
    await t.ask({ ...committing(t, producer, []), topics: [] });
  },
  'metadata as long as may be, and longer': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{ committedMetadata: 'x'.repeat(4096) }]));
    await t.ask(committing(t, producer, [{ committedMetadata: 'x'.repeat(4097) }, { partitionIndex: 1 }]));
    await t.ask(committing(t, producer, [{ committedMetadata: 'ä'.repeat(4096) }]));
  },
  'a group that is not in the transaction': async (t) => {
    const producer = await begin(t);
    await t.ask(committing(t, producer, [{}]));
    await t.look('AddOffsetsToTxn', { ...producer, groupId: 'warm-up-0' });
    await t.ask(committing(t, { ...producer, transactionalId: t.name('nobody') }, [{}]));
    await t.ask(committing(t, producer, [{}, { partitionIndex: 99 }], { transactionalId: '' }));
  },
  'a group without a name': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{}], { groupId: '' }));
    await t.ask(committing(t, { ...producer, transactionalId: t.name('nobody') }, [{}], { groupId: '' }));
  },
  'by who does not hold the id': async (t) => {
    const producer = await beginWithGroup(t);
    const { producerId } = producer;
    await t.ask(committing(t, { ...producer, producerId: producerId + 1_000_000 }, [{}, { partitionIndex: 99 }]));
    await t.ask(committing(t, { ...producer, producerEpoch: 5 }, [{}]));
    await t.ask(committing(t, { ...producer, producerEpoch: -1 }, [{}]));
  },
  'by an instance that a newer one has locked out': async (t) => {
    const former = await beginWithGroup(t);
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, former, [{}]));
    await t.ask(committing(t, producer, [{}]));
    await t.call('EndTxn', { ...producer, committed: true });
  },
  'after the end of the transaction': async (t) => {
    const producer = await beginWithGroup(t);
    await t.ask(committing(t, producer, [{}]));
    await end(t, producer, true);
    await patiently(t, 'TxnOffsetCommit', committing(t, producer, [{ committedOffset: 9 }]));
  },
  'of a member, and of who is none': {
    from: MEMBERS,
    run: async (t) => {
      const groupId = t.name('group');
      const member = await settle(t, groupId);
      const producer = await beginWithGroup(t);
      await t.ask(committing(t, producer, [{}], { ...member, generationId: 9 }));
      await t.ask(committing(t, producer, [{}], { ...member, generationId: -1 }));
      await t.ask(committing(t, producer, [{}], { ...member, memberId: 'nobody' }));
      await t.ask(committing(t, producer, [{}], { memberId: 'nobody' }));
      await t.ask(committing(t, producer, [{}], { generationId: 1 }));
      await t.ask(committing(t, producer, [{}, { partitionIndex: 99 }], { ...member, generationId: 9 }));
      await t.ask(committing(t, producer, [{}], { ...member }));
      await t.ask(committing(t, producer, [{ committedOffset: 6 }]));
      await end(t, producer, true);
      await committed(t);
    },
  },
  'of a group that is not there': {
    from: MEMBERS,
    run: async (t) => {
      const producer = await beginWithGroup(t);
      await t.ask(committing(t, producer, [{}], { generationId: 1, memberId: 'nobody' }));
      await t.ask(committing(t, producer, [{}], { generationId: 0 }));
      await t.ask(committing(t, producer, [{}], { memberId: 'nobody' }));
      await t.ask(committing(t, producer, [{}], { groupInstanceId: 'one' }));
    },
  },
  'of static members': {
    from: MEMBERS,
    run: async (t) => {
      const member = await settle(t, t.name('group'), { groupInstanceId: 'one' });
      const producer = await beginWithGroup(t);
      await t.ask(committing(t, producer, [{}], { ...member, groupInstanceId: 'two' }));
      await t.ask(committing(t, producer, [{}], { ...member, groupInstanceId: 'one', memberId: 'nobody' }));
      await t.ask(committing(t, producer, [{}], { ...member, groupInstanceId: 'one' }));
    },
  },
});
