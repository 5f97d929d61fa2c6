/**
 * The parts of kafkajs below its public API that the group-less reader stands on, typed by hand. kafkajs has had
 * no release since 2023, so these do not move; the exact version is checked all the same.
 *
 * Also here: what has to be mended inside. After its first response each connection wakes a timer about every
 * millisecond, for ever (kafkajs #1556, #1704, #1751), and another every 100 ms; mended, it sleeps until it has
 * something to do.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { registerCodecs } from './codecs';

const requireHere = createRequire(import.meta.url);

const VERSION = '2.2.4';

export interface FetchedMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly offset: string;
  readonly headers?: Readonly<Record<string, Buffer | Buffer[] | string | undefined>>;
  readonly isControlRecord?: boolean;
  /** Absent for the message formats before v2. */
  readonly batchContext?: { readonly firstOffset: string; readonly lastOffsetDelta: number };
}

export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly abortedTransactions?: readonly { producerId: string; firstOffset: string }[];
  readonly messages: readonly FetchedMessage[];
}

interface TopicPartitions<P> {
  readonly topic: string;
  readonly partitions: readonly P[];
}

export interface InternalBroker {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: TopicPartitions<{ partition: number; fetchOffset: string; maxBytes: number }>[];
  }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>;
  listOffsets(request: {
    isolationLevel: number;
    topics: TopicPartitions<{ partition: number; timestamp: string }>[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
  offsetFetch(request: {
    groupId: string;
    topics: TopicPartitions<{ partition: number }>[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: TopicPartitions<{ partition: number; offset: string }>[];
  }): Promise<unknown>;
}

export interface InternalMetadata {
  readonly brokers?: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly isInternal?: boolean;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }[];
}

export interface InternalCluster {
  readonly brokerPool: {
    readonly metadata: InternalMetadata | null;
    refreshMetadata(topics: readonly string[]): Promise<void>;
  };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findBroker(options: { nodeId: number | string }): Promise<InternalBroker>;
  findGroupCoordinator(options: { groupId: string }): Promise<InternalBroker>;
}

export interface InternalClusterOptions {
  readonly logger: unknown;
  /** See seedBrokers. */
  readonly brokers: readonly string[] | (() => readonly string[]);
  readonly clientId: string;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly metadataMaxAge: number;
  readonly allowAutoTopicCreation: boolean;
  readonly maxInFlightRequests: number | null;
  readonly isolationLevel: number;
  readonly retry: { readonly retries: number; readonly initialRetryTime?: number; readonly maxRetryTime?: number };
  readonly socketFactory: (options: { host: string; port: number; onConnect: () => void }) => Socket;
  readonly ssl?: true;
  readonly sasl?: unknown;
}

/** What kafkajs logs, brought to one line. Warnings and errors only. */
export type LogSink = (level: 'warn' | 'error', message: string) => void;

interface RequestQueue {
  readonly enforceRequestTimeout: boolean;
  readonly inflight: ReadonlyMap<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
  requestTimeoutIntervalId: NodeJS.Timeout | null;
  isConnected(): boolean;
  destroy(): void;
  scheduleRequestTimeoutCheck(): void;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  throttledUntil: number;
  pending: unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

let patched = false;

/** How often a connection looks for requests that were not answered in time, ms; kafkajs looks every 100 ms. */
const TIMEOUT_CHECK_MS = 1_000;

/** Mends the idle spin; call before any client exists. Throws when another version of kafkajs is installed. */
function patchKafkajs(): void {
  if (patched) return;
  const { version } = requireHere('kafkajs/package.json') as { version: string };
  if (version !== VERSION)
    throw new Error(`this code knows the insides of kafkajs ${VERSION}, but ${version} is installed`);
  const queue = requireHere('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  queue.prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(10, this.throttledUntil - Date.now()),
    );
  };
  queue.prototype.scheduleRequestTimeoutCheck = function schedule(this: RequestQueue) {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(() => {
      for (const request of this.inflight.values()) {
        if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected()) this.destroy();
    }, TIMEOUT_CHECK_MS);
  };
  registerCodecs(requireHere('kafkajs') as typeof import('kafkajs'));
  patched = true;
}

/** The public API, mended. Loaded at the first use: it costs a tenth of a second, which the window need not wait for. */
export function loadKafkajs(): typeof import('kafkajs') {
  patchKafkajs();
  return requireHere('kafkajs') as typeof import('kafkajs');
}

export function createInternalCluster(options: InternalClusterOptions): InternalCluster {
  patchKafkajs();
  const Cluster = requireHere('kafkajs/src/cluster') as new (options: InternalClusterOptions) => InternalCluster;
  return new Cluster(options);
}

export function createInternalLogger(sink: LogSink): unknown {
  const { createLogger } = requireHere('kafkajs/src/loggers') as { createLogger(options: unknown): unknown };
  return createLogger({ level: 2, logCreator: logCreator(sink) });
}

/** A logCreator for kafkajs that hands warnings and errors to `sink`. */
export function logCreator(sink: LogSink) {
  return () =>
    ({ namespace, level, log }: { namespace: string; level: number; log: { message: string; error?: unknown } }) => {
      const error = log.error === undefined ? '' : `: ${String(log.error)}`;
      sink(level <= 1 ? 'error' : 'warn', `kafkajs ${namespace}: ${log.message}${error}`);
    };
}

/** Drops the records of aborted transactions and the markers that Kafka keeps among the records. */
export function visibleMessages(partition: FetchedPartition): readonly FetchedMessage[] {
  const aborted = partition.abortedTransactions ?? [];
  if (aborted.length === 0) {
    return partition.messages.some((message) => message.isControlRecord === true)
      ? partition.messages.filter((message) => message.isControlRecord !== true)
      : partition.messages;
  }
  const filterAborted = requireHere('kafkajs/src/consumer/filterAbortedMessages') as (options: {
    messages: readonly FetchedMessage[];
    abortedTransactions: unknown;
  }) => FetchedMessage[];
  return filterAborted({ messages: partition.messages, abortedTransactions: aborted }).filter(
    (message) => message.isControlRecord !== true,
  );
}
