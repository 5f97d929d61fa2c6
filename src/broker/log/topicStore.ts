/**
 * The topics with their partitions' logs. On disk a topic is `topics/<id>/<partition>/`: by its id, not its name,
 * because "Ships" and "ships" are two topics and yet one folder on macOS and Windows.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from '../logger.ts';
import type { FileSystem } from './fileSystem.ts';
import type { MetadataStore, TopicRecord } from './metadataStore.ts';
import { PartitionLog } from './partitionLog.ts';
import { type LogSettings, logSettings, type TopicOverrides } from './topicConfig.ts';

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
  private readonly dirty = new Map<PartitionLog, { readonly id: string; readonly partition: number }>();
  private readonly goingAway = new Set<Promise<void>>();
  private flushTimer: NodeJS.Timeout | undefined;
  private retentionTimer: NodeJS.Timeout | undefined;
  private runningFlush: Promise<void> = Promise.resolve();
  private closed = false;
  readonly metadata: MetadataStore;

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly dataFolder: string,
    openMetadata: (onDirty: () => void) => MetadataStore,
    wasClean: boolean,
    private readonly logger: Logger,
  ) {
    this.metadata = openMetadata(() => this.scheduleFlush());
    this.removeDeletedTopics();
    for (const record of this.metadata.topics.values()) this.openTopic(record, wasClean);
    this.applyRetention();
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

  /** The name has been checked, and is free. Throws if the disk refuses. */
  create(name: string, partitions: number, overrides: TopicOverrides): Topic {
    const record = { id: randomBytes(16).toString('hex'), name, partitions, overrides };
    const topic = this.openTopic(record, true);
    try {
      this.metadata.createTopic(record);
    } catch (error) {
      this.forget(topic);
      void this.removeFiles(topic).catch(() => {});
      throw error;
    }
    return topic;
  }

  delete(topic: Topic): void {
    this.metadata.deleteTopic(topic.id);
    this.forget(topic);
    const removal = this.removeFiles(topic).catch((error: unknown) => {
      this.logger.error('the files of a deleted topic could not be removed', {
        topic: topic.name,
        error: String(error),
      });
    });
    this.goingAway.add(removal);
    void removal.then(() => this.goingAway.delete(removal));
  }

  private openTopic(record: TopicRecord, wasClean: boolean): Topic {
    const settings = logSettings(record.overrides);
    const logs: PartitionLog[] = [];
    for (let partition = 0; partition < record.partitions; partition += 1) {
      const verifyFrom = wasClean ? Number.POSITIVE_INFINITY : this.metadata.recoveryPoint(record.id, partition);
      const folder = `${this.topicFolder(record.id)}/${partition}`;
      const log = new PartitionLog(this.fileSystem, folder, settings, verifyFrom, {
        dirty: (dirtyLog) => this.noteDirty(dirtyLog, record.id, partition),
        problem: (message, details) => this.logger.warn(message, { topic: record.name, partition, ...details }),
      });
      logs.push(log);
      if (log.isDirty) this.noteDirty(log, record.id, partition);
    }
    const topic = { ...record, settings, logs };
    this.byName.set(record.name, topic);
    this.byId.set(record.id, topic);
    return topic;
  }

  private topicFolder(id: string): string {
    return `${this.dataFolder}/topics/${id}`;
  }

  private forget(topic: Topic): void {
    this.byName.delete(topic.name);
    this.byId.delete(topic.id);
    for (const log of topic.logs) this.dirty.delete(log);
  }

  private async removeFiles(topic: Topic): Promise<void> {
    await Promise.all(topic.logs.map((log) => log.close()));
    this.fileSystem.remove(this.topicFolder(topic.id));
    if (!this.closed) this.metadata.topicRemoved(topic.id);
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
    await Promise.all(
      logs.map(async ([log, { id, partition }]) => {
        try {
          await log.flush();
          if (this.byId.has(id)) this.metadata.saveRecoveryPoint(id, partition, log.recoveryPoint);
        } catch (error) {
          this.logger.error('a log could not be synced', { folder: log.folder, error: String(error) });
        }
      }),
    );
    await this.metadata.syncLater().catch((error: unknown) => {
      this.logger.error('the metadata journal could not be synced', { error: String(error) });
    });
  }

  private applyRetention(): void {
    const now = Date.now();
    for (const topic of this.byName.values()) {
      for (const log of topic.logs) log.expireProducers(now);
      const { retentionMs, retentionBytes } = topic.settings;
      if (!Number.isFinite(retentionMs) && !Number.isFinite(retentionBytes)) continue;
      for (const log of topic.logs) {
        try {
          log.applyRetention(now);
        } catch (error) {
          this.logger.error('old segments could not be removed', { topic: topic.name, error: String(error) });
        }
      }
    }
    this.retentionTimer = setTimeout(() => this.applyRetention(), RETENTION_INTERVAL_MS);
    this.retentionTimer.unref();
  }

  /** Syncs and closes every file; true if all of it is on the disk. */
  async close(): Promise<boolean> {
    this.closed = true;
    clearTimeout(this.flushTimer);
    clearTimeout(this.retentionTimer);
    await this.runningFlush;
    const topics = [...this.byName.values()];
    await Promise.all([...this.goingAway, ...topics.flatMap((topic) => topic.logs.map((log) => log.close()))]);
    const clean = topics.every((topic) => topic.logs.every((log) => !log.isDirty && !log.hasFailed));
    try {
      this.metadata.sync();
    } finally {
      this.metadata.close();
    }
    return clean;
  }
}
