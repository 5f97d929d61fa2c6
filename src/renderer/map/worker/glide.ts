/**
 * Smooth motion: where each entity is shown, on its way from where it was shown to its newest fix. It goes there in a
 * straight line, the shorter way round the world, in about the time that its last two arrivals were apart, and rests
 * there until the next one comes. So what is shown lags, and is never a place beyond the last fix.
 *
 * A way that cannot be told is not shown: a first fix, one after a long silence, and one far off are where they are at
 * once. Whoever moves too little for anybody to see it rests until it would be seen: of 300,000 at the speed of ships, on
 * a map of a country, hardly anybody moves in a frame. Time is the wall clock's, passed in; 60 bytes an entity, and only
 * while the person wants smooth motion.
 */
import type { ChangeRing } from './changeRing';
import { longer } from './columns';
import { FRAME_MS } from './framePace';

/** Fixes closer together than this come in one go: what glides goes on to the last of them in the time it had. */
export const SHORTEST_GLIDE_MS = 100;
/** After a longer silence the next fix is shown at once. */
export const LONGEST_GLIDE_MS = 10_000;
/** World widths; over more than this nothing glides. */
export const LONGEST_WAY = 1 / 8;

const NEVER = Number.POSITIVE_INFINITY;

/** A Float32 of less than this part of a number is never more than the number. */
const ROUNDED_DOWN = 1 - 1e-7;

/** The shorter way round the world, in world widths. Both are fractions of it. Comparing takes less time than rounding. */
export function wayAcross(from: number, to: number): number {
  const way = to - from;
  return way >= 0.5 ? way - 1 : way < -0.5 ? way + 1 : way;
}

export class Glide {
  /** World fractions of where the entity is shown. */
  x: Float64Array;
  y: Float64Array;
  /** World widths a millisecond, on the way to the newest fix: where it is shown is told by that and by what is left. */
  #byX: Float64Array;
  #byY: Float64Array;
  /** The same along the axis along which it is faster, without its sign. */
  #speed: Float32Array;
  /** Wall times, ms: when it is at its newest fix, and when it is to be moved next; never, when it rests. */
  #endsAt: Float64Array;
  #dueAt: Float64Array;
  /** When its newest fix came: the lower 32 bits of wall time, ms. */
  #arrived: Int32Array;
  /** Event time of its newest fix less that of the fix that it comes from, ms, rounded down; NaN before it is shown. */
  #spans: Float32Array;
  #gliding = 0;
  /** The latest wall time that there was, and what the last move took for a step. */
  #latest = Number.NEGATIVE_INFINITY;
  #step = 0;

  /** Starts with everybody at their newest fix; the columns are copied. */
  constructor(x: Float64Array, y: Float64Array) {
    this.x = x.slice();
    this.y = y.slice();
    this.#byX = new Float64Array(x.length);
    this.#byY = new Float64Array(x.length);
    this.#speed = new Float32Array(x.length);
    this.#endsAt = new Float64Array(x.length);
    this.#dueAt = new Float64Array(x.length).fill(NEVER);
    this.#arrived = new Int32Array(x.length);
    this.#spans = new Float32Array(x.length).fill(Number.NaN);
  }

  /** How many are on their way. */
  get gliding(): number {
    return this.#gliding;
  }

  isGliding(entity: number): boolean {
    return (this.#dueAt[entity] ?? NEVER) < NEVER;
  }

  /** Event time of the fix that a gliding entity comes from, by that of its newest one; a little later at most. */
  comesFrom(entity: number, newestTime: number): number {
    return newestTime - (this.#spans[entity] ?? 0);
  }

  /**
   * A new fix is where the entity goes from now on.
   * @param later ms of event time since the fix before
   * @param wallNow epoch ms, whole
   */
  aim(entity: number, x: number, y: number, later: number, wallNow: number): void {
    const apart = (wallNow - (this.#arrived[entity] ?? 0)) | 0;
    this.#arrived[entity] = wallNow;
    const wayX = wayAcross(this.x[entity] ?? 0, x);
    const wayY = y - (this.y[entity] ?? 0);
    const span = this.#spans[entity] ?? Number.NaN;
    // Below 0: the clock was set back.
    const silent = Number.isNaN(span) || apart < 0 || apart > LONGEST_GLIDE_MS;
    const far = Math.abs(wayX) > LONGEST_WAY || Math.abs(wayY) > LONGEST_WAY;
    if (silent || far || (wayX === 0 && wayY === 0)) {
      this.put(entity, x, y);
      return;
    }
    const glides = this.isGliding(entity);
    this.#spans[entity] = Math.floor((apart === 0 && glides ? span + later : later) * ROUNDED_DOWN);
    const left = glides ? (this.#endsAt[entity] ?? 0) - wallNow : 0;
    const takes = apart < SHORTEST_GLIDE_MS ? Math.max(SHORTEST_GLIDE_MS, left) : apart;
    if (!glides) this.#gliding++;
    this.#byX[entity] = wayX / takes;
    this.#byY[entity] = wayY / takes;
    this.#speed[entity] = Math.max(Math.abs(wayX), Math.abs(wayY)) / takes;
    this.#endsAt[entity] = wallNow + takes;
    this.#dueAt[entity] = wallNow;
    if (wallNow > this.#latest) this.#latest = wallNow;
  }

  /** Shows an entity at its newest fix at once. */
  put(entity: number, x: number, y: number): void {
    if (this.isGliding(entity)) this.#gliding--;
    this.#dueAt[entity] = NEVER;
    this.#spans[entity] = 0;
    this.x[entity] = x;
    this.y[entity] = y;
  }

  /** The same for one that leaves the map: its next fix will be a first one. */
  forget(entity: number, x: number, y: number): void {
    this.put(entity, x, y);
    this.#spans[entity] = Number.NaN;
  }

  /**
   * Moves everybody to where they are by now, but those who have not gone a step since they were last moved.
   * @param targetX world fractions of the newest fixes
   * @param wallNow epoch ms, whole
   * @param step world widths, along either axis; 0: any way is seen
   * @param moved is told of everybody who was moved
   * @returns ms until somebody is to be moved next; infinity when nobody is on their way
   */
  moveOn(targetX: Float64Array, targetY: Float64Array, wallNow: number, step: number, moved: ChangeRing): number {
    // A clock that is set back must not hold anybody up.
    const isSetBack = wallNow < this.#latest;
    if (isSetBack || step !== this.#step) this.#callAll(wallNow, isSetBack);
    this.#latest = wallNow;
    this.#step = step;
    let next = NEVER;
    if (this.#gliding === 0) return next;
    // Columns do not grow in this loop; as locals they are found once, not once an entity. That a pair of them is not taken
    // apart in it, and that nothing is asked that has another answer for every other entity, halves its time.
    const { x: xs, y: ys } = this;
    const [byX, byY, speeds, endsAt, dueAt] = [this.#byX, this.#byY, this.#speed, this.#endsAt, this.#dueAt];
    const quick = step / FRAME_MS;
    for (let e = 0; e < dueAt.length; e++) {
      let due = dueAt[e] ?? NEVER;
      if (due <= wallNow) {
        moved.note(e);
        const toX = targetX[e] ?? 0;
        const toY = targetY[e] ?? 0;
        const left = (endsAt[e] ?? 0) - wallNow;
        if (left > 0) {
          const x = toX - (byX[e] ?? 0) * left;
          xs[e] = x < 0 ? x + 1 : x > 1 ? x - 1 : x;
          ys[e] = toY - (byY[e] ?? 0) * left;
          const speed = speeds[e] ?? 0;
          // Who goes a step in a frame is due in the next one, without a division.
          due = wallNow + (speed >= quick ? 1 : Math.ceil(Math.min(left, step / speed)));
          dueAt[e] = due;
        } else {
          this.put(e, toX, toY);
          due = NEVER;
        }
      }
      if (due < next) next = due;
    }
    return next - wallNow;
  }

  /** Everybody who glides is due now. @param atOnce they are at their newest fixes by then */
  #callAll(wallNow: number, atOnce: boolean): void {
    const [endsAt, dueAt] = [this.#endsAt, this.#dueAt];
    for (let e = 0; e < dueAt.length; e++) {
      if (dueAt[e] === NEVER) continue;
      dueAt[e] = wallNow;
      if (atOnce) endsAt[e] = wallNow;
    }
  }

  grow(length: number): void {
    this.x = longer(this.x, new Float64Array(length));
    this.y = longer(this.y, new Float64Array(length));
    this.#byX = longer(this.#byX, new Float64Array(length));
    this.#byY = longer(this.#byY, new Float64Array(length));
    this.#speed = longer(this.#speed, new Float32Array(length));
    this.#endsAt = longer(this.#endsAt, new Float64Array(length));
    this.#dueAt = longer(this.#dueAt, new Float64Array(length).fill(NEVER));
    this.#arrived = longer(this.#arrived, new Int32Array(length));
    this.#spans = longer(this.#spans, new Float32Array(length).fill(Number.NaN));
  }
}
