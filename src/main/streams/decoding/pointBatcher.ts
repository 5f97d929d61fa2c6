/** Fills the columns of a PointBatch, and keeps account of what each batch stands for. */
import type { RefusalReason } from '../../../geo/decodePoint';
import { BATCH_POINTS, encodePointBatch, FLAG_REMOVED } from '../../../shared/pointBatch';

/** Records, points or not, after which a batch is full. */
const BATCH_RECORDS = 4 * BATCH_POINTS;

/** Bytes kept of an example of a refused record. */
export const EXAMPLE_BYTES = 1_600;

export interface RefusedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly detail: string;
  readonly value: Uint8Array | null;
}

/** How many records were refused for one reason, and the last few of them, oldest first. */
export interface Refusals {
  readonly count: number;
  readonly examples: readonly RefusedRecord[];
}

/** What a finished batch stands for, kept until the map has acknowledged it. */
export interface BatchAccount {
  readonly sequence: number;
  /** Records read, and how many of them are points; the rest were refused. */
  readonly read: number;
  readonly points: number;
  readonly refused: ReadonlyMap<RefusalReason, Refusals>;
  /** The positions that are reached once this batch is applied. */
  readonly positions: ReadonlyMap<number, number>;
}

/** The newest of both, oldest first. */
export const lastOf = <T>(before: readonly T[], more: readonly T[], most: number): readonly T[] =>
  [...before, ...more].slice(-most);

export class PointBatcher {
  #lon = new Float64Array(BATCH_POINTS);
  #lat = new Float64Array(BATCH_POINTS);
  #time = new Float64Array(BATCH_POINTS);
  #offset = new Float64Array(BATCH_POINTS);
  #entity = new Uint32Array(BATCH_POINTS);
  #heading = new Float32Array(BATCH_POINTS);
  #speed = new Float32Array(BATCH_POINTS);
  #measure = new Float32Array(BATCH_POINTS);
  #partition = new Uint16Array(BATCH_POINTS);
  #flags = new Uint8Array(BATCH_POINTS);
  #sequence = 0;
  #count = 0;
  #read = 0;
  #refused = new Map<RefusalReason, Refusals>();
  #positions = new Map<number, number>();
  readonly #stream: number;
  readonly #examples: number;

  /** @param examples how many refused records are kept of each reason */
  constructor(stream: number, examples: number) {
    this.#stream = stream;
    this.#examples = examples;
  }

  get full(): boolean {
    return this.#count === BATCH_POINTS || this.#read >= BATCH_RECORDS;
  }

  /** True when nothing has been added since the last `take`. */
  get empty(): boolean {
    return this.#read === 0 && this.#positions.size === 0;
  }

  /** Units as in PointBatch. There has to be room: see `full`. */
  addFix(
    entity: number,
    partition: number,
    offset: number,
    lat: number,
    lon: number,
    time: number,
    heading: number,
    speed: number,
    measure: number,
  ): void {
    const i = this.#place(entity, partition, offset);
    this.#lon[i] = lon;
    this.#lat[i] = lat;
    this.#time[i] = time;
    this.#heading[i] = heading;
    this.#speed[i] = speed;
    this.#measure[i] = measure;
    this.#flags[i] = 0;
  }

  addRemoval(entity: number, partition: number, offset: number): void {
    const i = this.#place(entity, partition, offset);
    this.#lon[i] = Number.NaN;
    this.#lat[i] = Number.NaN;
    this.#time[i] = Number.NaN;
    this.#heading[i] = Number.NaN;
    this.#speed[i] = Number.NaN;
    this.#measure[i] = Number.NaN;
    this.#flags[i] = FLAG_REMOVED;
  }

  #place(entity: number, partition: number, offset: number): number {
    const i = this.#count;
    this.#count += 1;
    this.#read += 1;
    this.#entity[i] = entity;
    this.#partition[i] = partition;
    this.#offset[i] = offset;
    return i;
  }

  /** `records` of them, of which this is the first. The value is copied. */
  refuse(reason: RefusalReason, { value, ...record }: RefusedRecord, records = 1): void {
    const before = this.#refused.get(reason);
    const kept = { ...record, value: value && new Uint8Array(value.subarray(0, EXAMPLE_BYTES)) };
    const examples = lastOf(before?.examples ?? [], [kept], this.#examples);
    this.#refused.set(reason, { count: (before?.count ?? 0) + records, examples });
    this.#read += records;
  }

  /** Everything up to `next` has been added (there may be offsets without a record). */
  reached(partition: number, next: number): void {
    this.#positions.set(partition, next);
  }

  /**
   * @param firstNewEntity number of the first of the entities that this batch brings
   * @param newEntities their ids
   * @param isBacklog see PointBatch
   */
  take(
    firstNewEntity: number,
    newEntities: readonly string[],
    isBacklog: boolean,
  ): { buffer: ArrayBuffer; account: BatchAccount } {
    const count = this.#count;
    const sequence = this.#sequence;
    const account = { sequence, read: this.#read, points: count, refused: this.#refused, positions: this.#positions };
    const buffer = encodePointBatch({
      stream: this.#stream,
      sequence,
      count,
      lon: this.#lon.subarray(0, count),
      lat: this.#lat.subarray(0, count),
      time: this.#time.subarray(0, count),
      offset: this.#offset.subarray(0, count),
      entity: this.#entity.subarray(0, count),
      heading: this.#heading.subarray(0, count),
      speed: this.#speed.subarray(0, count),
      measure: this.#measure.subarray(0, count),
      partition: this.#partition.subarray(0, count),
      flags: this.#flags.subarray(0, count),
      firstNewEntity,
      newEntities,
      isBacklog,
    });
    this.#sequence += 1;
    this.#count = 0;
    this.#read = 0;
    this.#refused = new Map();
    this.#positions = new Map();
    return { buffer, account };
  }
}
