/** Messages in the formats before v2 (Kafka 0.10 and older), which old topics may still hold; kafkajs unpacks them. */
import * as modules from './kafkajsModules';

interface Message {
  readonly offset: string | { toString(): string };
  readonly timestamp?: string | { toString(): string };
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface OlderRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** From the position on. What follows is left for the next fetch when it cannot be unpacked, and when it is cut off. */
export async function decodeMessageSet(data: Buffer, position: number): Promise<OlderRecord[]> {
  const DecoderClass = modules.decoder() as new (raw: Buffer) => unknown;
  const decode = modules.messageSetDecoder() as (decoder: unknown, size: number) => Promise<Message[]>;
  const records: OlderRecord[] = [];
  for (const { offset: text, timestamp, key, value } of await decode(new DecoderClass(data), data.length)) {
    const offset = Number(text);
    if (offset < position) continue;
    records.push({ offset, timestamp: Number(timestamp ?? -1), key, value });
  }
  return records;
}
