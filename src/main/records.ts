/** One whole record as the inspector shows it: text where it is text, hex where it is not, cut where it is long. */
import { isUtf8 } from 'node:buffer';
import type { KafkaRecord } from '../shared/contract';
import type { WholeRecord } from './kafka/kafkaClient';

const MAX_TEXT_BYTES = 1 << 20;
const MAX_HEX_BYTES = 4_096;
const MAX_HEADERS = 200;

type RecordText = NonNullable<KafkaRecord['value']>;

export function recordText(bytes: Buffer): RecordText {
  if (isUtf8(bytes)) {
    const cut = bytes.length > MAX_TEXT_BYTES;
    // A cut may fall inside a character; the decoder leaves its first bytes out.
    const text = new TextDecoder('utf-8').decode(bytes.subarray(0, MAX_TEXT_BYTES), { stream: cut });
    return { text, encoding: 'utf-8', bytes: bytes.length, cut };
  }
  const cut = bytes.length > MAX_HEX_BYTES;
  return { text: bytes.subarray(0, MAX_HEX_BYTES).toString('hex'), encoding: 'hex', bytes: bytes.length, cut };
}

export function toKafkaRecord(topic: string, record: WholeRecord): KafkaRecord {
  const { partition, offset, timestamp, key, value, headers } = record;
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: key === null ? null : recordText(key),
    value: value === null ? null : recordText(value),
    headers: headers.slice(0, MAX_HEADERS).map((header) => ({ key: header.key, value: recordText(header.value) })),
  };
}
