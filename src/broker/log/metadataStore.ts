/**
 * Everything small that outlives the process: topics, committed offsets, producer ids, transactions, recovery points. The
 * state in memory is what the journal's entries amount to: each change is written first, then applied.
 */
import { randomBytes } from 'node:crypto';
import { type Pause, type Steps, Turns } from '../turns.ts';
import { CommittedOffsets, offsetBytes } from './committedOffsets.ts';
import type { FileSystem } from './fileSystem.ts';
import { Journal, type JournalEntry } from './journal.ts';
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
import { entriesOf, snapshotGroups } from './metadataSnapshot.ts';
import { PartitionPoints } from './partitionPoints.ts';
import { PendingOffsets } from './pendingOffsets.ts';
import type { TopicOverrides } from './topicConfig.ts';
import type { TransactionRecord } from './transactionRecord.ts';

/** Producer ids are handed out from blocks, so that not every new producer costs a write. */
const PRODUCER_ID_BLOCK = 1000;
/** An entry may not be of any size. */
const OFFSETS_AN_ENTRY = 1000;
/** Below this size the journal is never compacted. */
const COMPACT_FROM_BYTES = 1 << 20;

export class MetadataStore {
  clusterId = '';
  readonly topics = new Map<string, TopicRecord>();
  /** Ids of deleted topics whose files may still be there. */
  readonly deletedTopicIds = new Set<string>();
  readonly committed = new CommittedOffsets();
  readonly transactions = new Map<string, TransactionRecord>();
  private readonly pendingOffsets = new PendingOffsets();
  private readonly points = new PartitionPoints();
  private nextProducerId = 0;
  private producerIdLimit = 0;
  private compactAt = COMPACT_FROM_BYTES;
  private running: Promise<void> | undefined;

  private constructor(
    private readonly journal: Journal,
    private readonly onDirty: () => void,
    private readonly pause: Pause,
  ) {}

  static *opening(
    fileSystem: FileSystem,
    folder: string,
    onDirty: () => void = () => {},
    pause: Pause = new Turns().pause,
  ): Steps<MetadataStore> {
    const journal = new Journal(fileSystem, folder);
    const store = new MetadataStore(journal, onDirty, pause);
    yield* journal.reading((entry) => store.apply(parse(entry)));
    store.nextProducerId = store.producerIdLimit;
    store.compactAt = Math.max(COMPACT_FROM_BYTES, journal.sizeInBytes * 2);
    if (store.clusterId === '') {
      store.change([{ type: EntryType.CLUSTER, clusterId: randomBytes(16).toString('base64url') }]);
    }
    return store;
  }

  /** Bytes of the journal that had to be cut off at start. */
  get cutBytes(): number {
    return this.journal.cutBytes;
  }

  /** About what committed offsets take of the memory, with those of open transactions. */
  get offsetBytes(): number {
    return this.committed.sizeInBytes + this.pendingOffsets.sizeInBytes;
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
    for (let at = 0; at < known.length; at += OFFSETS_AN_ENTRY) {
      const some = known.slice(at, at + OFFSETS_AN_ENTRY);
      this.change([{ type: EntryType.OFFSETS_DELETED, group, offsets: some }]);
    }
  }

  saveGroup(group: GroupRecord): void {
    this.change([{ type: EntryType.GROUP, ...group }]);
  }

  deleteGroup(group: string): void {
    this.change([{ type: EntryType.GROUP_DELETED, group }]);
  }

  committedOffset(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.committed.get(group, topic, partition);
  }

  /** Whether the group has any offset, or gets one when a transaction commits. */
  hasOffsets(group: string): boolean {
    return (this.committed.group(group)?.offsets.size ?? 0) > 0 || this.pendingOffsets.hasGroup(group);
  }

  /** By how much these would make the memory of committed offsets larger, in bytes. */
  growthBy(group: string, offsets: readonly CommittedOffset[]): number {
    return offsets.reduce((sum, offset) => {
      const former = this.committedOffset(group, offset.topic, offset.partition);
      return sum + offsetBytes(offset) - (former === undefined ? 0 : offsetBytes(former));
    }, 0);
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
    return this.points.get(EntryType.RECOVERY_POINT, id, partition);
  }

  saveRecoveryPoint(id: string, partition: number, offset: number): void {
    if (this.recoveryPoint(id, partition) === offset) return;
    this.change([{ type: EntryType.RECOVERY_POINT, id, partition, offset }]);
  }

  /** Offset below which the records of a partition have been deleted. */
  logStart(id: string, partition: number): number {
    return this.points.get(EntryType.LOG_START, id, partition);
  }

  saveLogStart(id: string, partition: number, offset: number): void {
    if (this.logStart(id, partition) >= offset) return;
    this.change([{ type: EntryType.LOG_START, id, partition, offset }]);
  }

  /** Offset up to which a partition has been compacted. */
  cleanedTo(id: string, partition: number): number {
    return this.points.get(EntryType.CLEANED_TO, id, partition);
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

  async close(): Promise<void> {
    this.journal.close();
    await this.running;
  }

  private change(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.journal.append(changes.map(serialize));
    for (const change of changes) this.apply(change);
    this.onDirty();
    if (this.journal.sizeInBytes > this.compactAt && this.running === undefined) void this.compact();
  }

  get isCompacting(): boolean {
    return this.running !== undefined;
  }

  /** Rewrites the journal as the shortest that leads to the same state, beside everything else. */
  compact(): Promise<void> {
    this.running ??= this.journal
      .compact(this.snapshot(), this.pause)
      .then(
        () => {
          this.compactAt = Math.max(COMPACT_FROM_BYTES, this.journal.sizeInBytes * 2);
        },
        () => {
          // Nothing is lost. A full disk, say: the journal goes on growing, and later there may be room.
          this.compactAt = this.journal.sizeInBytes + COMPACT_FROM_BYTES;
        },
      )
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  /** Entries for the state as it is now; they are made when they are asked for. */
  private snapshot(): Iterable<JournalEntry> {
    const changes: Change[] = [{ type: EntryType.CLUSTER, clusterId: this.clusterId }];
    if (this.producerIdLimit > 0) changes.push({ type: EntryType.PRODUCER_IDS, next: this.producerIdLimit });
    for (const id of this.deletedTopicIds) changes.push({ type: EntryType.TOPIC_DELETED, id });
    const topics = [...this.topics.values()];
    const transactions = [...this.transactions.values()];
    const groups = snapshotGroups(this.committed);
    return entriesOf({ changes, topics, transactions, groups, pending: this.pendingOffsets.all() }, this.points);
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
        this.committed.set(change.group, committed);
        this.pendingOffsets.supersede(change.group, topic, partition);
        break;
      }
      case EntryType.GROUP:
        this.committed.describe(change);
        break;
      case EntryType.GROUP_DELETED:
        this.committed.deleteGroup(change.group);
        this.pendingOffsets.drop(({ group }) => group === change.group);
        break;
      case EntryType.PRODUCER_IDS:
        this.producerIdLimit = change.next;
        break;
      case EntryType.RECOVERY_POINT:
      case EntryType.LOG_START:
      case EntryType.CLEANED_TO:
        this.points.set(change.type, change.id, change.partition, change.offset);
        break;
      case EntryType.TOPIC_CONFIGURED:
      case EntryType.PARTITIONS_ADDED: {
        const topic = this.topicOf(change.id);
        const { type, id, ...changed } = change;
        if (topic !== undefined) this.topics.set(topic.name, { ...topic, ...changed });
        break;
      }
      case EntryType.OFFSETS_DELETED:
        for (const offset of change.offsets) this.committed.delete(change.group, offset);
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
        this.committed.ensure(pending.group);
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
      this.committed.set(group, committed);
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
    this.committed.deleteTopic(topic.name);
    this.points.forget(topic);
  }
}
