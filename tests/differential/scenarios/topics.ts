import type { Fields } from '../allowedDifferences.ts';
import { commonSettings } from '../commonSettings.ts';
import { LIBRARY, newTopic } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const wanted = (name: string, more: Fields = {}) => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...more,
});

type CreatedTopic = Fields & { readonly configs?: readonly Fields[] | null };

/** Which settings a topic has is the matter of DescribeConfigs. */
const only = ({ topics }: Fields) =>
  (topics as readonly CreatedTopic[]).map(({ configs, ...topic }) => ({
    ...topic,
    configs: configs === null || configs === undefined || configs.length === 0 ? configs : '(some)',
  }));

const withSettings = ({ topics }: Fields): Fields[] =>
  (topics as readonly CreatedTopic[]).map(({ configs = null, ...topic }) => ({
    ...topic,
    configs: commonSettings(configs),
  }));

const withoutId = (answer: Fields) => withSettings(answer).map(({ topicId: _, ...topic }) => topic);

const create = (t: Talk, topics: readonly Fields[], validateOnly = false) =>
  t.ask({ topics, timeoutMs: 30_000, validateOnly }, { only });

export const topicScenarios = [
  ...about('CreateTopics', {
    'a topic, and the same again': async (t) => {
      await create(t, [wanted(t.name('new'))]);
      await create(t, [wanted(t.name('new'))]);
    },
    'only to see whether it would do': {
      differs: [{ at: /topicId/, because: 'what is not made gets no id', from: 7 }],
      run: async (t) => {
        await create(t, [wanted(t.name('new'), { numPartitions: 3 })], true);
        await create(t, [wanted(LIBRARY)], true);
        await create(t, [wanted('a/b')], true);
      },
    },
    'counts that the broker chooses': {
      from: 4,
      run: (t) => create(t, [wanted(t.name('new'), { numPartitions: -1, replicationFactor: -1 })]),
    },
    'the same name twice': (t) => create(t, [wanted(t.name('new')), wanted(t.name('new'))]),
    'names that no topic can have': async (t) => {
      for (const name of ['', '.', 'a/b', 'x'.repeat(250)]) await create(t, [wanted(name)]);
    },
    'counts of partitions that cannot be': async (t) => {
      for (const numPartitions of [0, -2]) await create(t, [wanted(t.name('new'), { numPartitions })]);
    },
    'counts of replicas that cannot be': async (t) => {
      for (const replicationFactor of [0, -2, 2]) await create(t, [wanted(t.name('new'), { replicationFactor })]);
    },
    'settings of its own, and those that it gets': {
      from: 5,
      run: async (t) => {
        const configs = [
          { name: 'retention.ms', value: '1000' },
          { name: 'cleanup.policy', value: 'compact,delete' },
        ];
        await t.ask(
          { topics: [wanted(t.name('new'), { configs })], timeoutMs: 30_000, validateOnly: false },
          { only: withSettings },
        );
      },
    },
    'settings in other words, or that contradict each other': {
      from: 5,
      run: async (t) => {
        const settings = [
          {
            'retention.ms': '+5',
            'max.message.bytes': ' 007 ',
            preallocate: 'TRUE',
            'cleanup.policy': 'delete,delete',
          },
          { 'cleanup.policy': '', 'retention.ms': '1' },
          { 'min.compaction.lag.ms': '50', 'max.compaction.lag.ms': '40' },
          { 'follower.replication.throttled.replicas': 'some' },
          { 'retention.ms': '1000', 'no.such.setting': '1' },
        ];
        for (const [index, given] of settings.entries()) {
          const configs = Object.entries(given).map(([name, value]) => ({ name, value }));
          const topics = [wanted(t.name(`new-${index}`), { configs })];
          for (const validateOnly of [true, false]) {
            await t.ask({ topics, timeoutMs: 30_000, validateOnly }, { only: withoutId });
          }
        }
      },
    },
    'the same setting twice': async (t) => {
      const configs = ['1', '2'].map((value) => ({ name: 'retention.ms', value }));
      await create(t, [wanted(t.name('new'), { configs })]);
    },
    'settings that do not exist, or not with this value': async (t) => {
      const configs = [
        { name: 'no.such.setting', value: '1' },
        { name: 'retention.ms', value: 'soon' },
        { name: 'retention.ms', value: null },
        { name: 'cleanup.policy', value: 'burn' },
        { name: 'max.message.bytes', value: '-5' },
      ];
      for (const config of configs) await create(t, [wanted(t.name('new'), { configs: [config] })]);
    },
    'nothing at all': (t) => create(t, []),
    assignments: async (t) => {
      const assigned = (assignments: Fields[], more: Fields = {}) =>
        wanted(t.name('new'), { numPartitions: -1, replicationFactor: -1, assignments, ...more });
      await create(t, [assigned([{ partitionIndex: 0, brokerIds: [7] }])]);
      await create(t, [assigned([{ partitionIndex: 1, brokerIds: [1] }])]);
      await create(t, [assigned([{ partitionIndex: 0, brokerIds: [1, 1] }])]);
      await create(t, [assigned([{ partitionIndex: 0, brokerIds: [1] }], { numPartitions: 1 })]);
      await create(t, [
        assigned([
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 1, brokerIds: [1] },
        ]),
      ]);
    },
  }),
  ...about('DeleteTopics', {
    'a topic, and once more': async (t) => {
      const name = t.name('old');
      await newTopic(t, name);
      const request =
        t.version < 6 ? { topicNames: [name], timeoutMs: 30_000 } : { topics: [{ name }], timeoutMs: 30_000 };
      await t.ask(request);
      await t.ask(request);
    },
    'a topic by its id': {
      from: 6,
      run: async (t) => {
        const topicId = await newTopic(t, t.name('old'));
        await t.ask({ topics: [{ name: null, topicId }], timeoutMs: 30_000 });
        await t.ask({ topics: [{ name: null, topicId: 'ab'.repeat(16) }], timeoutMs: 30_000 });
      },
    },
    'nothing at all': (t) => t.ask({ topics: [], topicNames: [], timeoutMs: 1000 }),
  }),
  ...about('FindCoordinator', {
    'of a group': (t) => t.ask({ key: t.name('group'), coordinatorKeys: [t.name('group'), 'other'] }),
    'of a transaction': {
      from: 1,
      run: (t) => t.ask({ key: t.name('tx'), keyType: 1, coordinatorKeys: [t.name('tx')] }),
    },
    'of nothing': { to: 3, run: (t) => t.ask({ key: '' }) },
    'of a kind that does not exist': { from: 1, to: 3, run: (t) => t.ask({ key: 'x', keyType: 9 }) },
  }),
];
