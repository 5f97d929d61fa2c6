/**
 * What the broker lets its clients take, all of them together or one by one, so that none of them can take everything.
 * Sizes are bytes, times milliseconds; each is an option of the command line.
 */
export interface BrokerLimits {
  readonly maxConnections: number;
  readonly maxIdleMs: number;
  readonly maxRequestBytes: number;
  readonly maxUnfinishedBytes: number;
  readonly maxInFlight: number;
  readonly maxParkedBytes: number;
  readonly maxUnsentBytes: number;
  readonly maxUnsentTotalBytes: number;
  readonly maxStalledMs: number;
  readonly maxGroups: number;
  readonly maxGroupMembers: number;
  readonly maxGroupBytes: number;
  readonly maxOffsetBytes: number;
  readonly offsetsRetentionMinutes: number;
  readonly maxTopics: number;
  readonly maxPartitions: number;
}

export interface LimitSetting {
  /** Without its two dashes. */
  readonly option: string;
  readonly standard: number;
  readonly least: number;
  readonly meaning: string;
}

const MIB = 1 << 20;
/** Timers hold no more, and no other limit needs more. */
export const GREATEST_LIMIT = 0x7fff_ffff;

export const LIMIT_SETTINGS: Readonly<Record<keyof BrokerLimits, LimitSetting>> = {
  maxConnections: {
    option: 'max-connections',
    standard: 500,
    least: 1,
    meaning: 'connections at a time; a further one is closed at once',
  },
  maxIdleMs: {
    option: 'max-idle-ms',
    standard: 600_000,
    least: 100,
    meaning: 'ms after which a connection on which nothing happens is closed (connections.max.idle.ms)',
  },
  maxRequestBytes: {
    option: 'max-request-bytes',
    standard: 100 * MIB,
    least: 1024,
    meaning: 'bytes of one request; a larger one closes its connection (socket.request.max.bytes)',
  },
  maxUnfinishedBytes: {
    option: 'max-unfinished-bytes',
    standard: 256 * MIB,
    least: 1024,
    meaning: 'bytes of requests that have come in part, all together; beyond, who holds the most is closed',
  },
  maxInFlight: {
    option: 'max-in-flight',
    standard: 64,
    least: 1,
    meaning: 'requests of one connection that wait for their answers; its next ones are not read before',
  },
  maxParkedBytes: {
    option: 'max-parked-bytes',
    standard: 128 * MIB,
    least: 1024,
    meaning:
      'bytes of requests that wait for their answers, all together; beyond, the fetches of who holds the most are answered at once, else it is closed',
  },
  maxUnsentBytes: {
    option: 'max-unsent-bytes',
    standard: 4 * MIB,
    least: 1024,
    meaning: 'bytes of answers that one client has not read; its next requests are not read before',
  },
  maxUnsentTotalBytes: {
    option: 'max-unsent-total-bytes',
    standard: 256 * MIB,
    least: 1024,
    meaning: 'the same, all together; the fuller, the less each fetch brings',
  },
  maxStalledMs: {
    option: 'max-stalled-ms',
    standard: 30_000,
    least: 100,
    meaning: 'ms after which a client is closed that has too much to read and reads nothing',
  },
  maxGroups: {
    option: 'max-groups',
    standard: 10_000,
    least: 1,
    meaning: 'consumer groups; error POLICY_VIOLATION',
  },
  maxGroupMembers: {
    option: 'max-group-members',
    standard: 1000,
    least: 1,
    meaning: 'members of one group; error GROUP_MAX_SIZE_REACHED (group.max.size)',
  },
  maxGroupBytes: {
    option: 'max-group-bytes',
    standard: 64 * MIB,
    least: 1024,
    meaning: 'bytes of the subscriptions and assignments of all members; error GROUP_MAX_SIZE_REACHED',
  },
  maxOffsetBytes: {
    option: 'max-offset-bytes',
    standard: 64 * MIB,
    least: 1024,
    meaning: 'bytes of the offsets that all groups have committed; error INVALID_COMMIT_OFFSET_SIZE',
  },
  offsetsRetentionMinutes: {
    option: 'offsets-retention-minutes',
    standard: 7 * 24 * 60,
    least: 1,
    meaning:
      'minutes after which the offsets of a group go that has no members any more, or each after its commit where there never were any (offsets.retention.minutes)',
  },
  maxTopics: {
    option: 'max-topics',
    standard: 10_000,
    least: 1,
    meaning: 'topics; error POLICY_VIOLATION',
  },
  maxPartitions: {
    option: 'max-partitions',
    standard: 50_000,
    least: 1,
    meaning: 'partitions of all topics; error POLICY_VIOLATION',
  },
};

/** Every limit with what `value` gives for it. */
export function limitsOf(value: (setting: LimitSetting) => number): BrokerLimits {
  const names = Object.keys(LIMIT_SETTINGS) as (keyof BrokerLimits)[];
  return Object.fromEntries(names.map((name) => [name, value(LIMIT_SETTINGS[name])])) as Record<
    keyof BrokerLimits,
    number
  >;
}

export const STANDARD_LIMITS: BrokerLimits = limitsOf(({ standard }) => standard);
