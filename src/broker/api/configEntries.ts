/** Configurations as DescribeConfigs and CreateTopics give them: complete, sorted by name, with their synonyms. */
import type { BrokerState } from '../brokerState.ts';
import { NODE_ID } from '../brokerState.ts';
import { ConfigType, plainValue } from '../log/configValue.ts';
import { TOPIC_CONFIGS, type TopicOverrides } from '../log/topicConfig.ts';

/** Numbers of ConfigResource.Type. */
export const TOPIC_RESOURCE = 2;
export const BROKER_RESOURCE = 4;

/** Numbers of DescribeConfigsResponse.ConfigSource (KIP-226). */
const TOPIC_CONFIG = 1;
const STATIC_BROKER_CONFIG = 4;
const DEFAULT_CONFIG = 5;

export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly { name: string; value: string; source: number }[];
  readonly configType: number;
  readonly documentation: string;
}

export function describeTopicConfigs(overrides: TopicOverrides): ConfigEntry[] {
  return TOPIC_CONFIGS.map(({ name, type, defaultValue, brokerName, about }) => {
    const given = overrides[name];
    const override = given === undefined ? undefined : plainValue(type, given);
    const own = override === undefined ? [] : [{ name, value: override, source: TOPIC_CONFIG }];
    const broker = brokerName === undefined ? [] : [{ name: brokerName, value: defaultValue, source: DEFAULT_CONFIG }];
    return {
      name,
      value: override ?? defaultValue,
      readOnly: false,
      configSource: override === undefined ? DEFAULT_CONFIG : TOPIC_CONFIG,
      isSensitive: false,
      synonyms: [...own, ...broker],
      configType: type,
      documentation: about,
    };
  });
}

/** The broker's own settings: nothing of them can be changed while it runs. */
export function describeBrokerConfigs(broker: BrokerState): ConfigEntry[] {
  const entry = (name: string, value: string, configType: number, source: number, documentation: string) => ({
    name,
    value,
    readOnly: true,
    configSource: source,
    isSensitive: false,
    synonyms: [{ name, value, source }],
    configType,
    documentation,
  });
  const address = `PLAINTEXT://${broker.host}:${broker.port}`;
  const entries = [
    entry('advertised.listeners', address, ConfigType.LIST, STATIC_BROKER_CONFIG, 'What clients are given.'),
    entry('auto.create.topics.enable', 'true', ConfigType.BOOLEAN, DEFAULT_CONFIG, 'Asking for a topic creates it.'),
    entry('broker.id', String(NODE_ID), ConfigType.INT, STATIC_BROKER_CONFIG, 'The one node.'),
    entry('default.replication.factor', '1', ConfigType.INT, DEFAULT_CONFIG, 'There is one broker.'),
    entry('listeners', address, ConfigType.LIST, STATIC_BROKER_CONFIG, 'Where the broker listens: this machine only.'),
    entry('node.id', String(NODE_ID), ConfigType.INT, STATIC_BROKER_CONFIG, 'The one node.'),
    entry(
      'num.partitions',
      String(broker.defaultPartitions),
      ConfigType.INT,
      STATIC_BROKER_CONFIG,
      'Partitions of a topic that is created without a count.',
    ),
    entry('offset.metadata.max.bytes', '4096', ConfigType.INT, DEFAULT_CONFIG, 'Longest note beside an offset.'),
    entry('socket.request.max.bytes', '104857600', ConfigType.INT, DEFAULT_CONFIG, 'Largest request, in bytes.'),
  ];
  for (const { brokerName, defaultValue, type, about } of TOPIC_CONFIGS) {
    if (brokerName !== undefined) entries.push(entry(brokerName, defaultValue, type, DEFAULT_CONFIG, about));
  }
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}
