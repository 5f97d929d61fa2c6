/** Puts the parts together: a data folder, the state that is read from it, and the server in front. */
import { resolve } from 'node:path';
import { GroupCoordinator } from './groups/groupCoordinator.ts';
import { OffsetRetention } from './groups/offsetRetention.ts';
import { type BrokerLimits, STANDARD_LIMITS } from './limits.ts';
import { holdDataFolder } from './log/dataFolder.ts';
import { type FileSystem, nodeFileSystem } from './log/fileSystem.ts';
import { MetadataStore } from './log/metadataStore.ts';
import type { TopicOverrides } from './log/topicConfig.ts';
import { TopicStore } from './log/topicStore.ts';
import { type Logger, limitRate, silentLogger } from './logger.ts';
import { BrokerMemory } from './memoryBudget.ts';
import { bindServer } from './server.ts';
import { TransactionCoordinator } from './transactions/transactionCoordinator.ts';
import { inTurns, type Pause, Turns } from './turns.ts';

/** A topic that is there from the start, with its settings; name and settings have been checked. */
export interface WantedTopic {
  readonly name: string;
  readonly overrides: TopicOverrides;
}

export interface BrokerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly dataDir: string;
  /** Fail if the port is taken, in place of taking a free one. */
  readonly strictPort?: boolean;
  /** Partitions of topics that are created without a count; 1 unless given. */
  readonly defaultPartitions?: number;
  /** Made before the broker listens, unless they are there; where that fails, the log says so. */
  readonly topics?: readonly WantedTopic[];
  /** Those that are not given are as in limits.ts. */
  readonly limits?: Partial<BrokerLimits>;
  readonly log?: Logger;
  readonly fileSystem?: FileSystem;
}

export interface RunningBroker {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Of the wanted topics, those that are there. */
  readonly topics: readonly string[];
  /** Ends every connection, brings everything to the disk and gives the folder back. */
  close(): Promise<void>;
}

async function makeTopic(
  topics: TopicStore,
  { name, overrides }: WantedTopic,
  partitions: number,
  pause: Pause,
  log: Logger,
): Promise<void> {
  if (topics.get(name) !== undefined) return;
  try {
    await inTurns(topics.creating(name, partitions, overrides), pause);
  } catch (error) {
    log.error('a topic could not be created', { topic: name, error: String(error) });
  }
}

/** Throws DataFolderLockedError if another broker has the folder, and the system's error if the port is taken. */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { fileSystem = nodeFileSystem, log = silentLogger, defaultPartitions = 1 } = options;
  const limits = { ...STANDARD_LIMITS, ...options.limits };
  const dataDir = resolve(options.dataDir);
  const folder = holdDataFolder(fileSystem, dataDir);
  let topics: TopicStore | undefined;
  let stopTransactions = () => {};
  try {
    const { pause } = new Turns();
    const openMetadata = (onDirty: () => void) => MetadataStore.opening(fileSystem, dataDir, onDirty);
    topics = await inTurns(TopicStore.opening(fileSystem, dataDir, openMetadata, folder.wasClean, log), pause);
    const { metadata } = topics;
    if (metadata.cutBytes > 0)
      log.warn('damaged bytes at the end of the journal were cut off', { cutBytes: metadata.cutBytes });
    for (const wanted of options.topics ?? []) await makeTopic(topics, wanted, defaultPartitions, pause, log);
    const transactions = new TransactionCoordinator(metadata, topics, log);
    stopTransactions = () => transactions.close();
    const groups = new GroupCoordinator(metadata, log, limits);
    const server = await bindServer(options.port, options.strictPort ?? false);
    const offsetRetention = new OffsetRetention(metadata, groups, limits, log);
    const { host, port } = server;
    server.serve({
      host,
      port,
      topics,
      metadata,
      groups,
      transactions,
      logger: limitRate(log),
      limits,
      memory: new BrokerMemory(limits),
      defaultPartitions,
    });
    const opened = topics;
    let closing: Promise<void> | undefined;
    const close = async () => {
      await server.close();
      groups.close();
      offsetRetention.close();
      transactions.close();
      folder.release(await opened.close());
    };
    return {
      host,
      port,
      dataDir,
      topics: (options.topics ?? []).map(({ name }) => name).filter((name) => opened.get(name) !== undefined),
      close() {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    stopTransactions();
    await topics?.close();
    folder.release(false);
    throw error;
  }
}
