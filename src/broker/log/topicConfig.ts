/**
 * The settings a topic may have, as Apache Kafka 4 documents them (TopicConfig), with their defaults and types, and
 * what of them this broker acts on. Names it does not know are refused, so that a typing error cannot hide.
 */

import { ConfigType, cleanupPolicy, int32, int64, oneOf, ratio, replicas, trimmed, truth } from './configValue.ts';

export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  readonly defaultValue: string;
  /** The broker's setting that stands in where the topic has none; there is none where Kafka's has no default. */
  readonly brokerName: string | undefined;
  readonly validate: (value: string) => string | undefined;
  readonly about: string;
}

const LONG_MAX = '9223372036854775807';

function define(
  name: string,
  type: ConfigDefinition['type'],
  defaultValue: string,
  brokerName: string | undefined,
  validate: ConfigDefinition['validate'],
  about: string,
): ConfigDefinition {
  return { name, type, defaultValue, brokerName, validate, about };
}

const { BOOLEAN, STRING, INT, LONG, DOUBLE, LIST } = ConfigType;

/** Sorted by name. */
export const TOPIC_CONFIGS: readonly ConfigDefinition[] = [
  define(
    'cleanup.policy',
    LIST,
    'delete',
    'log.cleanup.policy',
    cleanupPolicy,
    'What happens to old records: delete, compact or both.',
  ),
  define(
    'compression.gzip.level',
    INT,
    '-1',
    'compression.gzip.level',
    int32(-1n),
    'Unused: batches stay as their producer sent them.',
  ),
  define(
    'compression.lz4.level',
    INT,
    '9',
    'compression.lz4.level',
    int32(1n),
    'Unused: batches stay as their producer sent them.',
  ),
  define(
    'compression.type',
    STRING,
    'producer',
    'compression.type',
    oneOf('producer'),
    'Only "producer": this broker never compresses anew.',
  ),
  define(
    'compression.zstd.level',
    INT,
    '3',
    'compression.zstd.level',
    int32(-131072n),
    'Unused: batches stay as their producer sent them.',
  ),
  define(
    'delete.retention.ms',
    LONG,
    '86400000',
    'log.cleaner.delete.retention.ms',
    int64(0n),
    'How long a compacted topic keeps its tombstones, in ms.',
  ),
  define(
    'file.delete.delay.ms',
    LONG,
    '60000',
    'log.segment.delete.delay.ms',
    int64(0n),
    'Unused: files are removed at once.',
  ),
  define(
    'flush.messages',
    LONG,
    LONG_MAX,
    'log.flush.interval.messages',
    int64(1n),
    'With 1, an ack waits until the disk has the record.',
  ),
  define('flush.ms', LONG, LONG_MAX, undefined, int64(0n), 'Unused: what is new is synced every second.'),
  define('follower.replication.throttled.replicas', LIST, '', undefined, replicas, 'Unused: there is one broker.'),
  define(
    'index.interval.bytes',
    INT,
    '4096',
    'log.index.interval.bytes',
    int32(0n),
    'Unused: the index lives in memory.',
  ),
  define('leader.replication.throttled.replicas', LIST, '', undefined, replicas, 'Unused: there is one broker.'),
  define(
    'local.retention.bytes',
    LONG,
    '-2',
    'log.local.retention.bytes',
    int64(-2n),
    'Unused: there is no tiered storage.',
  ),
  define('local.retention.ms', LONG, '-2', 'log.local.retention.ms', int64(-2n), 'Unused: there is no tiered storage.'),
  define(
    'max.compaction.lag.ms',
    LONG,
    LONG_MAX,
    'log.cleaner.max.compaction.lag.ms',
    int64(1n),
    'How long a record may stay uncompacted, in ms.',
  ),
  define(
    'max.message.bytes',
    INT,
    '1048588',
    'message.max.bytes',
    int32(0n),
    'The largest batch that is taken, in bytes.',
  ),
  define(
    'message.timestamp.after.max.ms',
    LONG,
    '3600000',
    'log.message.timestamp.after.max.ms',
    int64(0n),
    'How far ahead of the broker a record may be, in ms.',
  ),
  define(
    'message.timestamp.before.max.ms',
    LONG,
    LONG_MAX,
    'log.message.timestamp.before.max.ms',
    int64(0n),
    'How far behind the broker a record may be, in ms.',
  ),
  define(
    'message.timestamp.type',
    STRING,
    'CreateTime',
    'log.message.timestamp.type',
    oneOf('CreateTime', 'LogAppendTime'),
    'Whose clock stamps the records.',
  ),
  define(
    'min.cleanable.dirty.ratio',
    DOUBLE,
    '0.5',
    'log.cleaner.min.cleanable.ratio',
    ratio,
    'Share of uncompacted log that starts a compaction.',
  ),
  define(
    'min.compaction.lag.ms',
    LONG,
    '0',
    'log.cleaner.min.compaction.lag.ms',
    int64(0n),
    'How long a record stays uncompacted, in ms.',
  ),
  define('min.insync.replicas', INT, '1', 'min.insync.replicas', int32(1n), 'Unused: there is one broker.'),
  define('preallocate', BOOLEAN, 'false', 'log.preallocate', truth, 'Unused: files grow as records come.'),
  define('remote.log.copy.disable', BOOLEAN, 'false', undefined, truth, 'Unused: there is no tiered storage.'),
  define('remote.log.delete.on.disable', BOOLEAN, 'false', undefined, truth, 'Unused: there is no tiered storage.'),
  define(
    'remote.storage.enable',
    BOOLEAN,
    'false',
    undefined,
    oneOf('false'),
    'Always false: there is no tiered storage.',
  ),
  define(
    'retention.bytes',
    LONG,
    '-1',
    'log.retention.bytes',
    int64(-1n),
    'Size of a partition above which its oldest segments go; -1 for no limit.',
  ),
  define('retention.ms', LONG, '-1', 'log.retention.ms', int64(-1n), 'Age in ms at which records go; -1 for never.'),
  define('segment.bytes', INT, '1073741824', 'log.segment.bytes', int32(14n), 'Size at which a new file is begun.'),
  define(
    'segment.index.bytes',
    INT,
    '10485760',
    'log.index.size.max.bytes',
    int32(4n),
    'Unused: the index lives in memory.',
  ),
  define('segment.jitter.ms', LONG, '0', undefined, int64(0n), 'Unused: there is one broker.'),
  define('segment.ms', LONG, '604800000', undefined, int64(1n), 'Age of a file in ms at which a new one is begun.'),
  define(
    'unclean.leader.election.enable',
    BOOLEAN,
    'false',
    'unclean.leader.election.enable',
    truth,
    'Unused: there is one broker.',
  ),
];

const byName = new Map(TOPIC_CONFIGS.map((definition) => [definition.name, definition]));

/** What a topic was given of its own; everything else is the default. */
export type TopicOverrides = Readonly<Record<string, string>>;

export function topicConfig(name: string): ConfigDefinition | undefined {
  return byName.get(name);
}

/** A sentence that says what is wrong, or undefined. */
export function checkTopicConfig(name: string, value: string): string | undefined {
  const definition = byName.get(name);
  if (definition === undefined) return `Unknown topic config name: ${name}`;
  const problem = definition.validate(trimmed(definition.type, value));
  return problem === undefined ? undefined : `Invalid value ${value} for configuration ${name}: it ${problem}`;
}

/** The settings that the log acts on, as numbers; Infinity where there is no limit. */
export interface LogSettings {
  readonly maxMessageBytes: number;
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly retentionBytes: number;
  readonly retentionMs: number;
  readonly deletesOldSegments: boolean;
  readonly compacts: boolean;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly minCleanableRatio: number;
  readonly flushMessages: number;
  readonly logAppendTime: boolean;
  readonly timestampAfterMaxMs: number;
  readonly timestampBeforeMaxMs: number;
}

export function logSettings(overrides: TopicOverrides): LogSettings {
  const text = (name: string) => overrides[name] ?? byName.get(name)?.defaultValue ?? '';
  const limit = (name: string) => {
    const value = Number(text(name));
    return value < 0 ? Number.POSITIVE_INFINITY : value;
  };
  const compacts = text('cleanup.policy').includes('compact');
  const maxCompactionLagMs = limit('max.compaction.lag.ms');
  return {
    maxMessageBytes: limit('max.message.bytes'),
    segmentBytes: limit('segment.bytes'),
    // Only a segment that is no longer active is compacted.
    segmentMs: compacts ? Math.min(limit('segment.ms'), maxCompactionLagMs) : limit('segment.ms'),
    retentionBytes: limit('retention.bytes'),
    retentionMs: limit('retention.ms'),
    deletesOldSegments: text('cleanup.policy').includes('delete'),
    compacts,
    deleteRetentionMs: limit('delete.retention.ms'),
    minCompactionLagMs: limit('min.compaction.lag.ms'),
    maxCompactionLagMs,
    minCleanableRatio: limit('min.cleanable.dirty.ratio'),
    flushMessages: limit('flush.messages'),
    logAppendTime: text('message.timestamp.type') === 'LogAppendTime',
    timestampAfterMaxMs: limit('message.timestamp.after.max.ms'),
    timestampBeforeMaxMs: limit('message.timestamp.before.max.ms'),
  };
}
