import { batch } from '../batches.ts';
import { T0 } from '../library.ts';
import { end, idempotent, producerId, records } from '../producing.ts';
import { about } from '../scenario.ts';

export const idempotenceScenarios = about('Produce', {
  'an idempotent producer: next, again, and a gap': {
    differs: [
      {
        at: /logAppendTimeMs/,
        because: 'Kafka tells the time of the batch that was there before, and nobody asks for it',
      },
    ],
    run: async (t) => {
      const producer = await producerId(t);
      for (const sequence of [0, 2, 4, 2, 0, 9, 6]) await t.ask(records(t, idempotent(producer, sequence)));
      await end(t);
    },
  },
  'a sequence that begins after 0 by a producer that is not known': async (t) => {
    await t.ask(records(t, idempotent(await producerId(t), 5)));
  },
  'a duplicate of more than five batches ago': {
    differs: [{ at: /logAppendTimeMs/, because: 'as above' }],
    run: async (t) => {
      const producer = await producerId(t);
      for (const sequence of [0, 2, 4, 6, 8, 10, 2, 0, 12]) await t.ask(records(t, idempotent(producer, sequence)));
    },
  },
  'a part of what was written before': async (t) => {
    const producer = await producerId(t);
    await t.ask(records(t, idempotent(producer, 0)));
    await t.ask(records(t, batch([T0], { producerId: producer, producerEpoch: 0, baseSequence: 1 })));
    await t.ask(records(t, batch([T0, T0, T0], { producerId: producer, producerEpoch: 0, baseSequence: 0 })));
  },
  'sequences go round from the largest to 0': {
    differs: [{ at: /logAppendTimeMs/, because: 'as above' }],
    run: async (t) => {
      const producer = await producerId(t);
      await t.ask(records(t, idempotent(producer, 0x7fff_fffe)));
      await t.ask(records(t, idempotent(producer, 0)));
      await t.ask(records(t, idempotent(producer, 0)));
    },
  },
  'a sequence that goes round within a batch': async (t) => {
    const producer = await producerId(t);
    await t.ask(records(t, idempotent(producer, 0x7fff_ffff)));
    await t.ask(records(t, idempotent(producer, 1)));
  },
  'epochs: older, newer, and newer not from 0': async (t) => {
    const producer = await producerId(t);
    for (const [sequence, epoch] of [
      [0, 3],
      [2, 3],
      [2, 2],
      [4, 4],
      [0, 4],
      [2, 3],
    ] as const) {
      await t.ask(records(t, idempotent(producer, sequence, epoch)));
    }
  },
  'a producer without an epoch or a sequence': {
    differs: [{ at: /./, because: 'Kafka takes a producer without an epoch for none; here it is refused' }],
    run: async (t) => {
      const producer = await producerId(t);
      await t.ask(records(t, idempotent(producer, -1)));
      await t.ask(records(t, idempotent(producer, 0, -1)));
    },
  },
  'an unknown producer id': (t) => t.ask(records(t, idempotent(1_000_000_000 + Number(t.place.id), 0))),
});
