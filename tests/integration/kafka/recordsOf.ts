/** The records of an answer as objects, which the tests compare; the app makes none. */
import {
  type AbortedTransaction,
  type ReadBounds,
  RecordCursor,
  type UnreadableRecords,
} from '../../../src/main/kafka/recordBatches';

export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export interface ReadRecords {
  readonly records: readonly ReadRecord[];
  readonly unreadable: readonly UnreadableRecords[];
  readonly next: number;
  readonly late: number | null;
}

export const withoutEnd = (position: number): ReadBounds => ({
  position,
  end: Number.POSITIVE_INFINITY,
  before: Number.POSITIVE_INFINITY,
});

export async function recordsOf(
  data: Buffer,
  partition: number,
  bounds: ReadBounds,
  aborted: readonly AbortedTransaction[] = [],
): Promise<ReadRecords> {
  const cursor = await RecordCursor.open(data, bounds, aborted);
  const part = (from: number, length: number) => (length < 0 ? null : cursor.bytes.slice(from, from + length));
  const records: ReadRecord[] = [];
  while (cursor.next()) {
    const { offset, timestamp, keyAt, keyLength, valueAt, valueLength } = cursor;
    records.push({ partition, offset, timestamp, key: part(keyAt, keyLength), value: part(valueAt, valueLength) });
  }
  return { records, unreadable: cursor.unreadable, next: cursor.position, late: cursor.late };
}
