/** The journal's entries: every change to what is small and outlives the process. */
import type { JournalEntry } from './journal.ts';
import type { PendingOffset } from './pendingOffsets.ts';
import type { TopicOverrides } from './topicConfig.ts';
import type { TransactionRecord } from './transactionRecord.ts';

/** The numbers are on disk: never change one, only add. */
export const EntryType = {
  CLUSTER: 1,
  TOPIC_CREATED: 2,
  TOPIC_DELETED: 3,
  OFFSET_COMMITTED: 4,
  GROUP: 5,
  GROUP_DELETED: 6,
  PRODUCER_IDS: 7,
  RECOVERY_POINT: 8,
  TOPIC_REMOVED: 9,
  TRANSACTION: 20,
  TRANSACTION_EXPIRED: 21,
  TRANSACTION_OFFSET: 22,
  TOPIC_CONFIGURED: 30,
  PARTITIONS_ADDED: 31,
  LOG_START: 32,
  OFFSETS_DELETED: 33,
  CLEANED_TO: 34,
} as const;

export interface TopicRecord {
  readonly id: string;
  readonly name: string;
  readonly partitions: number;
  readonly overrides: TopicOverrides;
}

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  /** As the client gave it: also -1 or -2, which kafkajs commits literally. */
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Milliseconds since 1970. */
  readonly committedAt: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface GroupRecord {
  readonly group: string;
  readonly protocolType: string;
  readonly generation: number;
  /** When it lost its last member, in ms; journals of before there was this are without it. */
  readonly emptySince?: number | undefined;
}

export type Change =
  | { readonly type: typeof EntryType.CLUSTER; readonly clusterId: string }
  | ({ readonly type: typeof EntryType.TOPIC_CREATED } & TopicRecord)
  | { readonly type: typeof EntryType.TOPIC_DELETED; readonly id: string }
  | { readonly type: typeof EntryType.TOPIC_REMOVED; readonly id: string }
  | ({ readonly type: typeof EntryType.OFFSET_COMMITTED; readonly group: string } & CommittedOffset)
  | ({ readonly type: typeof EntryType.GROUP } & GroupRecord)
  | { readonly type: typeof EntryType.GROUP_DELETED; readonly group: string }
  | { readonly type: typeof EntryType.PRODUCER_IDS; readonly next: number }
  | {
      readonly type: typeof EntryType.RECOVERY_POINT | typeof EntryType.LOG_START | typeof EntryType.CLEANED_TO;
      readonly id: string;
      readonly partition: number;
      readonly offset: number;
    }
  | { readonly type: typeof EntryType.TOPIC_CONFIGURED; readonly id: string; readonly overrides: TopicOverrides }
  | { readonly type: typeof EntryType.PARTITIONS_ADDED; readonly id: string; readonly partitions: number }
  | {
      readonly type: typeof EntryType.OFFSETS_DELETED;
      readonly group: string;
      readonly offsets: readonly TopicPartition[];
    }
  | ({ readonly type: typeof EntryType.TRANSACTION } & TransactionRecord)
  | { readonly type: typeof EntryType.TRANSACTION_EXPIRED; readonly transactionalId: string }
  | ({ readonly type: typeof EntryType.TRANSACTION_OFFSET } & PendingOffset);

export function serialize(change: Change): JournalEntry {
  const { type, ...rest } = change;
  return { type, payload: Buffer.from(JSON.stringify(rest)) };
}

/** The checksum has held, so this is what serialize() wrote. */
export function parse(entry: JournalEntry): Change {
  return { type: entry.type, ...JSON.parse(entry.payload.toString('utf8')) } as Change;
}
