/**
 * The records inside a batch of magic 2, which a broker looks at only where it compacts:
 *
 *   length varint · attributes int8 · timestamp delta varlong · offset delta varint · key length varint, key ·
 *   value length varint, value · headers
 *
 * A length of -1 stands for null.
 */
import type { Steps } from '../turns.ts';
import { ByteReader } from './byteReader.ts';
import { ProtocolError } from './protocolError.ts';

export interface RecordView {
  /** From its length on to its end, in the bytes it was read from. */
  readonly start: number;
  readonly end: number;
  readonly timestampDelta: number;
  /** Where the offset delta begins, from which on nothing depends on the batch's base timestamp. */
  readonly offsetDeltaAt: number;
  readonly offsetDelta: number;
  readonly key: Buffer | null;
  readonly hasValue: boolean;
}

const RECORDS_A_STEP = 256;

/** All records of a batch's body, uncompressed. Throws ProtocolError where the bytes are not `count` records. */
export function* readRecords(body: Buffer, count: number): Steps<RecordView[]> {
  const reader = new ByteReader(body);
  const records: RecordView[] = [];
  for (let index = 0; index < count; index += 1) {
    if (index % RECORDS_A_STEP === RECORDS_A_STEP - 1) yield;
    const start = reader.position;
    const length = reader.varint();
    const end = reader.position + length;
    if (length < 0 || end > body.length) throw new ProtocolError(`a record claims ${length} bytes`);
    reader.int8();
    const timestampDelta = reader.varlong();
    const offsetDeltaAt = reader.position;
    const offsetDelta = reader.varint();
    const keyLength = reader.varint();
    const key = keyLength < 0 ? null : reader.slice(keyLength);
    const hasValue = reader.varint() >= 0;
    if (reader.position > end) throw new ProtocolError('a record is longer than it claims');
    reader.skip(end - reader.position);
    records.push({ start, end, timestampDelta, offsetDeltaAt, offsetDelta, key, hasValue });
  }
  if (reader.remaining > 0) throw new ProtocolError(`${reader.remaining} bytes follow the last record`);
  return records;
}

/** The same record in a batch whose base timestamp is another. */
export function withTimestampDelta(body: Buffer, record: RecordView, timestampDelta: number): Buffer {
  const attributesAt = record.offsetDeltaAt - varintOf(record.timestampDelta).length - 1;
  const delta = varintOf(timestampDelta);
  const rest = body.subarray(record.offsetDeltaAt, record.end);
  const length = varintOf(1 + delta.length + rest.length);
  return Buffer.concat([length, body.subarray(attributesAt, attributesAt + 1), delta, rest]);
}

/** Zigzag varint of an integer within 2^52. */
export function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
