/**
 * Everything small that outlives the process: topics, committed offsets, producer ids, transactions, recovery points. The
 * state in memory is what the journal's entries amount to: each change is written first, then applied.
 */
import { randomBytes } from 'node:crypto';
import type { FileSystem } from './fileSystem.ts';
import { Journal, type JournalEntry } from './journal.ts';
import { type PendingOffset, PendingOffsets } from './pendingOffsets.ts';
import type { TopicOverrides } from './topicConfig.ts';
import type { TransactionRecord } from './transactionRecord.ts';

/** The numbers are on disk: never change one, only add. */
const EntryType = {
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

export interface GroupRecord {
  readonly group: string;
  readonly protocolType: string;
  readonly generation: number;
}

type Change =
  | { readonly type: typeof EntryType.CLUSTER; readonly clusterId: string }
  | ({ readonly type: typeof EntryType.TOPIC_CREATED } & TopicRecord)
  | { readonly type: typeof EntryType.TOPIC_DELETED; readonly id: string }
  | { readonly type: typeof EntryType.TOPIC_REMOVED; readonly id: string }
  | ({ readonly type: typeof EntryType.OFFSET_COMMITTED; readonly group: string } & CommittedOffset)
  | ({ readonly type: typeof EntryType.GROUP } & GroupRecord)
  | { readonly type: typeof EntryType.GROUP_DELETED; readonly group: string }
  | { readonly type: typeof EntryType.PRODUCER_IDS; readonly next: number }
  | {
      readonly type: typeof EntryType.RECOVERY_POINT;
      readonly id: string;
      readonly partition: number;
      readonly offset: number;
    }
  | ({ readonly type: typeof EntryType.TRANSACTION } & TransactionRecord)
  | { readonly type: typeof EntryType.TRANSACTION_EXPIRED; readonly transactionalId: string }
  | ({ readonly type: typeof EntryType.TRANSACTION_OFFSET } & PendingOffset);

interface StoredGroup {
  protocolType: string;
  generation: number;
  offsets: Map<string, CommittedOffset>;
}

/** Producer ids are handed out from blocks, so that not every new producer costs a write. */
const PRODUCER_ID_BLOCK = 1000;
/** Below this size the journal is never compacted. */
const COMPACT_FROM_BYTES = 1 << 20;

function offsetKey(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}

export class MetadataStore {
  clusterId = '';
  readonly topics = new Map<string, TopicRecord>();
  /** Ids of deleted topics whose files may still be there. */
  readonly deletedTopicIds = new Set<string>();
  readonly groups = new Map<string, StoredGroup>();
  readonly transactions = new Map<string, TransactionRecord>();
  private readonly pendingOffsets = new PendingOffsets();
  private readonly recoveryPoints = new Map<string, number>();
  private nextProducerId = 0;
  private producerIdLimit = 0;
  private compactAt = COMPACT_FROM_BYTES;
  private readonly journal: Journal;

  constructor(
    fileSystem: FileSystem,
    folder: string,
    private readonly onDirty: () => void = () => {},
  ) {
    this.journal = new Journal(fileSystem, folder, (entry) => this.apply(parse(entry)));
    this.nextProducerId = this.producerIdLimit;
    this.compactAt = Math.max(COMPACT_FROM_BYTES, this.journal.sizeInBytes * 2);
    if (this.clusterId === '') {
      this.change([{ type: EntryType.CLUSTER, clusterId: randomBytes(16).toString('base64url') }]);
    }
  }

  /** Bytes of the journal that had to be cut off at start. */
  get cutBytes(): number {
    return this.journal.cutBytes;
  }

  createTopic(topic: TopicRecord): void {
    this.change([{ type: EntryType.TOPIC_CREATED, ...topic }]);
  }

  /** With the offsets that groups have committed to it. */
  deleteTopic(id: string): void {
    this.change([{ type: EntryType.TOPIC_DELETED, id }]);
  }

  /** The files of a deleted topic are gone. */
  topicRemoved(id: string): void {
    this.change([{ type: EntryType.TOPIC_REMOVED, id }]);
  }

  commitOffsets(group: string, offsets: readonly CommittedOffset[]): void {
    this.change(offsets.map((offset) => ({ type: EntryType.OFFSET_COMMITTED, group, ...offset })));
  }

  saveGroup(group: GroupRecord): void {
    this.change([{ type: EntryType.GROUP, ...group }]);
  }

  deleteGroup(group: string): void {
    this.change([{ type: EntryType.GROUP_DELETED, group }]);
  }

  committedOffset(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(group)?.offsets.get(offsetKey(topic, partition));
  }

  /** Whether a transaction that has not ended has an offset for this partition. */
  hasPendingOffset(group: string, topic: string, partition: number): boolean {
    return this.pendingOffsets.has(group, topic, partition);
  }

  /** They become the group's when the producer's transaction is saved as CompleteCommit, and go with CompleteAbort. */
  commitOffsetsInTransaction(producerId: number, group: string, offsets: readonly CommittedOffset[]): void {
    const type = EntryType.TRANSACTION_OFFSET;
    this.change(offsets.map((offset) => ({ type, producerId, group, superseded: false, ...offset })));
  }

  saveTransaction(transaction: TransactionRecord): void {
    this.change([{ type: EntryType.TRANSACTION, ...transaction }]);
  }

  expireTransaction(transactionalId: string): void {
    this.change([{ type: EntryType.TRANSACTION_EXPIRED, transactionalId }]);
  }

  takeProducerId(): number {
    if (this.nextProducerId >= this.producerIdLimit) {
      this.change([{ type: EntryType.PRODUCER_IDS, next: this.nextProducerId + PRODUCER_ID_BLOCK }]);
    }
    this.nextProducerId += 1;
    return this.nextProducerId - 1;
  }

  recoveryPoint(id: string, partition: number): number {
    return this.recoveryPoints.get(offsetKey(id, partition)) ?? 0;
  }

  saveRecoveryPoint(id: string, partition: number, offset: number): void {
    if (this.recoveryPoint(id, partition) === offset) return;
    this.change([{ type: EntryType.RECOVERY_POINT, id, partition, offset }]);
  }

  sync(): void {
    this.journal.sync();
  }

  syncLater(): Promise<void> {
    return this.journal.syncLater();
  }

  close(): void {
    this.journal.close();
  }

  private change(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.journal.append(changes.map(serialize));
    for (const change of changes) this.apply(change);
    this.onDirty();
    if (this.journal.sizeInBytes > this.compactAt) this.compact();
  }

  /** Rewrites the journal as the shortest that leads to the same state. */
  compact(): void {
    this.journal.compact(this.snapshot().map(serialize));
    this.compactAt = Math.max(COMPACT_FROM_BYTES, this.journal.sizeInBytes * 2);
  }

  private snapshot(): Change[] {
    const changes: Change[] = [{ type: EntryType.CLUSTER, clusterId: this.clusterId }];
    if (this.producerIdLimit > 0) changes.push({ type: EntryType.PRODUCER_IDS, next: this.producerIdLimit });
    for (const id of this.deletedTopicIds) changes.push({ type: EntryType.TOPIC_DELETED, id });
    for (const topic of this.topics.values()) {
      changes.push({ type: EntryType.TOPIC_CREATED, ...topic });
      for (let partition = 0; partition < topic.partitions; partition += 1) {
        const offset = this.recoveryPoint(topic.id, partition);
        if (offset > 0) changes.push({ type: EntryType.RECOVERY_POINT, id: topic.id, partition, offset });
      }
    }
    for (const transaction of this.transactions.values()) changes.push({ type: EntryType.TRANSACTION, ...transaction });
    for (const [group, { protocolType, generation, offsets }] of this.groups) {
      changes.push({ type: EntryType.GROUP, group, protocolType, generation });
      for (const offset of offsets.values()) changes.push({ type: EntryType.OFFSET_COMMITTED, group, ...offset });
    }
    // Behind the offsets of the groups, which would supersede them.
    for (const pending of this.pendingOffsets.all()) changes.push({ type: EntryType.TRANSACTION_OFFSET, ...pending });
    return changes;
  }

  private storedGroup(name: string): StoredGroup {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = { protocolType: '', generation: 0, offsets: new Map() };
      this.groups.set(name, group);
    }
    return group;
  }

  private apply(change: Change): void {
    switch (change.type) {
      case EntryType.CLUSTER:
        this.clusterId = change.clusterId;
        break;
      case EntryType.TOPIC_CREATED: {
        const { id, name, partitions, overrides } = change;
        this.topics.set(name, { id, name, partitions, overrides });
        break;
      }
      case EntryType.TOPIC_DELETED:
        this.forgetTopic(change.id);
        this.deletedTopicIds.add(change.id);
        break;
      case EntryType.TOPIC_REMOVED:
        this.deletedTopicIds.delete(change.id);
        break;
      case EntryType.OFFSET_COMMITTED: {
        const { topic, partition, offset, leaderEpoch, metadata, committedAt } = change;
        const committed = { topic, partition, offset, leaderEpoch, metadata, committedAt };
        this.storedGroup(change.group).offsets.set(offsetKey(topic, partition), committed);
        this.pendingOffsets.supersede(change.group, topic, partition);
        break;
      }
      case EntryType.GROUP: {
        const group = this.storedGroup(change.group);
        group.protocolType = change.protocolType;
        group.generation = change.generation;
        break;
      }
      case EntryType.GROUP_DELETED:
        this.groups.delete(change.group);
        this.pendingOffsets.drop(({ group }) => group === change.group);
        break;
      case EntryType.PRODUCER_IDS:
        this.producerIdLimit = change.next;
        break;
      case EntryType.RECOVERY_POINT:
        this.recoveryPoints.set(offsetKey(change.id, change.partition), change.offset);
        break;
      case EntryType.TRANSACTION: {
        const { type: _type, ...transaction } = change;
        this.transactions.set(transaction.transactionalId, transaction);
        this.settleOffsets(transaction);
        break;
      }
      case EntryType.TRANSACTION_EXPIRED:
        this.transactions.delete(change.transactionalId);
        break;
      case EntryType.TRANSACTION_OFFSET: {
        const { type: _type, ...pending } = change;
        this.storedGroup(pending.group);
        this.pendingOffsets.add(pending);
        break;
      }
    }
  }

  private settleOffsets({ producerId, state }: TransactionRecord): void {
    if (state !== 'CompleteCommit' && state !== 'CompleteAbort') return;
    for (const { producerId: _, group, superseded, ...committed } of this.pendingOffsets.take(producerId)) {
      if (state === 'CompleteAbort' || superseded) continue;
      const { topic, partition, committedAt } = committed;
      this.storedGroup(group).offsets.set(offsetKey(topic, partition), committed);
      this.pendingOffsets.supersede(group, topic, partition, committedAt);
    }
  }

  private forgetTopic(id: string): void {
    const topic = [...this.topics.values()].find((candidate) => candidate.id === id);
    if (topic === undefined) return;
    this.topics.delete(topic.name);
    this.pendingOffsets.drop((pending) => pending.topic === topic.name);
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      this.recoveryPoints.delete(offsetKey(id, partition));
      for (const group of this.groups.values()) group.offsets.delete(offsetKey(topic.name, partition));
    }
  }
}

function serialize(change: Change): JournalEntry {
  const { type, ...rest } = change;
  return { type, payload: Buffer.from(JSON.stringify(rest)) };
}

/** The checksum has held, so this is what serialize() wrote. */
function parse(entry: JournalEntry): Change {
  return { type: entry.type, ...JSON.parse(entry.payload.toString('utf8')) } as Change;
}
