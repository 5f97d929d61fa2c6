/**
 * What one stream knows of its entities: the newest fix of each, by event time, in columns. However records arrive,
 * an older fix never moves an entity; it only finds its place in the trail.
 *
 * An entity without a fix for the layer's fade time is drawn faded, and after its hide time it is hidden; hidden
 * ones stay here, and come back with a new fix or another setting. Ages are measured on the stream's own clock.
 */
import { FLAG_REMOVED, type PointBatch } from '../../../shared/pointBatch';
import { mercatorX } from '../projection';
import { ChangeRing } from './changeRing';
import { longer } from './columns';
import { Glide } from './glide';
import { headingStep } from './headings';
import { tabledMercatorY } from './latitudeTable';
import { StreamClock } from './streamClock';
import { NONE, type TrailRing } from './trailRing';

/** Phases of an entity, as in the `phase` column. */
export const ABSENT = 0;
/** Removed by a null value; its `offset` and `partition` are those of that record. */
export const REMOVED = 1;
export const FRESH = 2;
export const FADED = 3;
export const HIDDEN = 4;

/** How the records of one batch ended; the three add up to its count. */
export interface BatchOutcome {
  readonly shown: number;
  readonly late: number;
  readonly removed: number;
}

/** Ages in ms; null: never. */
export interface Staleness {
  readonly fadeAfterMs: number | null;
  readonly hideAfterMs: number | null;
}

export class EntityStoreError extends Error {
  override readonly name = 'EntityStoreError';
}

const INITIAL = 256;

export class EntityStore {
  /** World fractions of the newest fix (projection.ts). */
  x = new Float64Array(INITIAL);
  y = new Float64Array(INITIAL);
  /** Degrees as the record gave them. */
  lon = new Float64Array(INITIAL);
  lat = new Float64Array(INITIAL);
  time = new Float64Array(INITIAL);
  offset = new Float64Array(INITIAL);
  heading = new Float32Array(INITIAL);
  /** The same as its mark shows it (headings.ts): it is asked for in every frame, and comes with a fix. */
  headingStep = new Uint8Array(INITIAL);
  speed = new Float32Array(INITIAL);
  /** The number that the layer shows, of the newest fix; NaN when it had none. */
  measure = new Float32Array(INITIAL).fill(Number.NaN);
  partition = new Uint16Array(INITIAL);
  phase = new Uint8Array(INITIAL);
  /** Its track in the trail ring, or NONE. */
  track = new Uint32Array(INITIAL).fill(NONE);

  /** The dictionary: entity ids by index. */
  readonly ids: string[] = [];
  /** Who has changed in what is seen of them. */
  readonly changes = new ChangeRing();
  readonly #clock = new StreamClock();
  readonly #trails: TrailRing;
  readonly #phases = [0, 0, 0, 0, 0];
  /** Null unless motion is smooth. */
  #glide: Glide | null = null;
  #fadeAfter = Number.POSITIVE_INFINITY;
  #hideAfter = Number.POSITIVE_INFINITY;
  #leastMeasure = Number.POSITIVE_INFINITY;
  #mostMeasure = Number.NEGATIVE_INFINITY;
  /** While the stream's clock stays in [#from, #until) no entity changes its phase by age. */
  #from = Number.NEGATIVE_INFINITY;
  #until = Number.POSITIVE_INFINITY;

  constructor(trails: TrailRing) {
    this.#trails = trails;
  }

  /** Entities on the map: fresh or faded. */
  get entities(): number {
    return (this.#phases[FRESH] ?? 0) + (this.#phases[FADED] ?? 0);
  }

  get faded(): number {
    return this.#phases[FADED] ?? 0;
  }

  /** Entities taken off the map because they are stale. */
  get hidden(): number {
    return this.#phases[HIDDEN] ?? 0;
  }

  /** The least and the most of all numbers that entities have shown so far; null when none has had one. */
  get measured(): { readonly least: number; readonly most: number } | null {
    const [least, most] = [this.#leastMeasure, this.#mostMeasure];
    return least <= most ? { least, most } : null;
  }

  /** World fractions of where each entity is shown: at its newest fix, or on its way there. */
  get shownX(): Float64Array {
    return this.#glide?.x ?? this.x;
  }

  get shownY(): Float64Array {
    return this.#glide?.y ?? this.y;
  }

  /** Entities that are on their way to their newest fix. */
  get gliding(): number {
    return this.#glide?.gliding ?? 0;
  }

  isGliding(entity: number): boolean {
    return this.#glide?.isGliding(entity) ?? false;
  }

  /** Event time of the last fix that the entity has left behind. */
  leftBehind(entity: number): number {
    const time = this.time[entity] ?? 0;
    return this.isGliding(entity) ? (this.#glide?.comesFrom(entity, time) ?? time) : time;
  }

  /** One past the highest entity index that a column may be asked for. */
  get length(): number {
    return this.ids.length;
  }

  /** Entities that the columns have room for. */
  get capacity(): number {
    return this.phase.length;
  }

  /**
   * Applies a batch as a whole, or not at all.
   * @param wallNow epoch ms at receipt
   * @throws EntityStoreError when the batch does not go with this stream's dictionary.
   */
  apply(batch: PointBatch, wallNow: number): BatchOutcome {
    this.#learn(batch);
    const { count, entity, flags, time, lon, lat, offset, partition, heading, speed, measure } = batch;
    // Columns do not grow in this loop; as locals they are found once, not once a point.
    const { x: xs, y: ys, phase: phases, time: times, track: tracks, lon: lons, lat: lats, offset: offsets } = this;
    const { heading: headings, headingStep: steps, speed: speeds, measure: measures, partition: partitions } = this;
    const [glide, trails, changes] = [this.#glide, this.#trails, this.changes];
    const { incoming } = trails;
    let shown = 0;
    let late = 0;
    let removed = 0;
    let newest = Number.NEGATIVE_INFINITY;
    let earliestShown = Number.POSITIVE_INFINITY;
    let [least, most] = [this.#leastMeasure, this.#mostMeasure];
    for (let i = 0; i < count; i++) {
      const e = entity[i] ?? 0;
      const t = time[i] ?? 0;
      if (t > newest) newest = t;
      if (((flags[i] ?? 0) & FLAG_REMOVED) !== 0) {
        this.#forget(e, partition[i] ?? 0, offset[i] ?? 0);
        removed++;
        continue;
      }
      const phase = phases[e] ?? ABSENT;
      const before = phase === REMOVED && this.#precedes(batch, i, e);
      const x = mercatorX(lon[i] ?? 0);
      const y = tabledMercatorY(lat[i] ?? 0);
      if (before || (phase >= FRESH && t < (times[e] ?? 0))) {
        late++;
        // What was removed takes its past with it.
        if (!before) trails.add(this.#trackOf(e), x, y, t);
        continue;
      }
      shown++;
      changes.note(e);
      xs[e] = x;
      ys[e] = y;
      glide?.aim(e, x, y, t - (times[e] ?? 0), wallNow);
      times[e] = t;
      lons[e] = lon[i] ?? 0;
      lats[e] = lat[i] ?? 0;
      offsets[e] = offset[i] ?? 0;
      const direction = heading[i] ?? Number.NaN;
      headings[e] = direction;
      steps[e] = headingStep(direction);
      speeds[e] = speed[i] ?? Number.NaN;
      partitions[e] = partition[i] ?? 0;
      const m = measure[i] ?? Number.NaN;
      // What is too large for a Float32 is infinite here, and no number to make a scale of.
      measures[e] = m - m === 0 ? m : Number.NaN;
      if (m < least && m > Number.NEGATIVE_INFINITY) least = m;
      if (m > most && m < Number.POSITIVE_INFINITY) most = m;
      if (phase !== FRESH) this.#enter(e, FRESH);
      if (t < earliestShown) earliestShown = t;
      let track = tracks[e] ?? NONE;
      if (track === NONE) track = this.#trackOf(e);
      incoming[0] = x;
      incoming[1] = y;
      incoming[2] = t;
      trails.addIncoming(track);
    }
    this.#leastMeasure = least;
    this.#mostMeasure = most;
    this.#until = Math.min(this.#until, earliestShown + Math.min(this.#fadeAfter, this.#hideAfter));
    this.#clock.advance(newest, wallNow);
    this.settle(wallNow);
    return { shown, late, removed };
  }

  /** Whether entities glide from fix to fix from now on. */
  setSmooth(smooth: boolean): void {
    if (smooth === (this.#glide !== null)) return;
    this.#glide = smooth ? new Glide(this.x, this.y) : null;
    this.changes.noteAll();
  }

  /**
   * Moves those that glide to where they are by now.
   * @param step world widths that somebody has to have gone to be moved
   * @returns ms until somebody is to be moved next; infinity when nobody glides
   */
  moveOn(wallNow: number, step = 0): number {
    return this.#glide?.moveOn(this.x, this.y, wallNow, step, this.changes) ?? Number.POSITIVE_INFINITY;
  }

  /** Another fade or hide time; everything is judged anew. */
  setStaleness({ fadeAfterMs, hideAfterMs }: Staleness, wallNow: number): void {
    const fadeAfter = fadeAfterMs ?? Number.POSITIVE_INFINITY;
    const hideAfter = hideAfterMs ?? Number.POSITIVE_INFINITY;
    if (fadeAfter === this.#fadeAfter && hideAfter === this.#hideAfter) return;
    this.#fadeAfter = fadeAfter;
    this.#hideAfter = hideAfter;
    this.#judge(this.#clock.at(wallNow));
  }

  /** Lets time pass. True when an entity faded, was hidden, or came back. */
  settle(wallNow: number): boolean {
    const clock = this.#clock.at(wallNow);
    if (clock >= this.#from && clock < this.#until) return false;
    return this.#judge(clock);
  }

  /** Milliseconds until `settle` may next have something to do; infinity when never. */
  restsFor(wallNow: number): number {
    return Math.max(0, this.#until - this.#clock.at(wallNow));
  }

  /** Gives the trails back to the ring. */
  close(): void {
    for (const track of this.track) if (track !== NONE) this.#trails.drop(track);
    this.track.fill(NONE);
  }

  #judge(clock: number): boolean {
    let changed = false;
    let from = Number.NEGATIVE_INFINITY;
    let until = Number.POSITIVE_INFINITY;
    for (let e = 0; e < this.length; e++) {
      if ((this.phase[e] ?? ABSENT) < FRESH) continue;
      const t = this.time[e] ?? 0;
      const hideAt = t + this.#hideAfter;
      const fadeAt = t + this.#fadeAfter;
      const phase = clock >= hideAt ? HIDDEN : clock >= fadeAt ? FADED : FRESH;
      if (clock >= hideAt) from = Math.max(from, hideAt);
      else until = Math.min(until, hideAt);
      if (clock >= fadeAt) from = Math.max(from, fadeAt);
      else until = Math.min(until, fadeAt);
      if (phase !== this.phase[e]) {
        this.#enter(e, phase);
        changed = true;
      }
    }
    this.#from = from;
    this.#until = until;
    return changed;
  }

  #enter(entity: number, phase: number): void {
    const before = this.phase[entity] ?? ABSENT;
    this.#phases[before] = (this.#phases[before] ?? 0) - 1;
    this.#phases[phase] = (this.#phases[phase] ?? 0) + 1;
    this.phase[entity] = phase;
    this.changes.note(entity);
    if (phase === REMOVED || phase === HIDDEN) this.#glide?.forget(entity, this.x[entity] ?? 0, this.y[entity] ?? 0);
  }

  /** True when record `i` stands before entity `e`'s own last record in the same partition. */
  #precedes(batch: PointBatch, i: number, e: number): boolean {
    return batch.partition[i] === this.partition[e] && (batch.offset[i] ?? 0) < (this.offset[e] ?? 0);
  }

  #forget(entity: number, partition: number, offset: number): void {
    const track = this.track[entity] ?? NONE;
    if (track !== NONE) this.#trails.drop(track);
    this.track[entity] = NONE;
    this.partition[entity] = partition;
    this.offset[entity] = offset;
    this.#enter(entity, REMOVED);
  }

  #trackOf(entity: number): number {
    const track = this.track[entity] ?? NONE;
    if (track !== NONE) return track;
    const opened = this.#trails.open();
    this.track[entity] = opened;
    return opened;
  }

  /** Checks the batch against the dictionary, and adds to it what the batch brings. */
  #learn(batch: PointBatch): void {
    const { firstNewEntity, newEntities, entity } = batch;
    if (newEntities.length > 0 && firstNewEntity !== this.ids.length) {
      throw new EntityStoreError(
        `batch ${batch.sequence} adds entities from number ${firstNewEntity}, but ${this.ids.length} are known`,
      );
    }
    const known = this.ids.length + newEntities.length;
    for (let i = 0; i < batch.count; i++) {
      if ((entity[i] ?? 0) >= known) {
        throw new EntityStoreError(`batch ${batch.sequence} speaks of entity ${entity[i]}, but ${known} are known`);
      }
    }
    for (const id of newEntities) this.ids.push(id);
    if (known > this.phase.length) this.#grow(Math.max(known, this.phase.length * 2));
  }

  #grow(length: number): void {
    this.x = longer(this.x, new Float64Array(length));
    this.y = longer(this.y, new Float64Array(length));
    this.lon = longer(this.lon, new Float64Array(length));
    this.lat = longer(this.lat, new Float64Array(length));
    this.time = longer(this.time, new Float64Array(length));
    this.offset = longer(this.offset, new Float64Array(length));
    this.heading = longer(this.heading, new Float32Array(length));
    this.headingStep = longer(this.headingStep, new Uint8Array(length));
    this.speed = longer(this.speed, new Float32Array(length));
    this.measure = longer(this.measure, new Float32Array(length).fill(Number.NaN));
    this.partition = longer(this.partition, new Uint16Array(length));
    this.phase = longer(this.phase, new Uint8Array(length));
    this.track = longer(this.track, new Uint32Array(length).fill(NONE));
    this.#glide?.grow(length);
    this.changes.fit(length);
  }
}
