/** Changes of settings, of all or of some. */
import type { Fields } from '../allowedDifferences.ts';
import { LIBRARY, newTopic } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const [TOPIC, BROKER, BROKER_LOGGER] = [2, 4, 8];
const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3];
const TOPIC_CONFIG = 1;

interface Setting {
  readonly name: string;
  readonly value: string | null;
  readonly configOperation?: number;
}

const setting = (name: string, value: string | null): Setting => ({ name, value });
const change = (configOperation: number | undefined, name: string, value: string | null = null): Setting => ({
  name,
  value,
  configOperation,
});

interface About {
  readonly type?: number;
  readonly validateOnly?: boolean;
}

const alter = (t: Talk, resourceName: string, configs: readonly Setting[], more: About = {}) => {
  const { type: resourceType = TOPIC, validateOnly = false } = more;
  return t.ask({ resources: [{ resourceType, resourceName, configs }], validateOnly });
};

/** What the topic has of its own; Kafka tells it a little later. */
async function settings(t: Talk, name: string, isSettled: (own: Fields) => boolean): Promise<void> {
  const body = { resources: [{ resourceType: TOPIC, resourceName: name, configurationKeys: null }] };
  const ownOf = ({ results }: Fields): Fields => {
    const [{ configs = [] } = {}] = results as readonly { readonly configs?: readonly Fields[] }[];
    const own = configs.filter(({ configSource }) => configSource === TOPIC_CONFIG);
    return Object.fromEntries(own.map((config) => [String(config.name), config.value]));
  };
  await t.until('DescribeConfigs', body, ({ fields }) => isSettled(ownOf(fields)), { only: ownOf });
}

const isEmpty = (own: Fields) => Object.keys(own).length === 0;

/** What both have in common, with the settings put in the form that the API wants. */
const refusals = (inForm: (config: Setting) => Setting) => ({
  'unknown names, and values that cannot be': async (t: Talk) => {
    const name = t.name('set');
    await newTopic(t, name);
    for (const [config, value] of BAD_SETTINGS) await alter(t, name, [inForm(setting(config, value))]);
    await alter(t, name, [inForm(setting('retention.ms', '5')), inForm(setting('no.such.setting', '1'))]);
    await settings(t, name, isEmpty);
  },
  'values at their limits': async (t: Talk) => {
    const name = t.name('set');
    await newTopic(t, name);
    for (const [config, value] of EDGES) {
      await alter(t, name, [inForm(setting(config, value))], { validateOnly: true });
    }
  },
  'the same setting twice': async (t: Talk) => {
    const name = t.name('set');
    await newTopic(t, name);
    await alter(t, name, [inForm(setting('retention.ms', '1')), inForm(setting('retention.ms', '2'))]);
    await settings(t, name, isEmpty);
  },
  'no value': async (t: Talk) => {
    const name = t.name('set');
    await newTopic(t, name);
    await alter(t, name, [inForm(setting('retention.ms', null))]);
    await alter(t, name, [inForm(setting('no.such.setting', null))]);
    await alter(t, name, [inForm(setting('', '1'))]);
  },
  'unknown topics, and names that no topic can have': async (t: Talk) => {
    for (const name of [t.name('nobody'), '', 'a/b']) {
      await alter(t, name, [inForm(setting('retention.ms', '5'))]);
      await alter(t, name, [inForm(setting('no.such.setting', '5'))]);
      await alter(t, name, [inForm(setting('retention.ms', '5'))], { validateOnly: true });
      await alter(t, name, []);
    }
  },
  'one that does and one that does not': async (t: Talk) => {
    const name = t.name('set');
    await newTopic(t, name);
    const configs = [inForm(setting('retention.ms', '77'))];
    const resources = [t.name('nobody'), name].map((resourceName) => ({ resourceType: TOPIC, resourceName, configs }));
    await t.ask({ resources, validateOnly: false });
    await settings(t, name, (own) => own['retention.ms'] === '77');
  },
  'kinds of things that do not exist': async (t: Talk) => {
    for (const type of [0, 1, 3, 7, -1, 99]) await alter(t, LIBRARY, [inForm(setting('retention.ms', '1'))], { type });
  },
  'nothing at all': (t: Talk) => t.ask({ resources: [], validateOnly: false }),
  'settings of the broker that cannot be changed, and brokers that do not exist': async (t: Talk) => {
    for (const config of ['node.id', 'log.dirs']) {
      await alter(t, '1', [inForm(setting(config, '5'))], { type: BROKER, validateOnly: true });
    }
    for (const broker of ['99', 'one', '-1']) {
      await alter(t, broker, [inForm(setting('log.retention.ms', '5'))], { type: BROKER, validateOnly: true });
    }
  },
  'settings of the broker that Kafka can change while it runs, or lets plug-ins have': {
    differs: [{ at: /errorCode|errorMessage/, because: 'nothing of the built-in broker can be changed while it runs' }],
    run: async (t: Talk) => {
      for (const config of ['log.retention.ms', 'no.such.setting']) {
        await alter(t, '1', [inForm(setting(config, '5000000'))], { type: BROKER, validateOnly: true });
      }
    },
  },
});

const BAD_SETTINGS = [
  ['no.such.setting', '1'],
  ['retention.ms', 'soon'],
  ['retention.ms', '-2'],
  ['retention.ms', ''],
  ['retention.ms', '9223372036854775808'],
  ['cleanup.policy', 'burn'],
  ['cleanup.policy', 'delete,none'],
  ['max.message.bytes', '-5'],
  ['max.message.bytes', '2147483648'],
  ['segment.bytes', '13'],
  ['compression.type', 'rar'],
  ['message.timestamp.type', 'createtime'],
  ['min.cleanable.dirty.ratio', '1.5'],
  ['min.cleanable.dirty.ratio', 'half'],
  ['preallocate', 'yes'],
  ['min.insync.replicas', '0'],
  ['flush.messages', '0'],
  ['segment.ms', '0'],
  ['max.compaction.lag.ms', '0'],
  ['min.compaction.lag.ms', '-1'],
  ['unclean.leader.election.enable', '1'],
  ['follower.replication.throttled.replicas', 'some'],
  ['local.retention.ms', '-3'],
] as const;

const EDGES = [
  ['retention.ms', '-1'],
  ['retention.ms', ' 5 '],
  ['retention.ms', '+5'],
  ['retention.ms', '9223372036854775807'],
  ['retention.bytes', '-1'],
  ['max.message.bytes', '0'],
  ['segment.bytes', '1048576'],
  ['segment.ms', '1'],
  ['cleanup.policy', ''],
  ['cleanup.policy', 'delete,delete'],
  ['cleanup.policy', 'delete, compact'],
  ['min.cleanable.dirty.ratio', '1'],
  ['min.cleanable.dirty.ratio', '1e-3'],
  ['preallocate', 'TRUE'],
  ['compression.type', 'producer'],
  ['message.timestamp.type', 'LogAppendTime'],
  ['flush.ms', '0'],
  ['follower.replication.throttled.replicas', '*'],
  ['follower.replication.throttled.replicas', '0:1,1:1'],
] as const;

async function alterTwice(t: Talk): Promise<void> {
  const name = t.name('set');
  await newTopic(t, name);
  const resources = ['1', '2'].map((value) => ({
    resourceType: TOPIC,
    resourceName: name,
    configs: [setting('retention.ms', value)],
  }));
  await t.ask({ resources, validateOnly: false });
  await settings(t, name, isEmpty);
}

export const alterConfigsScenarios = [
  ...about('AlterConfigs', {
    'all settings at once: what is not named goes': async (t) => {
      const name = t.name('set');
      await newTopic(t, name, 1, { 'retention.ms': '1000', 'max.message.bytes': '2000' });
      await alter(t, name, [setting('max.message.bytes', '3000'), setting('segment.ms', '9000')]);
      await settings(t, name, (own) => own['segment.ms'] === '9000');
      await alter(t, name, [setting('segment.ms', '1')], { validateOnly: true });
      await settings(t, name, (own) => own['segment.ms'] === '9000');
      await alter(t, name, []);
      await settings(t, name, isEmpty);
    },
    'the same topic twice': {
      from: 2,
      differs: [{ at: /^1 AlterConfigs/, because: 'Kafka fails inside and never answers' }],
      run: alterTwice,
    },
    'loggers of a broker': (t) =>
      alter(t, '1', [setting('kafka', 'INFO')], { type: BROKER_LOGGER, validateOnly: true }),
    ...refusals((config) => config),
  }),
  ...about('IncrementalAlterConfigs', {
    'one setting after another': async (t) => {
      const name = t.name('set');
      await newTopic(t, name, 1, { 'retention.ms': '1000' });
      await alter(t, name, [change(SET, 'max.message.bytes', '3000')]);
      await settings(t, name, (own) => own['max.message.bytes'] === '3000');
      await alter(t, name, [change(DELETE, 'retention.ms'), change(SET, 'segment.ms', '9000')]);
      await settings(t, name, (own) => own['segment.ms'] === '9000');
      await alter(t, name, [change(SET, 'segment.ms', '1')], { validateOnly: true });
      await alter(t, name, [change(DELETE, 'segment.ms', 'whatever'), change(DELETE, 'flush.ms')]);
      await alter(t, name, []);
      await settings(t, name, (own) => own['segment.ms'] === undefined);
    },
    'lists, in which something is put and taken away': async (t) => {
      const name = t.name('set');
      await newTopic(t, name);
      const isNow = (policy: string) => (own: Fields) => own['cleanup.policy'] === policy;
      await alter(t, name, [change(APPEND, 'cleanup.policy', 'compact')]);
      await settings(t, name, isNow('delete,compact'));
      await alter(t, name, [change(APPEND, 'cleanup.policy', 'compact')]);
      await alter(t, name, [change(SUBTRACT, 'cleanup.policy', 'delete')]);
      await settings(t, name, isNow('compact'));
      await alter(t, name, [change(SUBTRACT, 'cleanup.policy', 'burn')]);
      await alter(t, name, [change(APPEND, 'cleanup.policy', 'burn')]);
      await settings(t, name, isNow('compact'));
      await alter(t, name, [change(SUBTRACT, 'cleanup.policy', 'compact')]);
    },
    'lists of what is no list': async (t) => {
      const name = t.name('set');
      await newTopic(t, name);
      await alter(t, name, [change(APPEND, 'retention.ms', '5')]);
      await alter(t, name, [change(SUBTRACT, 'retention.ms', '5')]);
      await alter(t, name, [change(APPEND, 'no.such.setting', '5')]);
      await alter(t, name, [change(APPEND, 'cleanup.policy', null)]);
      await alter(t, name, [change(APPEND, 'cleanup.policy', '')]);
    },
    'a setting that does not exist goes': async (t) => {
      const name = t.name('set');
      await newTopic(t, name);
      await alter(t, name, [change(DELETE, 'no.such.setting')]);
    },
    'operations that do not exist': {
      differs: [{ at: /errorCode/, because: 'Kafka fails inside; here it is told what is wrong' }],
      run: async (t) => {
        const name = t.name('set');
        await newTopic(t, name);
        for (const operation of [4, -1, 99]) await alter(t, name, [change(operation, 'retention.ms', '5')]);
      },
    },
    'the same topic twice': alterTwice,
    'loggers of a broker': {
      differs: [{ at: /errorCode|errorMessage/, because: 'the built-in broker has no loggers' }],
      run: (t) => alter(t, '1', [change(SET, 'kafka', 'INFO')], { type: BROKER_LOGGER, validateOnly: true }),
    },
    'set and taken back in one request': async (t) => {
      const name = t.name('set');
      await newTopic(t, name);
      await alter(t, name, [change(SET, 'retention.ms', '5'), change(DELETE, 'retention.ms')]);
    },
    'lags of compaction that contradict each other': async (t) => {
      const name = t.name('set');
      await newTopic(t, name);
      await alter(t, name, [change(SET, 'min.compaction.lag.ms', '50'), change(SET, 'max.compaction.lag.ms', '40')]);
      await alter(t, name, [change(SET, 'max.compaction.lag.ms', '40')]);
      await alter(t, name, [change(SET, 'min.compaction.lag.ms', '50')]);
    },
    ...refusals((config) => ({ ...config, configOperation: SET })),
  }),
];
