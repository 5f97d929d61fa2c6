import { about } from '../scenario.ts';
import { add, addAndWrite, begin, end, endOffset, patiently, untilStableAt } from '../transactions.ts';

export const initProducerIdScenarios = about('InitProducerId', {
  'an idempotent producer': (t) => t.ask({ transactionalId: null, transactionTimeoutMs: 1000 }),
  'an idempotent producer, whatever its timeout': async (t) => {
    for (const transactionTimeoutMs of [0, -1, 900_001]) await t.ask({ transactionalId: null, transactionTimeoutMs });
  },
  'a transactional id of nothing': (t) => t.ask({ transactionalId: '', transactionTimeoutMs: 1000 }),
  'a transactional producer, twice': async (t) => {
    for (let count = 0; count < 2; count += 1) {
      await t.ask({ transactionalId: t.name('tx'), transactionTimeoutMs: 60_000 });
    }
  },
  'timeouts that are too long or none': async (t) => {
    for (const transactionTimeoutMs of [0, -1, 900_001, 900_000, 1]) {
      await t.ask({ transactionalId: t.name('tx'), transactionTimeoutMs });
    }
  },
  'a producer that goes on under its id': {
    from: 3,
    run: async (t) => {
      const transactionalId = t.name('tx');
      const given = await t.ask({ transactionalId, transactionTimeoutMs: 60_000 });
      const producer = { producerId: given.number('producerId'), producerEpoch: given.number('producerEpoch') };
      for (const more of [
        producer,
        producer,
        { ...producer, producerEpoch: 9 },
        { ...producer, producerId: 987_654 },
      ]) {
        await t.ask({ transactionalId, transactionTimeoutMs: 60_000, ...more });
      }
    },
  },
  'an idempotent producer that goes on under its id': {
    from: 3,
    run: async (t) => {
      const given = await t.ask({ transactionalId: null, transactionTimeoutMs: 60_000 });
      const producer = { producerId: given.number('producerId'), producerEpoch: given.number('producerEpoch') };
      await t.ask({ transactionalId: null, transactionTimeoutMs: 60_000, ...producer });
    },
  },
  'half of an identity': {
    from: 3,
    run: async (t) => {
      for (const transactionalId of [null, t.name('tx')]) {
        await t.ask({ transactionalId, transactionTimeoutMs: 60_000, producerId: 5 });
        await t.ask({ transactionalId, transactionTimeoutMs: 60_000, producerEpoch: 5 });
        await t.ask({ transactionalId, transactionTimeoutMs: 60_000, producerId: -5, producerEpoch: -2 });
      }
    },
  },
  'who goes on under an id that nobody has': {
    from: 3,
    run: (t) =>
      t.ask({ transactionalId: t.name('tx'), transactionTimeoutMs: 60_000, producerId: 987_654, producerEpoch: 3 }),
  },
  'a newer instance, while a transaction is open': async (t) => {
    const start = await endOffset(t);
    const former = await begin(t);
    await addAndWrite(t, former);
    const again = { transactionalId: former.transactionalId, transactionTimeoutMs: 60_000 };
    await patiently(t, 'InitProducerId', again);
    await untilStableAt(t, start + 3);
    await patiently(t, 'InitProducerId', again);
  },
  'the same instance begins anew, while its transaction is open': {
    from: 3,
    run: async (t) => {
      const start = await endOffset(t);
      const { transactionalId, ...former } = await begin(t);
      await addAndWrite(t, { transactionalId, ...former });
      const again = { transactionalId, transactionTimeoutMs: 60_000, ...former };
      await patiently(t, 'InitProducerId', again);
      await untilStableAt(t, start + 3);
      await patiently(t, 'InitProducerId', again);
      await patiently(t, 'InitProducerId', { ...again, producerEpoch: former.producerEpoch + 1 });
      await patiently(t, 'InitProducerId', again);
    },
  },
  'after transactions that were ended': async (t) => {
    const start = await endOffset(t);
    const producer = await begin(t);
    for (const [round, committed] of [true, false].entries()) {
      await addAndWrite(t, producer, 2 * round);
      await end(t, producer, committed, start + 3 * (round + 1));
    }
    await patiently(t, 'InitProducerId', { transactionalId: producer.transactionalId, transactionTimeoutMs: 60_000 });
  },
  'who was locked out, while the transaction of the next is open': {
    from: 3,
    differs: [
      { at: /EndTxn.errorCode/, because: 'who is locked out learns so, and ends no transaction of who holds the id' },
    ],
    run: async (t) => {
      const { transactionalId, ...former } = await begin(t);
      const producer = await begin(t);
      await add(t, producer);
      await patiently(t, 'InitProducerId', { transactionalId, transactionTimeoutMs: 60_000, ...former });
      await patiently(t, 'EndTxn', { ...producer, committed: true });
    },
  },
  'a producer whose transaction was not ended in time': {
    from: 3,
    run: async (t) => {
      const start = await endOffset(t);
      const { transactionalId, ...producer } = await begin(t, { transactionTimeoutMs: 200 });
      await addAndWrite(t, { transactionalId, ...producer });
      await untilStableAt(t, start + 3);
      await patiently(t, 'InitProducerId', { transactionalId, transactionTimeoutMs: 60_000, ...producer });
    },
  },
});
