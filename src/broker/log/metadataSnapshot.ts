/**
 * What a compacted journal is made of. It is taken in one moment, by reference, and written down bit by bit while the state
 * goes on to change: what it refers to never does.
 */
import type { CommittedOffsets } from './committedOffsets.ts';
import type { JournalEntry } from './journal.ts';
import {
  type Change,
  type CommittedOffset,
  EntryType,
  type GroupRecord,
  serialize,
  type TopicRecord,
} from './metadataChange.ts';
import type { PartitionPoints } from './partitionPoints.ts';
import type { PendingOffset } from './pendingOffsets.ts';
import type { TransactionRecord } from './transactionRecord.ts';

export interface Snapshot {
  readonly changes: readonly Change[];
  readonly topics: readonly TopicRecord[];
  readonly transactions: readonly TransactionRecord[];
  readonly groups: readonly GroupSnapshot[];
  readonly pending: readonly PendingOffset[];
}

interface GroupSnapshot {
  readonly description: GroupRecord;
  readonly offsets: readonly CommittedOffset[];
}

export function snapshotGroups(committed: CommittedOffsets): GroupSnapshot[] {
  return [...committed.entries()].map(([group, { protocolType, generation, emptySince }]) => ({
    description: { group, protocolType, generation, emptySince },
    offsets: [...committed.all(group)],
  }));
}

/**
 * The shortest journal that leads there.
 *
 * @param points may be newer than the rest: the entries that have brought them there follow, and set them once more
 */
export function* entriesOf(snapshot: Snapshot, points: PartitionPoints): Generator<JournalEntry> {
  for (const change of snapshot.changes) yield serialize(change);
  for (const topic of snapshot.topics) {
    yield serialize({ type: EntryType.TOPIC_CREATED, ...topic });
    for (const change of points.changes(topic)) yield serialize(change);
  }
  for (const transaction of snapshot.transactions) yield serialize({ type: EntryType.TRANSACTION, ...transaction });
  for (const { description, offsets } of snapshot.groups) {
    yield serialize({ type: EntryType.GROUP, ...description });
    for (const offset of offsets) {
      yield serialize({ type: EntryType.OFFSET_COMMITTED, group: description.group, ...offset });
    }
  }
  // Behind the offsets of the groups, which would supersede them.
  for (const offset of snapshot.pending) yield serialize({ type: EntryType.TRANSACTION_OFFSET, ...offset });
}
