/** What a reader is told, and what it tells: where to read, what came, how it goes and what happened. */
import type { StartPosition, StopPosition } from '../../shared/contract';
import type { ClusterAccess } from './clusterAccess';
import type { KafkaError } from './kafkaError';
import type { Offsets } from './offsets';
import type { AbortedTransaction, ReadBounds } from './recordBatches';

/** Offsets by partition: the next one to read. Numbers are exact up to 2^53. */
export type Positions = Offsets;

/** Where an earlier reading of the same topic was. Partitions that are absent are read from their first record. */
export interface KnownPositions {
  readonly kind: 'positions';
  /** null: not known, or of a cluster that has none. */
  readonly topicId: string | null;
  readonly positions: Positions;
}

/** All that reading a topic takes, as plain data, so that another thread can do it. Secrets included: never logged. */
export interface ReadOrder {
  readonly access: ClusterAccess;
  readonly topic: string;
  /** A rule, or the positions themselves. */
  readonly start: StartPosition | KnownPositions;
  readonly stop: StopPosition;
  /** The group whose committed offsets `committed` goes on from. */
  readonly groupId: string;
}

/** One partition's part of an answer, still packed: `RecordCursor` goes through it. */
export interface Fetched extends ReadBounds {
  readonly partition: number;
  readonly data: Buffer;
  readonly abortedTransactions: readonly AbortedTransaction[];
  /** The offset that the next produced record will get. */
  readonly highWatermark: number;
}

/** How far the records of an answer were taken in. */
export interface Passed {
  /** The position behind them. */
  readonly next: number;
  /** Offset of the first record of the time before which reading ends, if it was among them. */
  readonly late: number | null;
}

export interface Located {
  readonly topicId: string | null;
  /** Where each partition starts. */
  readonly positions: Positions;
  readonly highWatermarks: Positions;
  /** The offsets before which reading ends, where they are known. */
  readonly stops: Positions;
}

export type ReaderState =
  /** Every partition answers. */
  | { readonly kind: 'reading' }
  /** These partitions cannot be read at the moment; the others are. */
  | { readonly kind: 'partly'; readonly partitions: readonly number[]; readonly error: KafkaError }
  /** The cluster makes this client wait: a quota. */
  | { readonly kind: 'throttled'; readonly ms: number }
  /** Nothing can be read at the moment. */
  | { readonly kind: 'retrying'; readonly error: KafkaError };

export type ReaderEvent =
  /** The cluster no longer holds `from` to `to` (exclusive): deleted before it could be read. */
  | { readonly kind: 'gap'; readonly partition: number; readonly from: number; readonly to: number }
  /** `from` to `to` (exclusive) had been read and is gone from the log; new records get these offsets. */
  | { readonly kind: 'truncated'; readonly partition: number; readonly from: number; readonly to: number }
  /** The topic has grown. They are read from their first record. */
  | { readonly kind: 'partitions-added'; readonly partitions: readonly number[] };

export interface ReaderListener {
  /** Told once a partition, before its first record. */
  onStart(located: Located): void;
  /** Resolves once the records are taken in. */
  onFetched(fetched: Fetched): Promise<Passed>;
  /** Only when it has changed. */
  onState(state: ReaderState): void;
  onEvent(event: ReaderEvent): void;
  /** The topic was deleted and made anew: no position holds any more. The reader has closed itself. */
  onReplaced(): void;
  /** Every partition has been read up to where it was to stop; the reader has closed itself. */
  onDone(): void;
}

export interface Reader {
  close(): void;
}
