import type { Fields } from '../allowedDifferences.ts';
import { batch } from '../batches.ts';
import { fetchBody } from '../fetching.ts';
import { FOR_EVER, T0 } from '../library.ts';
import { newTopic } from '../prepared.ts';
import { records } from '../producing.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

/** A topic of one partition with offsets 0 to 5, in two batches. */
async function filled(t: Talk, configs: Readonly<Record<string, string>> = FOR_EVER): Promise<string> {
  const name = t.name('old');
  await newTopic(t, name, 1, configs);
  for (const key of [T0, T0 + 10])
    await t.look('Produce', records(t, batch([key, key + 1, key + 2]), { name, index: 0 }));
  return name;
}

const remove = (t: Talk, name: string, partitions: readonly Fields[]) =>
  t.ask({
    topics: [{ name, partitions: partitions.map((one) => ({ partitionIndex: 0, ...one })) }],
    timeoutMs: 30_000,
  });

/** Where the partition begins and ends, what lies there, and what is before it. */
async function look(t: Talk, name: string): Promise<void> {
  for (const timestamp of [-2, -1, T0, -3]) {
    await t.call('ListOffsets', { replicaId: -1, topics: [{ name, partitions: [{ partitionIndex: 0, timestamp }] }] });
  }
  for (const fetchOffset of [0, 2, 4, 6]) await t.call('Fetch', await fetchBody(t, name, [{ fetchOffset }]));
}

export const deleteRecordsScenarios = about('DeleteRecords', {
  'up to the middle of a batch, and then less': async (t) => {
    const name = await filled(t);
    await remove(t, name, [{ offset: 2 }]);
    await remove(t, name, [{ offset: 1 }]);
    await remove(t, name, [{ offset: 0 }]);
    await look(t, name);
  },
  'a whole batch': async (t) => {
    const name = await filled(t);
    await remove(t, name, [{ offset: 3 }]);
    await look(t, name);
  },
  'all, and once more': {
    differs: [
      {
        at: /^6 ListOffsets/,
        because: 'Kafka tells the largest timestamp of what is deleted, while its file is there',
      },
    ],
    run: async (t) => {
      const name = await filled(t);
      await remove(t, name, [{ offset: -1 }]);
      await remove(t, name, [{ offset: -1 }]);
      await look(t, name);
      await t.call('Produce', records(t, batch([T0 + 20]), { name, index: 0 }));
    },
  },
  'offsets that cannot be': async (t) => {
    const name = await filled(t);
    for (const offset of [7, -2, -100, 2 ** 40]) await remove(t, name, [{ offset }]);
    await remove(t, name, [{ offset: 6 }]);
  },
  'an empty partition': async (t) => {
    const name = t.name('empty');
    await newTopic(t, name);
    for (const offset of [0, -1, 1]) await remove(t, name, [{ offset }]);
  },
  'partitions and topics that are not there': async (t) => {
    const name = await filled(t);
    await remove(t, name, [{ partitionIndex: 9, offset: 0 }, { partitionIndex: -1, offset: 0 }, { offset: 1 }]);
    for (const unknown of [t.name('nobody'), 'a/b', '']) await remove(t, unknown, [{ offset: 0 }]);
  },
  'the same partition twice': async (t) => {
    const name = await filled(t);
    await remove(t, name, [{ offset: 1 }, { offset: 2 }]);
  },
  'nothing at all': async (t) => {
    await t.ask({ topics: [], timeoutMs: 30_000 });
    await t.ask({ topics: [{ name: t.name('nobody'), partitions: [] }], timeoutMs: 30_000 });
  },
  'of a topic that is compacted': async (t) => {
    const name = t.name('compact');
    await newTopic(t, name, 1, { 'cleanup.policy': 'compact' });
    await remove(t, name, [{ offset: 0 }]);
    await remove(t, name, [{ offset: 7 }]);
  },
  'of a topic that is compacted and deleted, or neither': async (t) => {
    for (const [index, policy] of ['compact,delete', ''].entries()) {
      const name = t.name(`policy-${index}`);
      await newTopic(t, name, 1, { 'cleanup.policy': policy });
      await remove(t, name, [{ offset: 0 }]);
    }
  },
  'what a fetch waits for begins no sooner': async (t) => {
    const name = await filled(t);
    const waiting = t.second();
    const body = await fetchBody(t, name, [{ fetchOffset: 6 }], { minBytes: 1, maxWaitMs: 300 });
    const waited = waiting.look('Fetch', body);
    await remove(t, name, [{ offset: 6 }]);
    t.record('Fetch', (await waited).fields);
  },
});
