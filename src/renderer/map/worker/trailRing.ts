/**
 * The recent fixes of every entity of every stream, in one ring of a fixed number of places. When all places are
 * taken, the fix that arrived first gives way, whoever it belongs to; so memory has one cap, and a crowd gets short
 * trails where a few ships get long ones. There is no object for a fix: 28 bytes in columns.
 *
 * The fixes of one track form a doubly linked list in order of event time, because late fixes belong in the middle.
 */
import { limitRanges } from '../../../shared/limitRanges';

/** Bounds the walk that a late fix takes to its place. */
export const MAX_FIXES_PER_TRACK = 2_048;
/** No place, and no track. */
export const NONE = 0xffffffff;

/** World fractions are kept as 32-bit fixed point: steps of 1 cm at the equator. */
const FIXED = 4_294_967_296;
const toFixed = (fraction: number) => (fraction <= 0 ? 0 : fraction >= 1 ? FIXED - 1 : Math.floor(fraction * FIXED));

/** Columns of a fix, side by side because they are read together: one place in memory, not five. */
const X = 0;
const Y = 1;
const OLDER = 2;
const NEWER = 3;
/** The track that a place belongs to, plus one; 0 when there is no fix, so that new memory need not be touched. */
const TRACK = 4;
const FIX_WIDTH = 5;

/** Columns of a track: its ends, its length, and the place that its last fix took when it came. */
const NEWEST = 0;
const OLDEST = 1;
const COUNT = 2;
const LAST = 3;
const TRACK_WIDTH = 4;

export class TrailRing {
  #fixes: Uint32Array;
  #time: Float64Array;
  /** World fractions x and y, and event time, of the fix that `addIncoming` adds. */
  readonly incoming = new Float64Array(3);
  /** The place that the next fix takes. */
  #hand = 0;
  #live = 0;

  #tracks = new Uint32Array(1024 * TRACK_WIDTH);
  #opened = 0;
  readonly #freeTracks: number[] = [];
  readonly #maxPerTrack: number;

  constructor(capacity: number = limitRanges.trailFixes.usual, maxPerTrack = MAX_FIXES_PER_TRACK) {
    this.#maxPerTrack = maxPerTrack;
    this.#fixes = new Uint32Array(capacity * FIX_WIDTH);
    this.#time = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.#time.length;
  }

  /** Room for another number of fixes. Those that there are are forgotten; tracks stay open. */
  resize(capacity: number): void {
    if (capacity === this.capacity) return;
    this.#fixes = new Uint32Array(capacity * FIX_WIDTH);
    this.#time = new Float64Array(capacity);
    this.#hand = 0;
    this.#live = 0;
    for (let track = 0; track < this.#opened; track++) this.#tracks.set([NONE, NONE, 0, NONE], track * TRACK_WIDTH);
  }

  /** Fixes kept just now. */
  get fixes(): number {
    return this.#live;
  }

  /** Starts a track and returns its number. */
  open(): number {
    const track = this.#freeTracks.pop() ?? this.#opened++;
    if (track * TRACK_WIDTH >= this.#tracks.length) {
      const longer = new Uint32Array(this.#tracks.length * 2);
      longer.set(this.#tracks);
      this.#tracks = longer;
    }
    this.#tracks.set([NONE, NONE, 0, NONE], track * TRACK_WIDTH);
    return track;
  }

  /** Forgets a track with all its fixes; its number may be given out again. */
  drop(track: number): void {
    let at = this.newest(track);
    while (at !== NONE) {
      this.#fixes[at * FIX_WIDTH + TRACK] = 0;
      this.#live--;
      at = this.older(at);
    }
    this.#tracks.set([NONE, NONE, 0, NONE], track * TRACK_WIDTH);
    this.#freeTracks.push(track);
  }

  count(track: number): number {
    return this.#tracks[track * TRACK_WIDTH + COUNT] ?? 0;
  }

  /** Place of the newest fix of a track by event time, or NONE. */
  newest(track: number): number {
    return this.#tracks[track * TRACK_WIDTH + NEWEST] ?? NONE;
  }

  /** Place of the next older fix of the same track, or NONE. */
  older(place: number): number {
    return this.#fixes[place * FIX_WIDTH + OLDER] ?? NONE;
  }

  /** World fraction, see projection.ts. */
  x(place: number): number {
    return (this.#fixes[place * FIX_WIDTH + X] ?? 0) / FIXED;
  }

  y(place: number): number {
    return (this.#fixes[place * FIX_WIDTH + Y] ?? 0) / FIXED;
  }

  /** Event time, epoch ms. */
  time(place: number): number {
    return this.#time[place] ?? 0;
  }

  /**
   * Puts a fix at its place in the track by event time, after those of the same time. The same place at the same
   * time again (Kafka delivers at least once) adds nothing.
   */
  add(track: number, x: number, y: number, time: number): void {
    const { incoming } = this;
    incoming[0] = x;
    incoming[1] = y;
    incoming[2] = time;
    this.addIncoming(track);
  }

  /** The same for the fix in `incoming`: as arguments, three numbers with fractions would be three objects a call. */
  addIncoming(track: number): void {
    const { incoming } = this;
    const fixedX = toFixed(incoming[0] ?? 0);
    const fixedY = toFixed(incoming[1] ?? 0);
    const time = incoming[2] ?? 0;
    const fixes = this.#fixes;
    const times = this.#time;
    const tracks = this.#tracks;
    const ends = track * TRACK_WIDTH;
    let newer = NONE;
    let older = tracks[ends + NEWEST] ?? NONE;
    // Nearly always it is the newest of its track, and nothing else has to be looked at.
    if (older !== NONE && time <= (times[older] ?? 0)) {
      const oldest = tracks[ends + OLDEST] ?? NONE;
      if (time < (times[oldest] ?? 0)) {
        newer = oldest;
        older = NONE;
      } else {
        older = this.#lastUpTo(track, time);
        newer = fixes[older * FIX_WIDTH + NEWER] ?? NONE;
      }
      for (let same = older; same !== NONE && times[same] === time; same = this.older(same)) {
        if (fixes[same * FIX_WIDTH + X] === fixedX && fixes[same * FIX_WIDTH + Y] === fixedY) return;
      }
    }
    if ((tracks[ends + COUNT] ?? 0) >= this.#maxPerTrack) {
      // Full: its oldest fix gives way; a fix older than that has no place.
      if (older === NONE) return;
      const oldest = tracks[ends + OLDEST] ?? NONE;
      if (older === oldest) older = NONE;
      this.#remove(oldest);
    }
    const place = this.#hand;
    const at = place * FIX_WIDTH;
    if (fixes[at + TRACK] !== 0) {
      // The neighbours found above may be the very fix that gives way now.
      if (place === newer) newer = fixes[at + NEWER] ?? NONE;
      if (place === older) older = fixes[at + OLDER] ?? NONE;
      this.#remove(place);
    }
    this.#hand = place + 1 === times.length ? 0 : place + 1;
    times[place] = time;
    fixes[at + X] = fixedX;
    fixes[at + Y] = fixedY;
    fixes[at + OLDER] = older;
    fixes[at + NEWER] = newer;
    fixes[at + TRACK] = track + 1;
    this.#link(track, older, place, place, newer);
    tracks[ends + COUNT] = (tracks[ends + COUNT] ?? 0) + 1;
    tracks[ends + LAST] = place;
    this.#live++;
  }

  /**
   * The last fix of a track that is not later than a time; its oldest one is not. The search begins where the track's
   * last fix went: of a backlog in several partitions, what is late comes in long stretches that belong together.
   */
  #lastUpTo(track: number, time: number): number {
    const [fixes, times, tracks] = [this.#fixes, this.#time, this.#tracks];
    let place = tracks[track * TRACK_WIDTH + LAST] ?? NONE;
    // It may have given way since.
    if (fixes[place * FIX_WIDTH + TRACK] !== track + 1) place = tracks[track * TRACK_WIDTH + NEWEST] ?? NONE;
    while ((times[place] ?? 0) > time) place = fixes[place * FIX_WIDTH + OLDER] ?? NONE;
    for (;;) {
      const next = fixes[place * FIX_WIDTH + NEWER] ?? NONE;
      if (next === NONE || (times[next] ?? 0) > time) return place;
      place = next;
    }
  }

  /** Takes one fix out of its track; its place stays unused until the hand comes round. */
  #remove(place: number): void {
    const at = place * FIX_WIDTH;
    const track = (this.#fixes[at + TRACK] ?? 0) - 1;
    const older = this.#fixes[at + OLDER] ?? NONE;
    const newer = this.#fixes[at + NEWER] ?? NONE;
    this.#link(track, older, newer, older, newer);
    this.#fixes[at + TRACK] = 0;
    this.#tracks[track * TRACK_WIDTH + COUNT] = this.count(track) - 1;
    this.#live--;
  }

  /** Makes `afterOlder` the fix that follows `older`, and `beforeNewer` the one before `newer`; NONE is a track's end. */
  #link(track: number, older: number, afterOlder: number, beforeNewer: number, newer: number): void {
    if (older === NONE) this.#tracks[track * TRACK_WIDTH + OLDEST] = afterOlder;
    else this.#fixes[older * FIX_WIDTH + NEWER] = afterOlder;
    if (newer === NONE) this.#tracks[track * TRACK_WIDTH + NEWEST] = beforeNewer;
    else this.#fixes[newer * FIX_WIDTH + OLDER] = beforeNewer;
  }
}
