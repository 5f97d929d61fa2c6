/**
 * The records in an answer to Fetch: batches of the v2 format (KIP-98), one behind the other, the last one cut off where
 * the broker's limit was. A batch that cannot be unpacked is told with its offsets; the others are read all the same.
 */
import { decompress, isCodec } from './codecs';
import { decodeMessageSet } from './messageSet';

export interface FetchedRecord {
  readonly partition: number;
  readonly offset: number;
  /** Kafka's timestamp, epoch ms. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** Records that are in Kafka and cannot be had: their batch is damaged, or packed in a way that is not known. */
export interface UnreadableRecords {
  /** Offsets, `to` exclusive; after compaction there may be fewer records. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly reason: string;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface DecodedRecords {
  /** In offset order, from the position on, without control records and what belongs to aborted transactions. */
  readonly records: readonly FetchedRecord[];
  readonly unreadable: readonly UnreadableRecords[];
  /** The position behind them; offsets that compaction emptied count as read. */
  readonly next: number;
}

/** Bytes of a batch before its first record, and before what its own length counts. */
const HEADER_BYTES = 61;
const LENGTH_END = 12;
const MAGIC_AT = 16;

const CODEC_BITS = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const ABORT_MARKER = 0;

class Damaged extends Error {}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const int64At = (data: Buffer, at: number) => data.readInt32BE(at) * 2 ** 32 + data.readUInt32BE(at + 4);

/** Total: whatever the bytes, it does not throw, and `next` is never before the position. */
export async function decodeRecords(
  data: Buffer,
  partition: number,
  position: number,
  abortedTransactions: readonly AbortedTransaction[] = [],
): Promise<DecodedRecords> {
  const records: FetchedRecord[] = [];
  const unreadable: UnreadableRecords[] = [];
  const transactions = followTransactions(abortedTransactions);
  let next = position;
  for (let at = 0; at + MAGIC_AT < data.length; ) {
    const base = int64At(data, at);
    const end = at + LENGTH_END + data.readInt32BE(at + 8);
    const magic = data.readInt8(at + MAGIC_AT);
    if (magic < 2) {
      // Messages of the formats before v2 (Kafka 0.10 and older) are never behind a batch.
      try {
        const older = await decodeMessageSet(data.subarray(at), partition, next);
        for (const record of older.records) records.push(record);
        next = older.next;
      } catch (error) {
        const from = next;
        next = Math.max(next, base) + 1;
        unreadable.push({ from, to: next, records: 1, reason: reasonOf(error) });
      }
      break;
    }
    if (end > data.length || end < at + HEADER_BYTES) break;
    const behind = base + data.readInt32BE(at + 23) + 1;
    const batch = data.subarray(at, end);
    at = end;
    if (behind <= next) continue;
    try {
      if (transactions.isVisible(batch, behind)) readBatch(batch, magic, partition, next, records);
    } catch (error) {
      const from = Math.max(next, base);
      const claimed = batch.readInt32BE(57);
      unreadable.push({
        from,
        to: behind,
        records: Math.max(1, Math.min(claimed, behind - from)),
        reason: reasonOf(error),
      });
    }
    next = behind;
  }
  return { records, unreadable, next };
}

/** Appends the batch's records from the position on. Throws when it is damaged, with `records` as they were. */
function readBatch(batch: Buffer, magic: number, partition: number, position: number, records: FetchedRecord[]): void {
  if (magic > 2) throw new Damaged(`The batch has the format ${magic}, which is not known here.`);
  const attributes = batch.readInt16BE(21);
  const base = int64At(batch, 0);
  const baseTimestamp = int64At(batch, 27);
  const appendTime = (attributes & LOG_APPEND_TIME) === 0 ? null : int64At(batch, 35);
  const count = batch.readInt32BE(57);
  const before = records.length;
  try {
    const body = batch.subarray(HEADER_BYTES);
    const codec = attributes & CODEC_BITS;
    if (!isCodec(codec)) throw new Damaged(`The batch is compressed with codec ${codec}, which is not known here.`);
    const reader = new RecordReader(decompress(codec, body));
    for (let i = 0; i < count; i++) {
      reader.begin();
      const offset = base + reader.offsetDelta;
      if (offset < position) continue;
      const timestamp = appendTime ?? baseTimestamp + reader.timestampDelta;
      records.push({ partition, offset, timestamp, key: reader.key, value: reader.value });
    }
  } catch (error) {
    records.length = before;
    throw error;
  }
}

/** Steps through the records of one batch; each step sets the fields. Headers are passed over. */
class RecordReader {
  timestampDelta = 0;
  offsetDelta = 0;
  key: Uint8Array | null = null;
  value: Uint8Array | null = null;
  private at = 0;

  constructor(private readonly data: Buffer) {}

  begin(): void {
    const length = this.varint();
    const end = this.at + length;
    if (length < 0 || end > this.data.length) throw new Damaged('A record reaches beyond its batch.');
    this.at += 1; // attributes, none are in use
    this.timestampDelta = this.varint();
    this.offsetDelta = this.varint();
    this.key = this.bytes(end);
    this.value = this.bytes(end);
    this.at = end;
  }

  private bytes(end: number): Uint8Array | null {
    const length = this.varint();
    if (length < 0) return null;
    const from = this.at;
    this.at += length;
    if (this.at > end) throw new Damaged('A key or value reaches beyond its record.');
    return this.data.subarray(from, this.at);
  }

  /** Zigzag, of up to 64 bits; exact up to 2^53. */
  private varint(): number {
    const { data } = this;
    let byte = data[this.at++];
    if (byte === undefined) throw new Damaged('The batch ends within a record.');
    let raw = byte & 0x7f;
    let scale = 128;
    while (byte >= 0x80) {
      byte = data[this.at++];
      if (byte === undefined || scale > 2 ** 63) throw new Damaged('The batch holds a number that does not end.');
      raw += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }
}

/** Tells which batches a reader of committed records sees; asked in offset order. */
function followTransactions(aborted: readonly AbortedTransaction[]) {
  const coming = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  const open = new Set<bigint>();
  return {
    isVisible(batch: Buffer, behind: number): boolean {
      for (let first = coming.at(-1); first !== undefined && first.firstOffset < behind; first = coming.at(-1)) {
        open.add(first.producerId);
        coming.pop();
      }
      const attributes = batch.readInt16BE(21);
      if ((attributes & CONTROL) !== 0) {
        if (open.size > 0 && isAbortMarker(batch)) open.delete(batch.readBigInt64BE(43));
        return false;
      }
      return (attributes & TRANSACTIONAL) === 0 || open.size === 0 || !open.has(batch.readBigInt64BE(43));
    },
  };
}

function isAbortMarker(batch: Buffer): boolean {
  const reader = new RecordReader(batch.subarray(HEADER_BYTES));
  reader.begin();
  // Its key: version and kind, an int16 each.
  return reader.key !== null && reader.key.length >= 4 && Buffer.from(reader.key).readInt16BE(2) === ABORT_MARKER;
}
