/**
 * A batch of positions as columns: how points travel from the main process to the drawing worker.
 * One ArrayBuffer holds everything, because a MessagePort to or from the main process copies, and one copy
 * of one buffer is the cheapest there is.
 *
 * Layout, little-endian, in this order (each column starts at a multiple of its element size):
 *   header    10 x uint32: magic, version, stream, sequence, count, new entities, dictionary bytes, first new entity,
 *             columns that are left out (bit 0 heading, 1 speed, 2 measure: NaN at every point), 1 of a backlog
 *   float64   lon, lat, time, offset
 *   uint32    entity
 *   float32   heading, speed, measure, as far as they are not left out
 *   uint16    partition
 *   uint8     flags
 *   (pad to 4) uint32 byte length of each new entity's id, then the ids in UTF-8, end to end
 */

const MAGIC = 0x42505347; // "GSPB"
const VERSION = 4;
const HEADER_WORDS = 10;
const HEADER_BYTES = 4 * HEADER_WORDS;
const NO_HEADING = 1;
const NO_SPEED = 2;
const NO_MEASURE = 4;
const OPTIONAL = [NO_HEADING, NO_SPEED, NO_MEASURE];

/** Points in a full batch: one frame's worth at a million a second is 16,000; half of that keeps the worker's steps short. */
export const BATCH_POINTS = 8_192;

/** Bit 0 of `flags`: the record was a null value; the entity leaves the map, and lon, lat are NaN. */
export const FLAG_REMOVED = 1;

export interface PointBatch {
  /** Number of the stream (see `Layer.stream`). */
  readonly stream: number;
  /** Counts up by one for each batch of a stream, from 0; acknowledged by this number. */
  readonly sequence: number;
  readonly count: number;
  /** Degrees, WGS 84, length `count`. */
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** Event time, epoch ms, length `count`. */
  readonly time: Float64Array;
  /** Kafka offset, exact up to 2^53, length `count`. */
  readonly offset: Float64Array;
  /** Index into the stream's dictionary of entity ids, length `count`. */
  readonly entity: Uint32Array;
  /** Degrees clockwise from north, NaN when absent, length `count`. */
  readonly heading: Float32Array;
  /** m/s, NaN when absent, length `count`. */
  readonly speed: Float32Array;
  /** The number under the field that the layer's size or colour goes by, NaN when absent, length `count`. */
  readonly measure: Float32Array;
  readonly partition: Uint16Array;
  readonly flags: Uint8Array;
  /** Ids that this batch adds to the dictionary; the first one gets index `firstNewEntity`. */
  readonly firstNewEntity: number;
  readonly newEntities: readonly string[];
  /** It is full, and there is much more to read behind it that came before it was read. */
  readonly isBacklog: boolean;
}

export class PointBatchError extends Error {
  override readonly name = 'PointBatchError';
}

const align = (at: number, to: number) => Math.ceil(at / to) * to;

/** What stands in the place of a column that was left out; nobody writes to it. */
let absent = new Float32Array(BATCH_POINTS).fill(Number.NaN);
function absentColumn(count: number): Float32Array<ArrayBuffer> {
  if (count > absent.length) absent = new Float32Array(count).fill(Number.NaN);
  return absent.subarray(0, count);
}

/** True when it need not be sent. Of a column that is there the first value tells, nearly always. */
function isAbsent(column: Float32Array): boolean {
  for (let i = 0; i < column.length; i++) if (!Number.isNaN(column[i])) return false;
  return true;
}

/** @param without bits of the columns that are left out */
function columns(buffer: ArrayBuffer, count: number, without: number) {
  let at = HEADER_BYTES;
  const take = (bytes: number) => {
    const from = at;
    at += bytes * count;
    return from;
  };
  const optional = (bit: number) =>
    (without & bit) === 0 ? new Float32Array(buffer, take(4), count) : absentColumn(count);
  const views = {
    lon: new Float64Array(buffer, take(8), count),
    lat: new Float64Array(buffer, take(8), count),
    time: new Float64Array(buffer, take(8), count),
    offset: new Float64Array(buffer, take(8), count),
    entity: new Uint32Array(buffer, take(4), count),
    heading: optional(NO_HEADING),
    speed: optional(NO_SPEED),
    measure: optional(NO_MEASURE),
    partition: new Uint16Array(buffer, take(2), count),
    flags: new Uint8Array(buffer, take(1), count),
  };
  return { views, end: align(at, 4) };
}

/** Bytes of a batch without its dictionary. */
function bodyBytes(count: number, without: number): number {
  const there = OPTIONAL.filter((bit) => (without & bit) === 0).length;
  return align(HEADER_BYTES + (4 * 8 + 4 + 4 * there + 2 + 1) * count, 4);
}

/** The most that a full batch takes, without its dictionary. */
export const FULL_BATCH_BYTES = bodyBytes(BATCH_POINTS, 0);

/** Copies the batch into one buffer, ready to be posted. */
export function encodePointBatch(batch: PointBatch): ArrayBuffer {
  const encoder = new TextEncoder();
  const ids = batch.newEntities.map((id) => encoder.encode(id));
  const dictionaryBytes = ids.reduce((sum, id) => sum + 4 + id.byteLength, 0);
  const without =
    (isAbsent(batch.heading) ? NO_HEADING : 0) |
    (isAbsent(batch.speed) ? NO_SPEED : 0) |
    (isAbsent(batch.measure) ? NO_MEASURE : 0);
  const buffer = new ArrayBuffer(bodyBytes(batch.count, without) + align(dictionaryBytes, 4));
  new Uint32Array(buffer, 0, HEADER_WORDS).set([
    MAGIC,
    VERSION,
    batch.stream,
    batch.sequence,
    batch.count,
    ids.length,
    dictionaryBytes,
    batch.firstNewEntity,
    without,
    Number(batch.isBacklog),
  ]);
  const { views, end } = columns(buffer, batch.count, without);
  views.lon.set(batch.lon);
  views.lat.set(batch.lat);
  views.time.set(batch.time);
  views.offset.set(batch.offset);
  views.entity.set(batch.entity);
  if ((without & NO_HEADING) === 0) views.heading.set(batch.heading);
  if ((without & NO_SPEED) === 0) views.speed.set(batch.speed);
  if ((without & NO_MEASURE) === 0) views.measure.set(batch.measure);
  views.partition.set(batch.partition);
  views.flags.set(batch.flags);
  const lengths = new Uint32Array(buffer, end, ids.length);
  const bytes = new Uint8Array(buffer);
  let at = end + 4 * ids.length;
  for (const [i, id] of ids.entries()) {
    lengths[i] = id.byteLength;
    bytes.set(id, at);
    at += id.byteLength;
  }
  return buffer;
}

/**
 * Views over a received buffer; nothing is copied but the dictionary's additions.
 * @throws PointBatchError when the buffer is not a batch of this version, or shorter than it says.
 */
export function decodePointBatch(buffer: ArrayBuffer): PointBatch {
  if (buffer.byteLength < HEADER_BYTES)
    throw new PointBatchError(`a batch of ${buffer.byteLength} bytes has no header`);
  const [
    magic = 0,
    version = 0,
    stream = 0,
    sequence = 0,
    count = 0,
    added = 0,
    dictionaryBytes = 0,
    firstNewEntity = 0,
    without = 0,
    isBacklog = 0,
  ] = new Uint32Array(buffer, 0, HEADER_WORDS);
  if (magic !== MAGIC || version !== VERSION) throw new PointBatchError(`not a point batch of version ${VERSION}`);
  if (dictionaryBytes < 4 * added || buffer.byteLength < bodyBytes(count, without) + dictionaryBytes) {
    throw new PointBatchError(`${buffer.byteLength} bytes cannot hold ${count} points and ${added} new entities`);
  }
  const { views, end } = columns(buffer, count, without);
  const lengths = new Uint32Array(buffer, end, added);
  const decoder = new TextDecoder();
  const newEntities: string[] = [];
  let at = end + 4 * added;
  for (const length of lengths) {
    if (at + length > end + dictionaryBytes) throw new PointBatchError('an entity id reaches past the dictionary');
    newEntities.push(decoder.decode(new Uint8Array(buffer, at, length)));
    at += length;
  }
  return { stream, sequence, count, ...views, firstNewEntity, newEntities, isBacklog: isBacklog !== 0 };
}
