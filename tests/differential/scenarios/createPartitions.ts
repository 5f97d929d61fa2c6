import type { Fields } from '../allowedDifferences.ts';
import { LIBRARY, newTopic } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const add = (t: Talk, topics: readonly Fields[], validateOnly = false) =>
  t.ask({ topics: topics.map((topic) => ({ assignments: null, ...topic })), timeoutMs: 30_000, validateOnly });

/** How many partitions there are, once there are as many as there should be. */
const untilThere = (t: Talk, name: string, count: number) =>
  t.until(
    'Metadata',
    { topics: [{ name }], allowAutoTopicCreation: false },
    (answer) => answer.list('topics.0.partitions').length === count,
  );

export const createPartitionsScenarios = about('CreatePartitions', {
  'some more, and the same count again': async (t) => {
    const name = t.name('more');
    await newTopic(t, name);
    await add(t, [{ name, count: 3 }]);
    await untilThere(t, name, 3);
    await add(t, [{ name, count: 3 }]);
    await add(t, [{ name, count: 2 }]);
    await untilThere(t, name, 3);
  },
  'counts that cannot be': async (t) => {
    const name = t.name('more');
    await newTopic(t, name, 2);
    for (const count of [2, 1, 0, -1, -100]) await add(t, [{ name, count }]);
  },
  'only to see whether it would do': async (t) => {
    const name = t.name('more');
    await newTopic(t, name);
    await add(t, [{ name, count: 2 }], true);
    await add(t, [{ name, count: 1 }], true);
    await add(t, [{ name, count: 2, assignments: [{ brokerIds: [7] }] }], true);
    await add(t, [{ name: t.name('nobody'), count: 2 }], true);
    await untilThere(t, name, 1);
  },
  'unknown topics, and names that no topic can have': async (t) => {
    for (const name of [t.name('nobody'), '', 'a/b', '.']) await add(t, [{ name, count: 2 }]);
    await add(t, [{ name: t.name('nobody'), count: 0 }]);
  },
  'the same topic twice': async (t) => {
    const name = t.name('more');
    await newTopic(t, name);
    await add(t, [
      { name, count: 2 },
      { name, count: 3 },
    ]);
    await untilThere(t, name, 1);
  },
  'one that does and one that does not': async (t) => {
    const name = t.name('more');
    await newTopic(t, name);
    await add(t, [
      { name: t.name('nobody'), count: 2 },
      { name, count: 2 },
      { name: LIBRARY, count: 1 },
    ]);
    await untilThere(t, name, 2);
  },
  'nothing at all': (t) => add(t, []),
  assignments: async (t) => {
    const name = t.name('more');
    await newTopic(t, name);
    const onBrokers = (...brokers: number[][]) => brokers.map((brokerIds) => ({ brokerIds }));
    for (const assignments of [[], onBrokers([1], [1]), onBrokers([7]), onBrokers([]), onBrokers([1, 1])]) {
      await add(t, [{ name, count: 2, assignments }]);
    }
    await add(t, [{ name, count: 2, assignments: onBrokers([1]) }]);
    await untilThere(t, name, 2);
  },
});
