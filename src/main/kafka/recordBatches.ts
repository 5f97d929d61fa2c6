/**
 * The records in an answer to Fetch: batches of the v2 format (KIP-98), one behind the other, the last one cut off where
 * the broker's limit was. What of a batch cannot be unpacked is told with its offsets; the others are read all the same.
 */
import { decompress, isCodec } from './codecs';
import { decodeMessageSet, type OlderRecord } from './messageSet';

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

/** What of an answer is wanted. */
export interface ReadBounds {
  /** The first offset. */
  readonly position: number;
  /** Reading ends before this offset, and before the first record of this time (epoch ms); infinity: never. */
  readonly end: number;
  readonly before: number;
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

/**
 * Goes through the records of an answer in offset order, from the position on, without control records and what belongs
 * to aborted transactions. There is no object for a record: each step sets the fields, which hold until the next one.
 * Total: whatever the bytes, it does not throw and never steps back.
 */
export class RecordCursor {
  offset = 0;
  /** Kafka's timestamp, epoch ms. */
  timestamp = 0;
  /** What key and value lie in. A length below 0: null. */
  bytes: Uint8Array = new Uint8Array(0);
  keyAt = 0;
  keyLength = -1;
  valueAt = 0;
  valueLength = -1;
  /** The position behind what has been passed; offsets that compaction emptied count as read. */
  position: number;
  /** Offset of the first record of the time before which reading ends, once it was met. */
  late: number | null = null;
  readonly unreadable: UnreadableRecords[] = [];

  readonly #data: Buffer;
  readonly #end: number;
  readonly #before: number;
  readonly #transactions: ReturnType<typeof followTransactions>;
  /** Records in a format before v2, which are unpacked as a whole. */
  readonly #older: OlderRecord[];
  /** Where the next batch begins. */
  #at = 0;
  /** Of the batch that is open: its records, their place and how many are left. */
  #base = 0;
  #behind = 0;
  #first = 0;
  #baseTimestamp = 0;
  #appendTime: number | null = null;
  #body: Uint8Array = this.bytes;
  #next = 0;
  #left = 0;

  private constructor(data: Buffer, bounds: ReadBounds, aborted: readonly AbortedTransaction[], older: OlderRecord[]) {
    this.#data = data;
    this.position = bounds.position;
    this.#end = bounds.end;
    this.#before = bounds.before;
    this.#transactions = followTransactions(aborted);
    this.#older = older;
  }

  static async open(
    data: Buffer,
    bounds: ReadBounds,
    aborted: readonly AbortedTransaction[] = [],
  ): Promise<RecordCursor> {
    if (data.length <= MAGIC_AT || data.readInt8(MAGIC_AT) >= 2) return new RecordCursor(data, bounds, aborted, []);
    // Messages of the formats before v2 (Kafka 0.10 and older): what is behind them is left for the next fetch.
    const nothing = data.subarray(data.length);
    const { position } = bounds;
    try {
      return new RecordCursor(nothing, bounds, aborted, await decodeMessageSet(data, position));
    } catch (error) {
      const to = Math.max(position, int64At(data, 0)) + 1;
      const cursor = new RecordCursor(nothing, { ...bounds, position: to }, aborted, []);
      cursor.unreadable.push({ from: position, to, records: 1, reason: reasonOf(error) });
      return cursor;
    }
  }

  /** False when there is none left. */
  next(): boolean {
    if (this.#older.length > 0) return this.#nextOlder();
    for (;;) {
      try {
        while (this.#left > 0) {
          this.#left -= 1;
          this.#step();
          if (this.offset >= this.#first) return this.#isWanted();
        }
      } catch (error) {
        this.#giveUp(this.#left + 1, this.position, error);
      }
      this.position = Math.max(this.position, Math.min(this.#behind, this.#end));
      if (this.position >= this.#end || !this.#openBatch()) return false;
    }
  }

  /** False when reading ends before this record; then it ends for good. */
  #isWanted(): boolean {
    const isLate = this.timestamp >= this.#before;
    if (!isLate && this.offset < this.#end) {
      this.position = Math.max(this.position, this.offset + 1);
      return true;
    }
    if (isLate) this.late = this.offset;
    this.position = Math.max(this.position, Math.min(this.offset, this.#end));
    this.#left = 0;
    this.#behind = 0;
    this.#at = this.#data.length;
    this.#older.length = 0;
    return false;
  }

  #nextOlder(): boolean {
    const record = this.#older.shift();
    if (record === undefined) return false;
    const { key, value } = record;
    this.offset = record.offset;
    this.timestamp = record.timestamp;
    this.bytes = Buffer.concat([key ?? NOTHING, value ?? NOTHING]);
    this.keyAt = 0;
    this.keyLength = key === null ? -1 : key.length;
    this.valueAt = Math.max(0, this.keyLength);
    this.valueLength = value === null ? -1 : value.length;
    return this.#isWanted();
  }

  /** Opens the next batch that has something to read; false when there is none, or none as a whole. */
  #openBatch(): boolean {
    const data = this.#data;
    while (this.#at + MAGIC_AT < data.length) {
      const at = this.#at;
      const end = at + LENGTH_END + data.readInt32BE(at + 8);
      const magic = data.readInt8(at + MAGIC_AT);
      if (magic < 2 || end > data.length || end < at + HEADER_BYTES) return false;
      this.#at = end;
      const base = int64At(data, at);
      const behind = base + data.readInt32BE(at + 23) + 1;
      if (behind <= this.position) continue;
      const batch = data.subarray(at, end);
      this.#base = base;
      this.#behind = behind;
      this.#first = this.position;
      this.#left = 0;
      try {
        if (this.#transactions.isVisible(batch, behind)) this.#unpack(batch, magic);
      } catch (error) {
        this.#giveUp(batch.readInt32BE(57), Math.max(this.position, base), error);
      }
      return true;
    }
    return false;
  }

  #unpack(batch: Buffer, magic: number): void {
    if (magic > 2) throw new Damaged(`The batch has the format ${magic}, which is not known here.`);
    const attributes = batch.readInt16BE(21);
    this.#baseTimestamp = int64At(batch, 27);
    this.#appendTime = (attributes & LOG_APPEND_TIME) === 0 ? null : int64At(batch, 35);
    const body = batch.subarray(HEADER_BYTES);
    const codec = attributes & CODEC_BITS;
    if (!isCodec(codec)) throw new Damaged(`The batch is compressed with codec ${codec}, which is not known here.`);
    this.#body = decompress(codec, body);
    this.bytes = this.#body;
    this.#next = 0;
    this.#left = batch.readInt32BE(57);
  }

  /** The rest of the open batch cannot be read, from this offset on. */
  #giveUp(claimed: number, from: number, error: unknown): void {
    const to = this.#behind;
    this.#left = 0;
    if (from >= this.#end || to <= from) return;
    const records = Math.max(1, Math.min(claimed, to - from));
    this.unreadable.push({ from, to, records, reason: reasonOf(error) });
  }

  #step(): void {
    const length = this.#varint();
    const end = this.#next + length;
    if (length < 0 || end > this.#body.length) throw new Damaged('A record reaches beyond its batch.');
    this.#next += 1; // attributes, none are in use
    const timestampDelta = this.#varint();
    this.offset = this.#base + this.#varint();
    this.timestamp = this.#appendTime ?? this.#baseTimestamp + timestampDelta;
    this.keyLength = this.#varint();
    this.keyAt = this.#next;
    if (this.keyLength > 0) this.#next += this.keyLength;
    if (this.#next > end) throw new Damaged('A key or value reaches beyond its record.');
    this.valueLength = this.#varint();
    this.valueAt = this.#next;
    if (this.#next + this.valueLength > end) throw new Damaged('A key or value reaches beyond its record.');
    this.#next = end;
  }

  /** Zigzag, of up to 64 bits; exact up to 2^53. */
  #varint(): number {
    const body = this.#body;
    let byte = body[this.#next++];
    if (byte === undefined) throw new Damaged('The batch ends within a record.');
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let raw = byte & 0x7f;
    let scale = 128;
    while (byte >= 0x80) {
      byte = body[this.#next++];
      if (byte === undefined || scale > 2 ** 63) throw new Damaged('The batch holds a number that does not end.');
      raw += (byte & 0x7f) * scale;
      scale *= 128;
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }
}

const NOTHING = new Uint8Array(0);

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

/** The key of a marker's one record holds a version and the kind, an int16 each. */
function isAbortMarker(batch: Buffer): boolean {
  // Before the key: the record's length, its attributes, two deltas, and the key's own length.
  let at = behindVarint(batch, HEADER_BYTES) + 1;
  for (let i = 0; i < 3; i++) at = behindVarint(batch, at);
  return at + 4 <= batch.length && batch.readInt16BE(at + 2) === ABORT_MARKER;
}

function behindVarint(data: Buffer, from: number): number {
  let at = from;
  while ((data[at] ?? 0) >= 0x80) at += 1;
  return at + 1;
}
