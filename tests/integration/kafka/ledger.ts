/**
 * What was written to a topic, record by record, and whether it was read: each record is a number, and is counted by the
 * place (partition and offset) under which the cluster acknowledged it.
 */
import type { Message, ProducerRecord, RecordMetadata } from 'kafkajs';
import { expect } from 'vitest';
import { createPartitioner } from '../../../src/main/kafka/partitioner';
import type { Compression } from '../../../src/shared/contract';
import { startSender } from './producingClient.ts';
import type { Reading } from './readingClient.ts';

export interface Batch {
  /** Of each value; the digits of its number unless given. */
  readonly bytes?: number;
  readonly compression?: Compression;
  /** All of the topic's unless given. */
  readonly only?: readonly number[];
}

export type PlacedRecord = Omit<Message, 'value' | 'partition'> & { readonly partition: number };

/** Its producer, or a transaction. */
export interface SendsByKafkajs {
  send(record: ProducerRecord): Promise<RecordMetadata[]>;
}

export interface Ledger {
  /** How many records are in it. */
  readonly count: number;
  /** Writes so many further records, idempotently, and resolves when all are acknowledged. */
  send(count: number, batch?: Batch): Promise<void>;
  /** Writes a further record for each of these by kafkajs. */
  sendBy(producer: SendsByKafkajs, records: readonly PlacedRecord[]): Promise<void>;
  /** The offset behind the last record of each partition. */
  readonly ends: ReadonlyMap<number, number>;
  /** Waits until as many records were read as there are, then proves that they are the same, each once and in order. */
  isRead(reading: Reading, from?: ReadonlyMap<number, number>): Promise<void>;
  close(): void;
}

const PIECE = 2_000;

/** @param partitions how many the topic has, when the sending begins */
export function openLedger(bootstrap: readonly string[], topic: string, partitions: number): Ledger {
  const sender = startSender(bootstrap, { deliverWithinMs: 90_000 });
  const written = new Map<string, string>();
  const ends = new Map<number, number>();
  let number = 0;
  const add = (partition: number, offset: number, value: string) => {
    written.set(`${partition}:${offset}`, value);
    ends.set(partition, Math.max(ends.get(partition) ?? 0, offset + 1));
  };

  return {
    get count() {
      return written.size;
    },
    ends,
    sendBy: async (producer, records) => {
      const messages = records.map((record) => ({ ...record, value: String(number++) }));
      const acknowledged = await producer.send({ topic, acks: -1, messages });
      const known = new Set(acknowledged.map(({ partition }) => partition));
      // kafkajs drops what is for a partition that it does not know, and says nothing.
      const dropped = records.find(({ partition }) => !known.has(partition));
      if (dropped) throw new Error(`nothing was written to partition ${dropped.partition}`);
      for (const { partition, baseOffset } of acknowledged) {
        const mine = messages.filter((message) => message.partition === partition);
        for (const [index, { value }] of mine.entries()) add(partition, Number(baseOffset) + index, value);
      }
    },
    send: async (count, { bytes = 0, compression = 'none', only } = {}) => {
      sender.compression = compression;
      const keys = only?.map((partition) => keyOf(partition, partitions)) ?? [null];
      for (let left = count; left > 0; left -= PIECE) {
        const records = Array.from({ length: Math.min(left, PIECE) }, () => {
          const value = String(number++);
          return { key: keys[number % keys.length] ?? null, value: value.padEnd(bytes, ' ') };
        });
        const places = await sender.send(topic, records);
        for (const [index, { partition, offset }] of places.entries()) {
          add(partition, Number(offset), records[index]?.value ?? '');
        }
      }
    },
    isRead: async (reading, from = new Map()) => {
      const due = [...written].filter(([place]) => {
        const [partition = 0, offset = 0] = place.split(':').map(Number);
        return offset >= (from.get(partition) ?? 0);
      });
      await reading.until(() => reading.records.length >= due.length);
      expect(differences(new Map(due), reading)).toEqual({ missing: [], twice: [], foreign: [], disordered: [] });
    },
    close: () => sender.close(),
  };
}

/** Places, at most ten of a kind. */
function differences(due: ReadonlyMap<string, string>, reading: Reading) {
  const seen = new Set<string>();
  const last = new Map<number, number>();
  const twice: string[] = [];
  const foreign: string[] = [];
  const disordered: string[] = [];
  for (const [index, place] of reading.offsets.entries()) {
    const { partition = 0, offset = 0 } = reading.records[index] ?? {};
    if (seen.has(place)) twice.push(place);
    seen.add(place);
    if (due.get(place) !== reading.values[index]) foreign.push(place);
    if (offset <= (last.get(partition) ?? -1)) disordered.push(place);
    last.set(partition, offset);
  }
  const missing = [...due.keys()].filter((place) => !seen.has(place));
  const some = (places: string[]) => places.slice(0, 10);
  return { missing: some(missing), twice: some(twice), foreign: some(foreign), disordered: some(disordered) };
}

/** A key that puts its records into this partition. */
function keyOf(partition: number, partitions: number): string {
  const place = createPartitioner();
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 1 }));
  for (let number = 0; ; number++) {
    const key = `k${number}`;
    if (place({ topic: '', partitionMetadata, message: { key } }) === partition) return key;
  }
}
