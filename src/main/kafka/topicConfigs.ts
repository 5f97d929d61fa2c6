/** How long topics keep their records, by their settings and the cluster's (DescribeConfigs). */
import { type LimitSetting, limitSetting, type TopicRetention } from '../../shared/topicStorage';
import { exchange, newestVersion, protocolError } from './brokerConnection';
import type { ClusterConnections } from './clusterConnections';
import { INCREMENTAL_ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS_VERSIONS, TOPIC_RESOURCE } from './configChange';

const DESCRIBE_CONFIGS = 32;
/** Those that kafkajs has; 0 tells no default. */
const VERSIONS = [0, 1, 2];
/** Number of DescribeConfigsResponse.ConfigSource (KIP-226). */
const TOPIC_CONFIG = 1;
const UNKNOWN_TOPIC = 3;
const DENIED = new Set([29, 31]);
const ASK_WITHIN_MS = 5_000;

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
    readonly resourceName: string;
    readonly configEntries: readonly ConfigEntry[];
  }[];
}

/** Of these topics; one that is gone is absent. */
export async function topicRetentions(
  cluster: ClusterConnections,
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicRetention>> {
  const resources = topics.map((name) => ({ type: TOPIC_RESOURCE, name, configNames: NAMES }));
  const answer = await cluster.ask(async (broker) => {
    if (newestVersion(broker, DESCRIBE_CONFIGS, VERSIONS) < 0) return null;
    const request = { resources, includeSynonyms: true };
    const response = (await exchange(broker, 'DescribeConfigs', request, ASK_WITHIN_MS)) as DescribeConfigsResponse;
    const changeable = newestVersion(broker, INCREMENTAL_ALTER_CONFIGS, INCREMENTAL_ALTER_CONFIGS_VERSIONS) >= 0;
    return { response, changeable };
  });
  if (answer === null) return new Map(topics.map((name) => [name, { kind: 'unsupported' }]));
  const found = new Map<string, TopicRetention>();
  for (const { errorCode, resourceName, configEntries } of answer.response.resources) {
    if (errorCode === UNKNOWN_TOPIC) continue;
    if (DENIED.has(errorCode)) found.set(resourceName, { kind: 'denied' });
    else if (errorCode !== 0) throw protocolError(errorCode);
    else found.set(resourceName, readRetention(configEntries, answer.changeable));
  }
  return found;
}

export function readRetention(entries: readonly ConfigEntry[], changeable: boolean): TopicRetention {
  const byName = new Map(entries.map((entry) => [entry.configName, entry]));
  const ms = readSetting(byName.get('retention.ms'));
  const bytes = readSetting(byName.get('retention.bytes'));
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

function readSetting(entry: ConfigEntry | undefined): LimitSetting | null {
  const value = readLimit(entry?.configValue);
  if (entry === undefined || value === undefined) return null;
  const own = entry.configSource === TOPIC_CONFIG;
  const behind = entry.configSynonyms?.find(({ configSource }) => configSource !== TOPIC_CONFIG);
  const fallback = own ? behind && readLimit(behind.configValue, unitOf(behind.configName)) : value;
  return limitSetting.parse({ value, own, ...(fallback !== undefined && { fallback }) });
}

/** The brokers' own settings of the same meaning come in other units too: log.retention.hours, log.retention.minutes. */
function unitOf(name: string): number {
  if (name.endsWith('.hours')) return 3_600_000;
  return name.endsWith('.minutes') ? 60_000 : 1;
}

/** null: no limit, as for -1, and for what is beyond exact numbers (285,000 years); undefined: no number at all. */
function readLimit(text: string | null | undefined, unit = 1): number | null | undefined {
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text)) return undefined;
  const value = Number(text) * unit;
  return value < 0 || value > Number.MAX_SAFE_INTEGER ? null : value;
}
