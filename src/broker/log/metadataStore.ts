/**
 * Everything small that outlives the process: topics, committed offsets, producer ids, transactions, recovery points. The
 * state in memory is what the journal's entries amount to: each change is written first, then applied.
 */
import { randomBytes } from 'node:crypto';
import type { FileSystem } from './fileSystem.ts';
import { Journal } from './journal.ts';
import {
  type Change,
  type CommittedOffset,
  EntryType,
  type GroupRecord,
  parse,
  serialize,
  type TopicPartition,
  type TopicRecord,
} from './metadataChange.ts';
import { PendingOffsets } from './pendingOffsets.ts';
import type { TopicOverrides } from './topicConfig.ts';
import type { TransactionRecord } from './transactionRecord.ts';

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
  private readonly logStarts = new Map<string, number>();
  private readonly cleaned = new Map<string, number>();
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

  configureTopic(id: string, overrides: TopicOverrides): void {
    this.change([{ type: EntryType.TOPIC_CONFIGURED, id, overrides }]);
  }

  /** @param partitions how many there are then */
  addPartitions(id: string, partitions: number): void {
    this.change([{ type: EntryType.PARTITIONS_ADDED, id, partitions }]);
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

  deleteOffsets(group: string, offsets: readonly TopicPartition[]): void {
    const known = offsets.filter(({ topic, partition }) => this.committedOffset(group, topic, partition) !== undefined);
    if (known.length > 0) this.change([{ type: EntryType.OFFSETS_DELETED, group, offsets: known }]);
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

  /** Offset below which the records of a partition have been deleted. */
  logStart(id: string, partition: number): number {
    return this.logStarts.get(offsetKey(id, partition)) ?? 0;
  }

  saveLogStart(id: string, partition: number, offset: number): void {
    if (this.logStart(id, partition) >= offset) return;
    this.change([{ type: EntryType.LOG_START, id, partition, offset }]);
  }

  /** Offset up to which a partition has been compacted. */
  cleanedTo(id: string, partition: number): number {
    return this.cleaned.get(offsetKey(id, partition)) ?? 0;
  }

  saveCleanedTo(id: string, partition: number, offset: number): void {
    this.change([{ type: EntryType.CLEANED_TO, id, partition, offset }]);
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
    if (this.journal.sizeInBytes <= this.compactAt) return;
    try {
      this.compact();
    } catch {
      // The change itself stands. A full disk, say: the journal goes on growing, and later there may be room.
      this.compactAt = this.journal.sizeInBytes + COMPACT_FROM_BYTES;
    }
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
        const start = this.logStart(topic.id, partition);
        if (start > 0) changes.push({ type: EntryType.LOG_START, id: topic.id, partition, offset: start });
        const cleaned = this.cleanedTo(topic.id, partition);
        if (cleaned > 0) changes.push({ type: EntryType.CLEANED_TO, id: topic.id, partition, offset: cleaned });
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
      case EntryType.LOG_START:
        this.logStarts.set(offsetKey(change.id, change.partition), change.offset);
        break;
      case EntryType.CLEANED_TO:
        this.cleaned.set(offsetKey(change.id, change.partition), change.offset);
        break;
      case EntryType.TOPIC_CONFIGURED:
      case EntryType.PARTITIONS_ADDED: {
        const topic = this.topicOf(change.id);
        const { type, id, ...changed } = change;
        if (topic !== undefined) this.topics.set(topic.name, { ...topic, ...changed });
        break;
      }
      case EntryType.OFFSETS_DELETED:
        for (const { topic, partition } of change.offsets) {
          this.storedGroup(change.group).offsets.delete(offsetKey(topic, partition));
        }
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

  private topicOf(id: string): TopicRecord | undefined {
    for (const topic of this.topics.values()) if (topic.id === id) return topic;
    return undefined;
  }

  private forgetTopic(id: string): void {
    const topic = this.topicOf(id);
    if (topic === undefined) return;
    this.topics.delete(topic.name);
    this.pendingOffsets.drop((pending) => pending.topic === topic.name);
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      this.recoveryPoints.delete(offsetKey(id, partition));
      this.logStarts.delete(offsetKey(id, partition));
      this.cleaned.delete(offsetKey(id, partition));
      for (const group of this.groups.values()) group.offsets.delete(offsetKey(topic.name, partition));
    }
  }
}
