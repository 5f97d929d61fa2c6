/** How long topics keep their records, by their own settings and by the cluster's (DescribeConfigs). */
import { type Limit, type LimitSetting, limitSetting, type TopicRetention } from '../../shared/topicStorage';
import { type BrokerAddress, type BrokerConnection, exchange, newestVersion, protocolError } from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import { INCREMENTAL_ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS_VERSIONS, TOPIC_RESOURCE } from './configChange';
import { KafkaError } from './kafkaError';

const DESCRIBE_CONFIGS = 32;
/** Those that kafkajs has; 0 tells no default. */
const VERSIONS = [0, 1, 2];
/** Number of DescribeConfigsResponse.ConfigSource (KIP-226). */
const TOPIC_CONFIG = 1;
/** Number of ConfigResource.Type. */
const BROKER_RESOURCE = 4;
const UNKNOWN_TOPIC = 3;
const DENIED = new Set([29, 31]);
const ASK_WITHIN_MS = 5_000;

/** The first that has a value holds where a topic has none of its own; its unit in ms. */
const DEFAULT_AGES: readonly (readonly [string, number])[] = [
  ['log.retention.ms', 1],
  ['log.retention.minutes', 60_000],
  ['log.retention.hours', 3_600_000],
];
const NAMES = ['retention.ms', 'retention.bytes', 'cleanup.policy', 'segment.ms', 'segment.bytes'];

export interface ConfigEntry {
  readonly configName: string;
  readonly configValue: string | null;
  readonly configSource: number;
  /** The topic's own value and those behind it, the one that holds first. Absent in version 0. */
  readonly configSynonyms?: readonly {
    readonly configName: string;
    readonly configValue: string | null;
    readonly configSource: number;
  }[];
}

interface DescribeConfigsResponse {
  readonly resources: readonly {
    readonly errorCode: number;
    readonly resourceType: number;
    readonly resourceName: string;
    readonly configEntries: readonly ConfigEntry[];
  }[];
}

/** Of these topics; one that is gone is absent. Asks one broker after the other until one answers. */
export async function topicRetentions(
  cluster: ClusterConnections,
  brokers: readonly BrokerAddress[],
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicRetention>> {
  let failure: unknown;
  for (const { nodeId } of brokers) {
    try {
      return await cluster.askBroker(nodeId, (broker) => askRetentions(broker, nodeId, topics));
    } catch (error) {
      failure = error;
    }
  }
  throw failure ?? new KafkaError('CONNECTION', 'No broker answers.', 'Wait until one is back.', true);
}

async function askRetentions(
  broker: BrokerConnection,
  nodeId: number,
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicRetention>> {
  if (newestVersion(broker, DESCRIBE_CONFIGS, VERSIONS) < 0) {
    return new Map(topics.map((name) => [name, { kind: 'unsupported' }]));
  }
  const resources = [
    // Apache Kafka names the default age of a topic only when it is log.retention.ms that sets it.
    { type: BROKER_RESOURCE, name: String(nodeId), configNames: DEFAULT_AGES.map(([name]) => name) },
    ...topics.map((name) => ({ type: TOPIC_RESOURCE, name, configNames: NAMES })),
  ];
  const request = { resources, includeSynonyms: true };
  const answer = (await exchange(broker, 'DescribeConfigs', request, ASK_WITHIN_MS)) as DescribeConfigsResponse;
  const changeable = newestVersion(broker, INCREMENTAL_ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS_VERSIONS) >= 0;
  const ofBroker = answer.resources.find(({ resourceType }) => resourceType === BROKER_RESOURCE);
  const defaultMs = readDefaultAge(ofBroker?.configEntries ?? []);
  const found = new Map<string, TopicRetention>();
  for (const { errorCode, resourceType, resourceName, configEntries } of answer.resources) {
    if (resourceType !== TOPIC_RESOURCE || errorCode === UNKNOWN_TOPIC) continue;
    if (DENIED.has(errorCode)) found.set(resourceName, { kind: 'denied' });
    else if (errorCode !== 0) throw protocolError(errorCode);
    else found.set(resourceName, readRetention(configEntries, defaultMs, changeable));
  }
  return found;
}

/** undefined: this user may not ask, or nothing is told. */
export function readDefaultAge(ofBroker: readonly ConfigEntry[]): Limit | undefined {
  for (const [name, unit] of DEFAULT_AGES) {
    const value = readLimit(ofBroker.find(({ configName }) => configName === name)?.configValue, unit);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** @param defaultMs where the topic's own entries do not tell it */
export function readRetention(
  entries: readonly ConfigEntry[],
  defaultMs: Limit | undefined,
  changeable: boolean,
): TopicRetention {
  const byName = new Map(entries.map((entry) => [entry.configName, entry]));
  const ms = readSetting(byName.get('retention.ms'), defaultMs);
  const bytes = readSetting(byName.get('retention.bytes'), undefined);
  const policies = byName.get('cleanup.policy')?.configValue?.split(',') ?? null;
  if (ms === null || bytes === null || policies === null) return { kind: 'unsupported' };
  const policy = (name: string) => policies.some((one) => one.trim() === name);
  return {
    kind: 'known',
    ms,
    bytes,
    deletes: policy('delete'),
    compacts: policy('compact'),
    segmentMs: readLimit(byName.get('segment.ms')?.configValue) ?? null,
    segmentBytes: readLimit(byName.get('segment.bytes')?.configValue) ?? null,
    changeable,
  };
}

function readSetting(entry: ConfigEntry | undefined, otherwise: Limit | undefined): LimitSetting | null {
  const value = readLimit(entry?.configValue);
  if (entry === undefined || value === undefined) return null;
  const own = entry.configSource === TOPIC_CONFIG;
  const behind = entry.configSynonyms?.find(({ configSource }) => configSource !== TOPIC_CONFIG);
  const told = readLimit(behind?.configValue);
  const ofCluster = told === undefined ? otherwise : told;
  const fallback = own ? ofCluster : value;
  return limitSetting.parse({ value, own, ...(fallback !== undefined && { fallback }) });
}

/** null: no limit, as for -1, and for what is beyond exact numbers (285,000 years); undefined: no number at all. */
function readLimit(text: string | null | undefined, unit = 1): number | null | undefined {
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return undefined;
  const value = Number(text) * unit;
  return value < 0 || value > Number.MAX_SAFE_INTEGER ? null : value;
}
