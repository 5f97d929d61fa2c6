/** What a topic takes on the disks of a cluster, and how long its records are kept: as the cluster tells it. */
import { z } from 'zod';

/** Milliseconds (retention.ms), or bytes of each partition (retention.bytes). null: no limit. */
export const limit = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable();
export type Limit = z.infer<typeof limit>;

export const limitSetting = z.object({
  /** What holds. */
  value: limit,
  /** The topic has it of its own; else it is the cluster's default. */
  own: z.boolean(),
  /** What would hold if the topic had none of its own; absent where the cluster does not tell. */
  fallback: limit.optional(),
});
export type LimitSetting = z.infer<typeof limitSetting>;

/** Why something is not known. `unsupported`: the cluster is too old to tell; `denied`: this user may not ask. */
const untold = z.object({ kind: z.enum(['unsupported', 'denied', 'away']) });
export type Untold = z.infer<typeof untold>;

export const topicRetention = z.union([
  z.object({
    kind: z.literal('known'),
    ms: limitSetting,
    bytes: limitSetting,
    /** cleanup.policy: whether old records are deleted, and whether only the last record of a key is kept. */
    deletes: z.boolean(),
    compacts: z.boolean(),
    /** A partition begins a new file after so long, or so many bytes; only whole files are deleted. null: not told. */
    segmentMs: limit,
    segmentBytes: limit,
    /** The cluster can change single settings (IncrementalAlterConfigs, Kafka 2.3 and newer). */
    changeable: z.boolean(),
  }),
  untold,
]);
export type TopicRetention = z.infer<typeof topicRetention>;
export type KnownRetention = Extract<TopicRetention, { kind: 'known' }>;

export const diskUse = z.union([
  z.object({
    kind: z.literal('known'),
    /** Over all replicas of all partitions that were found. */
    bytes: z.number(),
    /** The largest replica of any partition. */
    largest: z.number(),
    /** Replicas that were found, and those that should be there and were not: their brokers or disks are away. */
    replicas: z.number().int(),
    missing: z.number().int(),
  }),
  untold,
]);
export type DiskUse = z.infer<typeof diskUse>;

/** Known for the topics in view only. */
export const topicStorage = z.object({
  name: z.string(),
  disk: diskUse,
  retention: topicRetention,
});
export type TopicStorage = z.infer<typeof topicStorage>;

/** What a setting is to become: the cluster's default again, or a value of the topic's own. */
export const limitChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('default') }),
  z.object({ kind: z.literal('own'), value: limit }),
]);
export type LimitChange = z.infer<typeof limitChange>;

export const retentionChange = z.object({ ms: limitChange, bytes: limitChange });
export type RetentionChange = z.infer<typeof retentionChange>;

/** Records of a topic, and how many of them came before some time. */
export const recordsBefore = z.object({ records: z.number().int(), before: z.number().int() });
export type RecordsBefore = z.infer<typeof recordsBefore>;
