/** Messages in the formats before v2 (Kafka 0.10 and older), which old topics may still hold; kafkajs unpacks them. */
import { createRequire } from 'node:module';
import type { FetchedRecord } from './recordBatches';

const requireHere = createRequire(import.meta.url);

interface Message {
  readonly offset: string | { toString(): string };
  readonly timestamp?: string | { toString(): string };
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** What follows is left for the next fetch when it cannot be unpacked, and when it is cut off. */
export async function decodeMessageSet(
  data: Buffer,
  partition: number,
  position: number,
): Promise<{ records: FetchedRecord[]; next: number }> {
  const DecoderClass = requireHere('kafkajs/src/protocol/decoder') as new (raw: Buffer) => unknown;
  const decode = requireHere('kafkajs/src/protocol/messageSet/decoder') as (
    decoder: unknown,
    size: number,
  ) => Promise<Message[]>;
  const records: FetchedRecord[] = [];
  let next = position;
  for (const { offset: text, timestamp, key, value } of await decode(new DecoderClass(data), data.length)) {
    const offset = Number(text);
    if (offset < position) continue;
    records.push({ partition, offset, timestamp: Number(timestamp ?? -1), key, value });
    next = offset + 1;
  }
  return { records, next };
}
