/** Makes of a decoded answer what is compared and printed: differences that are allowed are gone, bytes are readable. */
import { BATCH_HEADER_BYTES, readBatchHeader, readBatchSize } from '../../src/broker/wire/recordBatch.ts';
import { allowanceFor, type Fields, type Labels, UNORDERED } from './allowedDifferences.ts';

export function comparable(api: string, value: unknown, labels: Labels): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map((element) => comparable(api, element, labels));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const allowance = allowanceFor(api, name);
      if (allowance !== undefined) return [name, allowance.show(field, fields, labels)];
      if (name === 'records' && Buffer.isBuffer(field)) return [name, describeBatches(field, labels)];
      return [name, comparable(api, sorted(api, name, field), labels)];
    }),
  );
}

/** By what names the elements, where their order means nothing. */
function sorted(api: string, name: string, value: unknown): unknown {
  const order = UNORDERED.find((candidate) => candidate.field === name && candidate.in.includes(api));
  if (order === undefined || !Array.isArray(value)) return value;
  const keyOf = (element: Fields) => JSON.stringify(order.by.map((field) => element[field]));
  return [...value].sort((one: Fields, other: Fields) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/**
 * Whole batches alone: Kafka cuts its answer off at the limit of bytes, within a batch, and clients drop such a piece.
 * The checksum follows from the rest; the broker's time is its own.
 */
function describeBatches(bytes: Buffer, labels: Labels): unknown[] {
  const batches: unknown[] = [];
  let at = 0;
  while (at + BATCH_HEADER_BYTES <= bytes.length && at + readBatchSize(bytes, at) <= bytes.length) {
    const size = readBatchSize(bytes, at);
    const { producerId, maxTimestamp, ...header } = readBatchHeader(bytes, at);
    batches.push({
      ...header,
      leaderEpoch: bytes.readInt32BE(at + 12),
      attributes: bytes.readInt16BE(at + 21),
      producerId: producerId < 0 ? producerId : labels.of('producer', producerId),
      maxTimestamp: header.logAppendTime || header.control ? '(some time)' : maxTimestamp,
      baseTimestamp: header.control ? '(some time)' : header.baseTimestamp,
      records: bytes.toString('hex', at + BATCH_HEADER_BYTES, at + size),
    });
    at += size;
  }
  return batches;
}

/** Every place at which two comparable values differ, as `path: ours … Kafka …`. */
export function differences(ours: unknown, kafkas: unknown, path: string): string[] {
  if (Array.isArray(ours) && Array.isArray(kafkas)) {
    if (ours.length !== kafkas.length) return [difference(path, ours, kafkas)];
    return ours.flatMap((element, index) => differences(element, kafkas[index], `${path}[${index}]`));
  }
  if (isFields(ours) && isFields(kafkas)) {
    const names = new Set([...Object.keys(ours), ...Object.keys(kafkas)]);
    return [...names].flatMap((name) => differences(ours[name], kafkas[name], `${path}.${name}`));
  }
  return Object.is(ours, kafkas) ? [] : [difference(path, ours, kafkas)];
}

function difference(path: string, ours: unknown, kafkas: unknown): string {
  return `${path}: the built-in broker has ${print(ours)}, Apache Kafka ${print(kafkas)}`;
}

function print(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
