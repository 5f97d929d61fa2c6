/** What the pieces of the mixed load have in common. */
import type { Kafka } from 'kafkajs';
import type { BrokerProcess } from '../integration/broker/startBrokerProcess.ts';
import type { Random } from './random.ts';

export interface Load {
  readonly kafka: Kafka;
  readonly broker: BrokerProcess;
  readonly random: Random;
  readonly counts: Counts;
  /** False once the producers have to end. */
  goesOn(): boolean;
  /** Takes note of something that is not as it has to be, in words. */
  fault(words: string): void;
}

export interface Counts {
  members: number;
  topicsMade: number;
  askedByTime: number;
  transactions: number;
  superseded: number;
}

/** What the producers know to be in the log. */
export interface Ledger {
  /** Records acknowledged, by partition; each holds its own number, from 0. */
  readonly acknowledged: number[];
  /** Records read in the group, by partition. */
  readonly read: number[];
  /** The latest batches of partition 0, whose records all have one time. */
  readonly batches: { readonly offset: number; readonly timestamp: number }[];
}

export const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/**
 * Segments are small and old ones go, so that soon as much is deleted as is produced: what is kept stays the same. Readers
 * are never that far behind.
 */
export const SEGMENT_BYTES = { name: 'segment.bytes', value: String(1 << 20) };
export const RETENTION_BYTES = { name: 'retention.bytes', value: String(12 << 20) };
