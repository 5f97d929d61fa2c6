/** The end of transactions, and who may decide on it. */
import { about } from '../scenario.ts';
import { add, addAndWrite, begin, end, endOffset, patiently, untilStableAt, writing } from '../transactions.ts';

export const endTransactionScenarios = about('EndTxn', {
  'commit and abort': async (t) => {
    const producer = await begin(t);
    const start = await endOffset(t);
    await addAndWrite(t, producer);
    await t.ask({ ...producer, committed: true });
    await untilStableAt(t, start + 3);
    await addAndWrite(t, producer, 2);
    await t.ask({ ...producer, committed: false });
    await untilStableAt(t, start + 6);
    t.record('ListOffsets', { end: (await endOffset(t)) - start });
  },
  'partitions without records get their marker too': async (t) => {
    const producer = await begin(t);
    const start = await endOffset(t);
    for (const committed of [true, false]) {
      await add(t, producer);
      await t.ask({ ...producer, committed });
      await untilStableAt(t, start + (committed ? 1 : 2));
    }
    t.record('ListOffsets', { end: (await endOffset(t)) - start });
  },
  'a commit again, and then an abort': async (t) => {
    const producer = await begin(t);
    await add(t, producer);
    for (const committed of [true, true, false]) await patiently(t, 'EndTxn', { ...producer, committed });
  },
  'an abort again, and then a commit': async (t) => {
    const producer = await begin(t);
    await add(t, producer);
    for (const committed of [false, false, true]) await patiently(t, 'EndTxn', { ...producer, committed });
  },
  'without a transaction': async (t) => {
    const producer = await begin(t);
    for (const committed of [true, false]) await t.ask({ ...producer, committed });
  },
  'a transactional id that is not known, or none': async (t) => {
    const producer = await begin(t);
    await t.ask({ ...producer, transactionalId: t.name('nobody'), committed: true });
    await t.ask({ ...producer, transactionalId: '', committed: true });
  },
  'by who does not hold the id': async (t) => {
    const producer = await begin(t);
    const { producerId, producerEpoch } = producer;
    const strangers = [
      { producerId: producerId + 1_000_000 },
      { producerId: -1 },
      { producerEpoch: producerEpoch + 1 },
      { producerEpoch: producerEpoch - 1 },
    ];
    for (const stranger of strangers) await t.ask({ ...producer, ...stranger, committed: true });
    await add(t, producer);
    for (const stranger of strangers) await t.ask({ ...producer, ...stranger, committed: false });
    await t.ask({ ...producer, committed: true });
    for (const stranger of strangers) await patiently(t, 'EndTxn', { ...producer, ...stranger, committed: true });
  },
  'by an instance that a newer one has locked out': async (t) => {
    const former = await begin(t);
    await add(t, former);
    const producer = await begin(t);
    for (const committed of [true, false]) await t.ask({ ...former, committed });
    for (const committed of [false, true]) await t.ask({ ...producer, committed });
  },
  'after the producer went on under its id': async (t) => {
    const former = await begin(t);
    await add(t, former);
    const { producerId, producerEpoch } = former;
    const producer = await begin(t, { producerId, producerEpoch });
    await t.ask({ ...former, committed: true });
    await t.ask({ ...producer, committed: true });
  },
  'a transaction that is not ended in time': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t, { transactionTimeoutMs: 200 });
    await addAndWrite(t, producer);
    await untilStableAt(t, start + 3);
    for (const committed of [false, true]) await patiently(t, 'EndTxn', { ...producer, committed });
  },
});

/** Of transactions, where records go. */
export const transactionalProduceScenarios = about('Produce', {
  'into a transaction, and once more after its end': async (t) => {
    const producer = await begin(t);
    const start = await endOffset(t);
    await t.ask(writing(t, producer));
    await add(t, producer);
    await t.ask(writing(t, producer));
    await t.ask(writing(t, producer, 2));
    await end(t, producer, true, start + 5);
    await t.ask(writing(t, producer, 4));
  },
  'the same batch of a transaction again': {
    differs: [{ at: /logAppendTimeMs/, because: 'Kafka tells the time of the batch, and nobody asks for it' }],
    run: async (t) => {
      const producer = await begin(t);
      const start = await endOffset(t);
      await addAndWrite(t, producer);
      await t.ask(writing(t, producer));
      await t.ask(writing(t, producer, 7));
      await end(t, producer, false, start + 3);
    },
  },
  'sequences go on in the next transaction': async (t) => {
    const producer = await begin(t);
    const start = await endOffset(t);
    await addAndWrite(t, producer);
    await end(t, producer, true, start + 3);
    await add(t, producer);
    await t.ask(writing(t, producer, 4));
    await t.ask(writing(t, producer, 2));
    await end(t, producer, true, start + 6);
  },
  'by a newer instance, and by the one that it has locked out': async (t) => {
    const former = await begin(t);
    const start = await endOffset(t);
    await addAndWrite(t, former);
    const producer = await begin(t);
    await untilStableAt(t, start + 3);
    await t.ask(writing(t, former, 2));
    await add(t, producer);
    await t.ask(writing(t, former, 2));
    await t.ask(writing(t, producer));
    await end(t, producer, true, start + 6);
  },
  'under a transactional id that is not known, or another one': async (t) => {
    const producer = await begin(t);
    await add(t, producer);
    await t.ask({ ...writing(t, producer), transactionalId: t.name('nobody') });
    await t.ask({ ...writing(t, producer), transactionalId: '' });
    await t.ask({ ...writing(t, producer), transactionalId: null });
  },
  'with another producer id or epoch': async (t) => {
    const producer = await begin(t);
    await add(t, producer);
    await t.ask(writing(t, { ...producer, producerId: producer.producerId + 1_000_000 }));
    await t.ask(writing(t, { ...producer, producerEpoch: 7 }));
  },
});
