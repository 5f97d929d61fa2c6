/** Compacts, one partition at a time, whichever has most that is new: the share of it decides, or its age. */
import type { Logger } from '../logger.ts';
import type { Pause, Turns } from '../turns.ts';
import { compact } from './compaction.ts';
import type { MetadataStore } from './metadataStore.ts';
import type { PartitionLog } from './partitionLog.ts';
import type { Topic } from './topicStore.ts';

/** As Kafka's log.cleaner.backoff.ms. */
const INTERVAL_MS = 15_000;
/** At 24 bytes a key and a quarter of the places free, 32 MiB. */
const MAX_KEYS = 1_000_000;

export interface Cleanable {
  readonly firstDirty: number;
  /** Nothing from here on may be compacted yet. */
  readonly end: number;
  /** Share of what is new in all that could be compacted, 0 to 1. */
  readonly dirtyRatio: number;
  /** Something in it has waited for longer than max.compaction.lag.ms. */
  readonly isOverdue: boolean;
}

/** What there is to compact, whether or not it is worth it. */
export function cleanableOf(log: PartitionLog, cleanedTo: number, now: number): Cleanable {
  const { minCompactionLagMs, maxCompactionLagMs } = log.settings;
  const firstDirty = Math.min(Math.max(cleanedTo, log.startOffset), log.nextOffset);
  let [clean, dirty, end] = [0, 0, firstDirty];
  let oldest = Number.POSITIVE_INFINITY;
  const all = log.files.segments.all();
  for (const [index, segment] of log.files.settled().entries()) {
    // Also behind the last settled one: what follows may be full, and not on the disk yet.
    const following = all[index + 1]?.baseOffset ?? log.nextOffset;
    if (following <= firstDirty) {
      clean += segment.sizeInBytes;
      continue;
    }
    // Records of transactions that have not ended may turn out to be none.
    if (following > log.lastStableOffset) break;
    if (minCompactionLagMs > 0 && segment.maxTimestamp > now - minCompactionLagMs) break;
    dirty += segment.sizeInBytes;
    end = following;
    if (segment.firstTimestamp >= 0) oldest = Math.min(oldest, segment.firstTimestamp);
  }
  const dirtyRatio = dirty === 0 ? 0 : dirty / (clean + dirty);
  return { firstDirty, end, dirtyRatio, isOverdue: dirty > 0 && now - oldest > maxCompactionLagMs };
}

export class LogCleaner {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly topics: () => Iterable<Topic>,
    private readonly metadata: MetadataStore,
    private readonly logger: Logger,
    private readonly turns: Turns,
    private readonly maxKeys = MAX_KEYS,
  ) {}

  start(): void {
    this.schedule();
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.run().finally(() => this.schedule()), INTERVAL_MS);
    this.timer.unref();
  }

  /** Compacts until nothing is left that is worth it. */
  run(): Promise<void> {
    this.running ??= this.cleanAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async cleanAll(): Promise<void> {
    const refused = new Set<PartitionLog>();
    while (!this.closed) {
      const next = await this.mostInNeed(refused).catch((error: unknown) => {
        if (!this.closed) throw error;
      });
      if (next === undefined) return;
      const { topic, partition, log, cleanable } = next;
      try {
        const options = { ...cleanable, now: Date.now(), maxKeys: this.maxKeys, pause: this.pause };
        const cleanedTo = await compact(log, options);
        if (!this.isThere(topic)) continue;
        if (cleanedTo <= cleanable.firstDirty) refused.add(log);
        else this.metadata.saveCleanedTo(topic.id, partition, cleanedTo);
      } catch (error) {
        refused.add(log);
        if (this.closed || !this.isThere(topic)) continue;
        this.logger.error('a partition could not be compacted', { topic: topic.name, partition, error: String(error) });
      }
    }
  }

  private isThere({ id, name }: Topic): boolean {
    return this.metadata.topics.get(name)?.id === id;
  }

  private async mostInNeed(refused: ReadonlySet<PartitionLog>) {
    const now = Date.now();
    let most: { topic: Topic; partition: number; log: PartitionLog; cleanable: Cleanable } | undefined;
    for (const topic of [...this.topics()]) {
      if (!topic.settings.compacts) continue;
      for (const [partition, log] of topic.logs.entries()) {
        await this.pause();
        if (refused.has(log) || log.hasFailed || !this.isThere(topic)) continue;
        log.rollIfOlder(now - topic.settings.maxCompactionLagMs);
        const cleanable = cleanableOf(log, this.metadata.cleanedTo(topic.id, partition), now);
        const isWorthIt = cleanable.dirtyRatio > topic.settings.minCleanableRatio || cleanable.isOverdue;
        if (!isWorthIt || cleanable.dirtyRatio <= (most?.cleanable.dirtyRatio ?? 0)) continue;
        most = { topic, partition, log, cleanable };
      }
    }
    return most;
  }

  /** Throws once this is closed. */
  private readonly pause: Pause = () =>
    this.turns.pause()?.then(() => {
      if (this.closed) throw new Error('the broker ends');
    });

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }
}
