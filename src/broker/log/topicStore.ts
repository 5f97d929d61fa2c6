/**
 * The topics with their partitions' logs. On disk a topic is `topics/<id>/<partition>/`: by its id, not its name,
 * because "Ships" and "ships" are two topics and yet one folder on macOS and Windows.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from '../logger.ts';
import { inTurns, type Steps, Turns } from '../turns.ts';
import type { FileSystem } from './fileSystem.ts';
import { LogCleaner } from './logCleaner.ts';
import type { TopicRecord } from './metadataChange.ts';
import type { MetadataStore } from './metadataStore.ts';
import { PartitionLog } from './partitionLog.ts';
import { type LogSettings, logSettings, type TopicOverrides } from './topicConfig.ts';

/** Of a topic. Each partition is a folder and an open file: far more than a map ever needs. */
export const MAX_PARTITIONS = 1000;
/** How long written bytes may stay unsynced, in ms. */
const FLUSH_INTERVAL_MS = 1000;
/** As Kafka's log.retention.check.interval.ms. */
const RETENTION_INTERVAL_MS = 300_000;

export interface Topic extends TopicRecord {
  readonly settings: LogSettings;
  readonly logs: readonly PartitionLog[];
}

export class TopicStore {
  private readonly byName = new Map<string, Topic>();
  private readonly byId = new Map<string, Topic>();
  /** Partitions that are being made, by the names of their topics. */
  private readonly coming = new Map<string, number>();
  private readonly dirty = new Map<PartitionLog, { readonly id: string; readonly partition: number }>();
  private readonly goingAway = new Set<Promise<void>>();
  private flushTimer: NodeJS.Timeout | undefined;
  private retentionTimer: NodeJS.Timeout | undefined;
  private runningFlush: Promise<void> = Promise.resolve();
  private closed = false;
  /** Undefined after each change of the topics. */
  private countedPartitions: number | undefined;
  readonly cleaner: LogCleaner;
  private runningRetention: Promise<void> = Promise.resolve();

  private constructor(
    private readonly fileSystem: FileSystem,
    readonly dataFolder: string,
    readonly metadata: MetadataStore,
    private readonly logger: Logger,
    private readonly turns: Turns,
  ) {
    this.cleaner = new LogCleaner(() => this.byName.values(), metadata, logger, turns);
  }

  /** Reads what is there; `wasClean` if none of it has to be checked. */
  static *opening(
    fileSystem: FileSystem,
    dataFolder: string,
    openMetadata: (onDirty: () => void) => Steps<MetadataStore>,
    wasClean: boolean,
    logger: Logger,
    turns = new Turns(),
  ): Steps<TopicStore> {
    let opened: TopicStore | undefined;
    const metadata = yield* openMetadata(() => opened?.scheduleFlush());
    const store = new TopicStore(fileSystem, dataFolder, metadata, logger, turns);
    opened = store;
    store.scheduleFlush();
    store.removeDeletedTopics();
    for (const record of store.metadata.topics.values()) yield* store.openingTopic(record, wasClean);
    yield* store.applyingRetention();
    store.scheduleRetention();
    store.cleaner.start();
    return store;
  }

  get(name: string): Topic | undefined {
    return this.byName.get(name);
  }

  getById(id: string): Topic | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<Topic> {
    return this.byName.values();
  }

  /** Of topics, those that are being made among them. */
  get count(): number {
    let count = this.byName.size;
    for (const name of this.coming.keys()) if (!this.byName.has(name)) count += 1;
    return count;
  }

  /** Of all topics, those that are being made among them. */
  get partitionCount(): number {
    if (this.countedPartitions === undefined) {
      this.countedPartitions = 0;
      for (const { logs } of this.byName.values()) this.countedPartitions += logs.length;
      for (const partitions of this.coming.values()) this.countedPartitions += partitions;
    }
    return this.countedPartitions;
  }

  /** Whether a topic of this name, or more partitions for it, are being made: until that is done, nobody else may. */
  isComing(name: string): boolean {
    return this.coming.has(name);
  }

  /** The name has been checked, and neither is there nor is coming. Throws if the disk refuses. */
  *creating(name: string, partitions: number, overrides: TopicOverrides): Steps<Topic> {
    const record = { id: randomBytes(16).toString('hex'), name, partitions, overrides };
    const settings = logSettings(overrides);
    const logs: PartitionLog[] = [];
    let isMade = false;
    this.expect(name, partitions);
    try {
      yield* this.openingLogs(record, settings, partitions, logs);
      this.metadata.createTopic(record);
      isMade = true;
    } finally {
      this.expect(name, undefined);
      if (!isMade) {
        this.stopSyncing(logs);
        void this.removeFiles(record, logs).catch(() => {});
      }
    }
    return this.put({ ...record, settings, logs });
  }

  /** `count` is more than there are, and no others are coming. Throws if the disk refuses, or the topic goes meanwhile. */
  *addingPartitions({ id, name, settings, logs: known }: Topic, count: number): Steps<void> {
    const logs = [...known];
    let isMade = false;
    this.expect(name, count - known.length);
    try {
      yield* this.openingLogs({ id, name }, settings, count, logs);
      this.metadata.addPartitions(id, count);
      isMade = true;
    } finally {
      this.expect(name, undefined);
      if (!isMade) {
        const added = logs.slice(known.length);
        this.stopSyncing(added);
        for (const log of added) void log.close().catch(() => {});
      }
    }
    const topic = this.byId.get(id);
    if (topic === undefined) return;
    // It may have been configured meanwhile.
    for (const log of logs) log.settings = topic.settings;
    this.put({ ...topic, partitions: count, logs });
  }

  /** Opens those that `logs` does not have yet; the topic is new, or has to be there still after each of them. */
  private *openingLogs(
    topic: Pick<TopicRecord, 'id' | 'name'>,
    settings: LogSettings,
    count: number,
    logs: PartitionLog[],
  ): Steps<void> {
    const isNew = !this.byId.has(topic.id);
    while (logs.length < count) {
      logs.push(yield* this.openingLog(topic, logs.length, settings, true));
      yield;
      if (this.closed) throw new Error('the broker is being closed');
      if (!isNew && !this.byId.has(topic.id)) throw new Error('the topic was deleted meanwhile');
    }
  }

  private expect(name: string, partitions: number | undefined): void {
    this.countedPartitions = undefined;
    if (partitions === undefined) this.coming.delete(name);
    else this.coming.set(name, partitions);
  }

  private stopSyncing(logs: readonly PartitionLog[]): void {
    for (const log of logs) this.dirty.delete(log);
  }

  /** The settings, which have been checked, act from now on. Throws if the disk refuses. */
  configure(topic: Topic, overrides: TopicOverrides): void {
    this.metadata.configureTopic(topic.id, overrides);
    const settings = logSettings(overrides);
    for (const log of topic.logs) log.settings = settings;
    this.letGo(this.applyingRetentionTo(this.put({ ...topic, overrides, settings })));
    if (settings.compacts) void this.cleaner.run();
  }

  /** The offset is at most the partition's end. Throws if the disk refuses. */
  deleteRecords(topic: Topic, partition: number, offset: number): void {
    const log = topic.logs[partition];
    if (log === undefined || offset <= log.startOffset) return;
    this.metadata.saveLogStart(topic.id, partition, offset);
    log.deleteBefore(offset);
  }

  /** Of the volume that the data are on, in bytes. */
  volume() {
    return this.fileSystem.volume(this.dataFolder);
  }

  delete(topic: Topic): void {
    this.metadata.deleteTopic(topic.id);
    this.forget(topic);
    const removal = this.removeFiles(topic, topic.logs).catch((error: unknown) => {
      this.logger.error('the files of a deleted topic could not be removed', {
        topic: topic.name,
        error: String(error),
      });
    });
    this.goingAway.add(removal);
    void removal.then(() => this.goingAway.delete(removal));
  }

  private *openingTopic(record: TopicRecord, wasClean: boolean): Steps<Topic> {
    const settings = logSettings(record.overrides);
    const logs: PartitionLog[] = [];
    for (let partition = 0; partition < record.partitions; partition += 1) {
      logs.push(yield* this.openingLog(record, partition, settings, wasClean));
      yield;
    }
    return this.put({ ...record, settings, logs });
  }

  private *openingLog(
    { id, name }: Pick<TopicRecord, 'id' | 'name'>,
    partition: number,
    settings: LogSettings,
    wasClean: boolean,
  ): Steps<PartitionLog> {
    const verifyFrom = wasClean ? Number.POSITIVE_INFINITY : this.metadata.recoveryPoint(id, partition);
    const events = {
      dirty: (dirtyLog: PartitionLog) => this.noteDirty(dirtyLog, id, partition),
      problem: (message: string, details: Readonly<Record<string, unknown>>) =>
        this.logger.warn(message, { topic: name, partition, ...details }),
    };
    const folder = `${this.topicFolder(id)}/${partition}`;
    const start = this.metadata.logStart(id, partition);
    const log = yield* PartitionLog.opening(this.fileSystem, folder, settings, verifyFrom, events, start);
    if (log.isDirty) this.noteDirty(log, id, partition);
    return log;
  }

  private put(topic: Topic): Topic {
    this.countedPartitions = undefined;
    this.byName.set(topic.name, topic);
    this.byId.set(topic.id, topic);
    return topic;
  }

  private topicFolder(id: string): string {
    return `${this.dataFolder}/topics/${id}`;
  }

  private forget(topic: Topic): void {
    this.countedPartitions = undefined;
    this.byName.delete(topic.name);
    this.byId.delete(topic.id);
    this.stopSyncing(topic.logs);
  }

  private async removeFiles({ id }: Pick<TopicRecord, 'id'>, logs: readonly PartitionLog[]): Promise<void> {
    await Promise.all(logs.map((log) => log.close()));
    await this.fileSystem.removeLater(this.topicFolder(id));
    if (!this.closed) this.metadata.topicRemoved(id);
  }

  /** What a crash between the deletion and the removal left behind. */
  private removeDeletedTopics(): void {
    for (const id of [...this.metadata.deletedTopicIds]) {
      this.fileSystem.remove(this.topicFolder(id));
      this.metadata.topicRemoved(id);
    }
    const known = new Set([...this.metadata.topics.values()].map((topic) => topic.id));
    for (const id of this.fileSystem.list(`${this.dataFolder}/topics`)) {
      if (!known.has(id))
        this.logger.warn('a folder belongs to no topic and is left alone', { folder: this.topicFolder(id) });
    }
  }

  private noteDirty(log: PartitionLog, id: string, partition: number): void {
    if (!this.dirty.has(log)) this.dirty.set(log, { id, partition });
    this.scheduleFlush();
  }

  private scheduleFlush(): void {
    if (this.flushTimer !== undefined || this.closed) return;
    this.flushTimer = setTimeout(() => {
      this.flushTimer = undefined;
      this.runningFlush = this.runningFlush.then(() => this.flush());
    }, FLUSH_INTERVAL_MS);
    this.flushTimer.unref();
  }

  private async flush(): Promise<void> {
    const logs = [...this.dirty];
    this.dirty.clear();
    const syncs: Promise<void>[] = [];
    for (const [log, { id, partition }] of logs) {
      syncs.push(this.sync(log, id, partition));
      await this.turns.pause();
    }
    await Promise.all(syncs);
    await this.metadata.syncLater().catch((error: unknown) => {
      this.logger.error('the metadata journal could not be synced', { error: String(error) });
    });
  }

  private async sync(log: PartitionLog, id: string, partition: number): Promise<void> {
    // It was deleted while others were being synced.
    if (!this.byId.has(id)) return;
    try {
      await log.flush();
      if (this.byId.has(id)) this.metadata.saveRecoveryPoint(id, partition, log.recoveryPoint);
    } catch (error) {
      this.logger.error('a log could not be synced', { folder: log.folder, error: String(error) });
    }
  }

  private scheduleRetention(): void {
    if (this.closed) return;
    this.retentionTimer = setTimeout(() => {
      this.letGo(this.applyingRetention());
      this.scheduleRetention();
    }, RETENTION_INTERVAL_MS);
    this.retentionTimer.unref();
  }

  /** Bit by bit, beside everything else. */
  private letGo(steps: Steps<void>): void {
    const run = inTurns(steps, this.turns.pause);
    this.runningRetention = Promise.all([this.runningRetention, run]).then(() => {});
  }

  private *applyingRetention(): Steps<void> {
    const now = Date.now();
    for (const topic of [...this.byName.values()]) {
      for (const log of topic.logs) {
        log.expireProducers(now);
        yield;
      }
      yield* this.applyingRetentionTo(topic);
    }
  }

  private *applyingRetentionTo({ id, name, settings, logs }: Topic): Steps<void> {
    if (!Number.isFinite(settings.retentionMs) && !Number.isFinite(settings.retentionBytes)) return;
    const now = Date.now();
    for (const [partition, log] of logs.entries()) {
      // Meanwhile the topic may have been deleted, or set otherwise: then it has been looked at anew.
      if (this.closed || this.byId.get(id)?.settings !== settings) return;
      try {
        log.applyRetention(now);
        this.metadata.saveLogStart(id, partition, log.startOffset);
      } catch (error) {
        this.logger.error('old segments could not be removed', { topic: name, partition, error: String(error) });
      }
      yield;
    }
  }

  /** Syncs and closes every file; true if all of it is on the disk. */
  async close(): Promise<boolean> {
    this.closed = true;
    clearTimeout(this.flushTimer);
    clearTimeout(this.retentionTimer);
    await this.cleaner.close();
    await this.runningRetention;
    await this.runningFlush;
    const topics = [...this.byName.values()];
    await Promise.all([...this.goingAway, ...topics.flatMap((topic) => topic.logs.map((log) => log.close()))]);
    const clean = topics.every((topic) => topic.logs.every((log) => !log.isDirty && !log.hasFailed));
    try {
      this.metadata.sync();
    } finally {
      await this.metadata.close();
    }
    return clean;
  }
}
