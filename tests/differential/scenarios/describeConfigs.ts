import type { Fields } from '../allowedDifferences.ts';
import { commonSettings } from '../commonSettings.ts';
import { LIBRARY, newTopic } from '../prepared.ts';
import { about, type Difference } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const [TOPIC, BROKER] = [2, 4];

interface About {
  readonly type?: number;
  readonly keys?: readonly string[] | null;
  readonly synonyms?: boolean;
  readonly documentation?: boolean;
}

const asking = (
  resourceName: string,
  { type = TOPIC, keys = null, synonyms = false, documentation = false }: About,
) => ({
  resources: [{ resourceType: type, resourceName, configurationKeys: keys }],
  includeSynonyms: synonyms,
  includeDocumentation: documentation,
});

const common = ({ results }: Fields) => ({
  results: (results as readonly { readonly configs: readonly Fields[] }[]).map(({ configs, ...result }) => ({
    ...result,
    configs: commonSettings(configs),
  })),
});

/** Of a broker, what a setting is; its value is its own business. */
const kinds = ({ results }: Fields) =>
  (results as readonly { readonly configs: readonly Fields[] }[]).map(({ configs, ...result }) => ({
    ...result,
    configs: Object.fromEntries(
      configs.map(({ name, configType, isSensitive }) => [String(name), { configType, isSensitive }]),
    ),
  }));

const KEPT_FOR_EVER: Difference = {
  at: /configs.retention.ms/,
  because: 'the built-in broker keeps records for ever where nothing else is said, and says so',
};

const OF_BROKERS = [
  'advertised.listeners',
  'auto.create.topics.enable',
  'broker.id',
  'compression.type',
  'default.replication.factor',
  'listeners',
  'log.cleanup.policy',
  'log.retention.ms',
  'log.segment.bytes',
  'message.max.bytes',
  'node.id',
  'num.partitions',
  'offset.metadata.max.bytes',
  'socket.request.max.bytes',
];

const describe = (t: Talk, name: string, options: About = {}) => t.ask(asking(name, options), { only: common });

export const describeConfigsScenarios = about('DescribeConfigs', {
  'a topic that has some settings of its own': {
    differs: [KEPT_FOR_EVER],
    run: async (t) => {
      const name = t.name('set');
      await newTopic(t, name, 1, { 'retention.ms': '1000', 'cleanup.policy': 'compact' });
      await describe(t, name);
      await describe(t, name, { synonyms: true });
      await describe(t, name, { documentation: true });
    },
  },
  'a topic that has none of its own': {
    differs: [KEPT_FOR_EVER],
    run: async (t) => {
      const name = t.name('set');
      await newTopic(t, name);
      await describe(t, name, { synonyms: true });
    },
  },
  'values as they are understood, not as they are written': async (t) => {
    const name = t.name('set');
    await newTopic(t, name, 1, {
      'retention.ms': '+5',
      'max.message.bytes': ' 007 ',
      'cleanup.policy': 'delete, compact,delete',
      'min.cleanable.dirty.ratio': '1',
      preallocate: 'TRUE',
    });
    await describe(t, name);
  },
  'a broker, as far as both have a setting': async (t) => {
    const name = '1';
    await t.ask(asking(name, { type: BROKER, keys: OF_BROKERS, synonyms: true }), { only: kinds });
  },
  'some settings, known and not': async (t) => {
    await describe(t, LIBRARY, { keys: ['retention.ms', 'no.such.setting', 'flush.ms'] });
    await describe(t, LIBRARY, { keys: ['segment.ms', 'segment.ms'] });
    await describe(t, LIBRARY, { keys: [] });
    await describe(t, LIBRARY, { keys: ['no.such.setting'] });
  },
  'unknown topics, and names that no topic can have': async (t) => {
    for (const name of [t.name('nobody'), '', 'a/b', '.']) await describe(t, name);
  },
  'kinds of things that do not exist': async (t) => {
    for (const type of [0, 1, 3, 7, -1, 99]) await describe(t, LIBRARY, { type });
  },
  'brokers that do not exist': async (t) => {
    for (const name of ['99', 'one', '-1', '1.0']) await describe(t, name, { type: BROKER });
  },
  'the same topic twice': async (t) => {
    const [resource] = asking(LIBRARY, { keys: ['retention.ms'] }).resources;
    await t.ask({ resources: [resource, resource] }, { only: common });
  },
  'one that is there and one that is not': async (t) => {
    const resources = [LIBRARY, t.name('nobody')].flatMap((name) => asking(name, { keys: ['retention.ms'] }).resources);
    await t.ask({ resources }, { only: common });
  },
  'nothing at all': (t) => t.ask({ resources: [] }),
});
