/** Fills the columns of a PointBatch record by record, and keeps the stream's dictionary of entity ids. */
import type { Decoded, RefusalReason } from '../../geo/decodePoint';
import { encodePointBatch, FLAG_REMOVED } from '../../shared/pointBatch';

/** Points in a batch: one frame's worth at a million a second is 16,000; half of that keeps the worker's steps short. */
export const BATCH_POINTS = 8_192;

/** Entities a stream may name; above it, records of further ones are refused, and counted. */
export const MAX_ENTITIES = 1_000_000;

/** Bytes kept of an example of a refused record. */
export const EXAMPLE_BYTES = 1_600;

export interface RefusedRecord {
  readonly reason: RefusalReason;
  readonly partition: number;
  readonly offset: number;
  readonly detail: string;
  readonly value: Uint8Array | null;
}

/** What a finished batch stands for, kept until the map has acknowledged it. */
export interface BatchAccount {
  readonly sequence: number;
  /** Records read, and how many of them are points; the rest were refused. */
  readonly read: number;
  readonly points: number;
  readonly refused: ReadonlyMap<RefusalReason, { readonly count: number; readonly example: RefusedRecord }>;
  /** The positions that are reached once this batch is applied. */
  readonly positions: ReadonlyMap<number, number>;
}

export interface PointBatcher {
  readonly full: boolean;
  /** True when nothing has been added since the last `take`. */
  readonly empty: boolean;
  add(record: { partition: number; offset: number; value: Uint8Array | null }, decoded: Decoded): void;
  /** Records whose batch cannot be unpacked, from this offset on. Where reading is does not move by it. */
  refuseUnreadable(records: number, partition: number, offset: number, reason: string): void;
  /** Everything up to `next` has been added (there may be offsets without a record). */
  reached(partition: number, next: number): void;
  take(): { readonly buffer: ArrayBuffer; readonly account: BatchAccount };
}

export function createPointBatcher(stream: number, maxEntities = MAX_ENTITIES): PointBatcher {
  const lon = new Float64Array(BATCH_POINTS);
  const lat = new Float64Array(BATCH_POINTS);
  const time = new Float64Array(BATCH_POINTS);
  const offsets = new Float64Array(BATCH_POINTS);
  const entity = new Uint32Array(BATCH_POINTS);
  const heading = new Float32Array(BATCH_POINTS);
  const speed = new Float32Array(BATCH_POINTS);
  const partitions = new Uint16Array(BATCH_POINTS);
  const flags = new Uint8Array(BATCH_POINTS);
  const dictionary = new Map<string, number>();
  let newEntities: string[] = [];
  let sequence = 0;
  let count = 0;
  let read = 0;
  let refused = new Map<RefusalReason, { count: number; example: RefusedRecord }>();
  let positions = new Map<number, number>();

  const refuse = (record: RefusedRecord, records = 1) => {
    // A copy: the value is a view into all that was fetched with it.
    const value = record.value === null ? null : new Uint8Array(record.value.subarray(0, EXAMPLE_BYTES));
    const count = (refused.get(record.reason)?.count ?? 0) + records;
    refused.set(record.reason, { count, example: { ...record, value } });
  };

  /** Index of the entity, or -1 when the dictionary is full. */
  const indexOf = (id: string): number => {
    const known = dictionary.get(id);
    if (known !== undefined) return known;
    if (dictionary.size >= maxEntities) return -1;
    const index = dictionary.size;
    dictionary.set(id, index);
    newEntities.push(id);
    return index;
  };

  return {
    get full() {
      return count === BATCH_POINTS || read >= 4 * BATCH_POINTS;
    },
    get empty() {
      return read === 0 && positions.size === 0;
    },
    add({ partition, offset, value }, decoded) {
      read += 1;
      positions.set(partition, offset + 1);
      if (decoded.kind === 'refused') {
        refuse({ reason: decoded.reason, detail: decoded.detail, partition, offset, value });
        return;
      }
      const index = indexOf(decoded.entity);
      if (index < 0) {
        refuse({ reason: 'too-many-entities', detail: `the layer holds ${maxEntities}`, partition, offset, value });
        return;
      }
      const removed = decoded.kind === 'removed';
      lon[count] = removed ? Number.NaN : decoded.lon;
      lat[count] = removed ? Number.NaN : decoded.lat;
      time[count] = removed ? Number.NaN : decoded.time;
      heading[count] = removed ? Number.NaN : decoded.heading;
      speed[count] = removed ? Number.NaN : decoded.speed;
      offsets[count] = offset;
      entity[count] = index;
      partitions[count] = partition;
      flags[count] = removed ? FLAG_REMOVED : 0;
      count += 1;
    },
    refuseUnreadable(records, partition, offset, reason) {
      read += records;
      refuse({ reason: 'unreadable', detail: reason, partition, offset, value: null }, records);
    },
    reached(partition, next) {
      positions.set(partition, next);
    },
    take() {
      const account: BatchAccount = { sequence, read, points: count, refused, positions };
      const buffer = encodePointBatch({
        stream,
        sequence,
        count,
        lon: lon.subarray(0, count),
        lat: lat.subarray(0, count),
        time: time.subarray(0, count),
        offset: offsets.subarray(0, count),
        entity: entity.subarray(0, count),
        heading: heading.subarray(0, count),
        speed: speed.subarray(0, count),
        partition: partitions.subarray(0, count),
        flags: flags.subarray(0, count),
        firstNewEntity: dictionary.size - newEntities.length,
        newEntities,
      });
      sequence += 1;
      count = 0;
      read = 0;
      refused = new Map();
      positions = new Map();
      newEntities = [];
      return { buffer, account };
    },
  };
}
