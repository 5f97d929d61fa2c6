/**
 * The parts of kafkajs below its public API that connections stand on, typed by hand. kafkajs has had
 * no release since 2023, so these do not move; the exact version is checked all the same.
 *
 * Also here: what has to be mended inside. After its first response each connection wakes a timer about every
 * millisecond, for ever (kafkajs #1556, #1704, #1751), and another every 100 ms; mended, it sleeps until it has
 * something to do. A connection is opened once, however many ask for it at a time, and anew: kafkajs would read on from
 * within the answer that the connection before it broke off in. And what is no answer of Kafka ends the connection; it
 * would be an exception that nobody catches.
 */
import type { Socket } from 'node:net';
import { registerCodecs } from './codecs';
import * as modules from './kafkajsModules';

const VERSION = '2.2.4';

export interface InternalCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
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

interface Connection {
  readonly socket?: Socket | null;
  /** What has come of answers that are not whole yet. */
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<unknown>;
  processData(data: Buffer): void;
}

let patched = false;

/**
 * A connection looks for requests that were not answered in time when the first of them is due, ms; and in between for
 * what was sent since, which may then be told so much late. kafkajs looks every 100 ms, whether there are any or not.
 */
const SHORTEST_CHECK_MS = 1_000;
const LONGEST_CHECK_MS = 5_000;
/** Of the length of an answer. */
const LENGTH_BYTES = 4;
/** A longer answer is taken for none: "HTTP" read as a length is 1.2 GB. */
const MAX_ANSWER_BYTES = 512 << 20;

/** Mends the idle spin; call before any client exists. Throws when another version of kafkajs is installed. */
function patchKafkajs(): void {
  if (patched) return;
  const { version } = modules.packageDescription() as { version: string };
  if (version !== VERSION)
    throw new Error(`this code knows the insides of kafkajs ${VERSION}, but ${version} is installed`);
  const queue = modules.requestQueue() as { prototype: RequestQueue };
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
    const check = () => {
      const now = Date.now();
      let next = now + LONGEST_CHECK_MS;
      for (const request of [...this.inflight.values()]) {
        const due = request.sentAt + request.requestTimeout;
        if (now > due) request.timeoutRequest();
        else next = Math.min(next, due + 1);
      }
      if (!this.isConnected()) this.destroy();
      else this.requestTimeoutIntervalId = setTimeout(check, Math.max(SHORTEST_CHECK_MS, next - now));
    };
    this.requestTimeoutIntervalId = setTimeout(check, SHORTEST_CHECK_MS);
  };
  const connection = modules.connection() as { prototype: Connection };
  const { connect, processData } = connection.prototype;
  const connecting = new WeakMap<Connection, Promise<unknown>>();
  // Two requests that find a connection closed would each open a socket for it, and one of the two is lost.
  connection.prototype.connect = function connectOnce(this: Connection) {
    const underWay = connecting.get(this);
    if (underWay) return underWay;
    if (!this.isConnected()) {
      this.socket?.destroy();
      Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
    }
    const mine = connect.call(this).finally(() => connecting.delete(this));
    connecting.set(this, mine);
    return mine;
  };
  connection.prototype.processData = function processDataOfKafka(this: Connection, data: Buffer) {
    try {
      processData.call(this, data);
      if (this.bytesNeeded < LENGTH_BYTES || this.bytesNeeded > MAX_ANSWER_BYTES) throw new RangeError('no length');
    } catch (cause) {
      this.socket?.destroy(Object.assign(new Error('not Kafka', { cause }), { code: 'NOT_KAFKA' }));
    }
  };
  registerCodecs(modules.publicApi());
  patched = true;
}

/** The public API, mended. Loaded at the first use: it costs a tenth of a second, which the window need not wait for. */
export function loadKafkajs(): typeof import('kafkajs') {
  patchKafkajs();
  return modules.publicApi();
}

export function createInternalCluster(options: InternalClusterOptions): InternalCluster {
  patchKafkajs();
  const Cluster = modules.cluster() as new (options: InternalClusterOptions) => InternalCluster;
  return new Cluster(options);
}

export function createInternalLogger(sink: LogSink): unknown {
  const { createLogger } = modules.loggers() as { createLogger(options: unknown): unknown };
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
