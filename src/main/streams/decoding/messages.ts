/** What streams and the thread that reads and decodes say to each other. Buffers are handed over, not copied. */
import type { LayerStatus } from '../../../shared/contract';
import type { Located, ReaderEvent, ReadOrder } from '../../kafka/reading';
import type { BatchAccount } from './pointBatcher';

export interface DecodingOptions {
  /** Field whose number is wanted beside each fix; null: none. */
  readonly measure: string | null;
  /** See `limits` in the contract. */
  readonly examples: number;
  readonly batches: number;
}

export type ToDecoder =
  /** Entities that all streams together may name; records of further ones are refused, and counted. */
  | { readonly kind: 'limit'; readonly entities: number }
  | { readonly kind: 'open'; readonly stream: number; readonly order: ReadOrder; readonly options: DecodingOptions }
  /** The map has taken a batch; `nextIn` as the points port has it. */
  | { readonly kind: 'credit'; readonly stream: number; readonly nextIn: number | null }
  /** A batch's buffer, back from where it was copied: to collect such would hold up the main process. */
  | { readonly kind: 'spent'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'close'; readonly stream: number };

export type FromDecoder =
  | OfStream
  | { readonly kind: 'log'; readonly level: 'warn' | 'error'; readonly message: string };

/** What concerns one stream; from the reader, as it tells it (see ReaderListener). */
export type OfStream =
  | { readonly kind: 'located'; readonly stream: number; readonly located: Located }
  /** More is there to read in a partition than was known. */
  | {
      readonly kind: 'high-watermark';
      readonly stream: number;
      readonly partition: number;
      readonly highWatermark: number;
    }
  | { readonly kind: 'reader'; readonly stream: number; readonly status: LayerStatus }
  | { readonly kind: 'event'; readonly stream: number; readonly event: ReaderEvent }
  | { readonly kind: 'replaced'; readonly stream: number }
  /** `buffer` is an encoded PointBatch. */
  | {
      readonly kind: 'batch';
      readonly stream: number;
      readonly buffer: ArrayBuffer;
      readonly account: BatchAccount;
    }
  /** Whether it waits for the map. */
  | { readonly kind: 'held'; readonly stream: number; readonly held: boolean }
  /** The stream cannot go on. */
  | { readonly kind: 'failed'; readonly stream: number; readonly reason: string };
