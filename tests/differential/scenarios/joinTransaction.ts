/** What comes into a transaction: partitions, and groups for their offsets. */
import type { Fields } from '../allowedDifferences.ts';
import { FRESH, LIBRARY } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';
import { add, addAndWrite, adding, begin, end, endOffset, type Producer, patiently } from '../transactions.ts';

/** Who does not hold the transactional id, in one way or another. */
const strangers = (producer: Producer): Producer[] => [
  { ...producer, producerId: producer.producerId + 1_000_000 },
  { ...producer, producerId: -1 },
  { ...producer, producerEpoch: producer.producerEpoch + 1 },
  { ...producer, producerEpoch: producer.producerEpoch - 1 },
  { ...producer, producerId: producer.producerId + 1_000_000, producerEpoch: 5 },
];

export const addPartitionsScenarios = about('AddPartitionsToTxn', {
  'a partition, and the same again': async (t) => {
    const producer = await begin(t);
    await t.ask(adding(t, producer));
    await t.ask(adding(t, producer));
  },
  'the same partition twice in one request': async (t) => {
    const { partition } = t.place;
    await t.ask(adding(t, await begin(t), [partition, partition]));
  },
  'partitions of several topics': async (t) => {
    const topics = [
      { name: FRESH, partitions: [t.place.partition] },
      { name: LIBRARY, partitions: [3, 1] },
    ];
    await t.ask({ ...(await begin(t)), topics });
  },
  'an unknown partition, an unknown topic': async (t) => {
    const producer = await begin(t);
    await t.ask(adding(t, producer, [5000]));
    await t.ask(adding(t, producer, [-1]));
    await t.ask(adding(t, producer, [0], t.name('nobody')));
    await t.ask(adding(t, producer, [0], 'a/b'));
    await t.ask(adding(t, producer, [0], ''));
  },
  'unknown partitions beside a known one': async (t) => {
    const producer = await begin(t);
    const topics = [
      { name: FRESH, partitions: [t.place.partition, 5000] },
      { name: t.name('nobody'), partitions: [0] },
    ];
    await t.ask({ ...producer, topics });
    await t.call('EndTxn', { ...producer, committed: true });
  },
  'nothing at all': async (t) => {
    const producer = await begin(t);
    await t.ask({ ...producer, topics: [] });
    await t.ask({ ...producer, topics: [{ name: FRESH, partitions: [] }] });
    await t.call('EndTxn', { ...producer, committed: true });
  },
  'a transactional id that is not known, or none': async (t) => {
    const producer = await begin(t);
    await t.ask(adding(t, { ...producer, transactionalId: t.name('nobody') }));
    await t.ask(adding(t, { ...producer, transactionalId: '' }));
    await t.ask(adding(t, { ...producer, transactionalId: '' }, [5000]));
  },
  'by who does not hold the id': async (t) => {
    const producer = await begin(t);
    for (const stranger of strangers(producer)) await t.ask(adding(t, stranger));
    await t.ask(adding(t, strangers(producer)[0] ?? producer, [5000]));
  },
  'by an instance that a newer one has locked out': async (t) => {
    const former = await begin(t);
    await t.ask(adding(t, former));
    const producer = await begin(t);
    await t.ask(adding(t, former));
    await t.ask(adding(t, producer));
  },
  'by a producer that is only idempotent': async (t) => {
    const given = await t.look('InitProducerId', { transactionalId: null, transactionTimeoutMs: 60_000 });
    const producer = { producerId: given.number('producerId'), producerEpoch: 0 };
    await t.ask(adding(t, { ...producer, transactionalId: t.name('tx') }));
  },
  'the next transaction, after a commit and after an abort': async (t) => {
    const producer = await begin(t);
    const start = await endOffset(t);
    for (const [sequence, committed] of [true, false].entries()) {
      await addAndWrite(t, producer, 2 * sequence);
      await end(t, producer, committed, start + 3 * (sequence + 1));
      await patiently(t, 'AddPartitionsToTxn', adding(t, producer));
    }
  },
});

const joining = (producer: Producer, groupId: string): Fields => ({ ...producer, groupId });

export const addOffsetsScenarios = about('AddOffsetsToTxn', {
  'a group, and the same again': async (t) => {
    const producer = await begin(t);
    await t.ask(joining(producer, t.name('group')));
    await t.ask(joining(producer, t.name('group')));
    await t.call('EndTxn', { ...producer, committed: true });
  },
  'several groups': async (t) => {
    const producer = await begin(t);
    for (const name of ['one', 'two', 'three']) await t.ask(joining(producer, t.name(name)));
  },
  'a group without a name': async (t) => {
    const producer = await begin(t);
    await t.ask(joining(producer, ''));
    await t.call('EndTxn', { ...producer, committed: false });
  },
  'a transactional id that is not known, or none': async (t) => {
    const producer = await begin(t);
    await t.ask(joining({ ...producer, transactionalId: t.name('nobody') }, t.name('group')));
    await t.ask(joining({ ...producer, transactionalId: '' }, t.name('group')));
    await t.ask(joining({ ...producer, transactionalId: '' }, ''));
  },
  'by who does not hold the id': async (t) => {
    const producer = await begin(t);
    for (const stranger of strangers(producer)) await t.ask(joining(stranger, t.name('group')));
  },
  'by an instance that a newer one has locked out': async (t) => {
    const former = await begin(t);
    await t.ask(joining(former, t.name('group')));
    const producer = await begin(t);
    await t.ask(joining(former, t.name('group')));
    await t.ask(joining(producer, t.name('group')));
  },
  'beside partitions': async (t) => {
    const producer = await begin(t);
    await add(t, producer);
    await t.ask(joining(producer, t.name('group')));
  },
  'the next transaction': async (t: Talk) => {
    const producer = await begin(t);
    await t.ask(joining(producer, t.name('group')));
    await patiently(t, 'EndTxn', { ...producer, committed: true });
    await patiently(t, 'AddOffsetsToTxn', joining(producer, t.name('group')));
  },
});
