/** What streams and their decoder say to each other. Buffers are handed over, not copied. */
import type { Passed } from '../../kafka/reading';
import type { AbortedTransaction, ReadBounds } from '../../kafka/recordBatches';
import type { BatchAccount } from './pointBatcher';

export interface DecodingOptions {
  readonly topic: string;
  /** Field whose number is wanted beside each fix; null: none. */
  readonly measure: string | null;
  /** See `limits` in the contract. */
  readonly examples: number;
  readonly batches: number;
}

export type ToDecoder =
  /** Entities that all streams together may name; records of further ones are refused, and counted. */
  | { readonly kind: 'limit'; readonly entities: number }
  | { readonly kind: 'open'; readonly stream: number; readonly options: DecodingOptions }
  /** What was fetched of one partition; at most one at a time of each. */
  | {
      readonly kind: 'fetched';
      readonly stream: number;
      readonly partition: number;
      readonly data: ArrayBuffer;
      readonly abortedTransactions: readonly AbortedTransaction[];
      readonly bounds: ReadBounds;
    }
  /** The map has taken a batch. */
  | { readonly kind: 'credit'; readonly stream: number }
  | { readonly kind: 'close'; readonly stream: number };

export type FromDecoder =
  /** `buffer` is an encoded PointBatch. */
  | {
      readonly kind: 'batch';
      readonly stream: number;
      readonly buffer: ArrayBuffer;
      readonly account: BatchAccount;
    }
  /** All that was fetched of the partition is in batches, or in the next one. */
  | { readonly kind: 'passed'; readonly stream: number; readonly partition: number; readonly passed: Passed }
  /** Whether it waits for the map. */
  | { readonly kind: 'held'; readonly stream: number; readonly held: boolean }
  /** The stream cannot go on. */
  | { readonly kind: 'failed'; readonly stream: number; readonly reason: string };
