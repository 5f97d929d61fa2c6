/**
 * Smooth motion: where each entity is shown, on its way from where it was shown to its newest fix. It goes there in a
 * straight line, the shorter way round the world, in about the time that its last two arrivals were apart, and rests
 * there until the next one comes. So what is shown lags, and is never a place beyond the last fix.
 *
 * A way that cannot be told is not shown: a first fix, one after a long silence, and one far off are where they are at
 * once. Whoever moves too little for anybody to see it rests until it would be seen: of 300,000 at the speed of ships, on
 * a map of a country, hardly anybody moves in a frame. Time is the wall clock's, passed in; 36 bytes an entity, and only
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

/** What `#takes` says of an entity that has not been shown yet; 0 is one at rest. */
const UNKNOWN = -1;

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
  /** When its newest fix came: the lower 32 bits of wall time, ms. */
  #arrived: Int32Array;
  /** Milliseconds from then until it is there. */
  #takes: Float32Array;
  /** Event time of its newest fix less that of the fix that it comes from, ms, rounded down. */
  #spans: Float32Array;
  /** What `x` and `y` are of, and when they are to be moved next: the lower 32 bits of wall time, ms. */
  #shownAt: Int32Array;
  #dueAt: Int32Array;
  #gliding = 0;
  /** Wall time of the last move, and what it took for a step. */
  #movedAt = Number.NEGATIVE_INFINITY;
  #step = 0;

  /** Starts with everybody at their newest fix; the columns are copied. */
  constructor(x: Float64Array, y: Float64Array) {
    this.x = x.slice();
    this.y = y.slice();
    this.#arrived = new Int32Array(x.length);
    this.#takes = new Float32Array(x.length).fill(UNKNOWN);
    this.#spans = new Float32Array(x.length);
    this.#shownAt = new Int32Array(x.length);
    this.#dueAt = new Int32Array(x.length);
  }

  /** How many are on their way. */
  get gliding(): number {
    return this.#gliding;
  }

  isGliding(entity: number): boolean {
    return (this.#takes[entity] ?? 0) > 0;
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
    const takes = this.#takes[entity] ?? UNKNOWN;
    const apart = (wallNow - (this.#arrived[entity] ?? 0)) | 0;
    this.#arrived[entity] = wallNow;
    const [fromX, fromY] = [this.x[entity] ?? 0, this.y[entity] ?? 0];
    // Below 0: the clock was set back.
    const silent = takes === UNKNOWN || apart < 0 || apart > LONGEST_GLIDE_MS;
    const far = Math.abs(wayAcross(fromX, x)) > LONGEST_WAY || Math.abs(y - fromY) > LONGEST_WAY;
    if (silent || far || (x === fromX && y === fromY)) {
      this.put(entity, x, y);
      return;
    }
    const together = apart === 0 && takes > 0;
    const span = together ? (this.#spans[entity] ?? 0) + later : later;
    this.#spans[entity] = Math.floor(span * ROUNDED_DOWN);
    if (takes === 0) this.#gliding++;
    this.#shownAt[entity] = wallNow;
    this.#dueAt[entity] = wallNow;
    this.#takes[entity] = apart < SHORTEST_GLIDE_MS ? Math.max(SHORTEST_GLIDE_MS, takes - apart) : apart;
  }

  /** Shows an entity at its newest fix at once. */
  put(entity: number, x: number, y: number): void {
    if (this.isGliding(entity)) this.#gliding--;
    this.#takes[entity] = 0;
    this.x[entity] = x;
    this.y[entity] = y;
  }

  /** The same for one that leaves the map: its next fix will be a first one. */
  forget(entity: number, x: number, y: number): void {
    this.put(entity, x, y);
    this.#takes[entity] = UNKNOWN;
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
    const isSetBack = wallNow < this.#movedAt;
    const everybody = isSetBack || step !== this.#step;
    this.#movedAt = wallNow;
    this.#step = step;
    let next = Number.POSITIVE_INFINITY;
    if (this.#gliding === 0) return next;
    // Columns do not grow in this loop; as locals they are found once, not once an entity.
    const { x: xs, y: ys } = this;
    const [allTake, arrived, shownAt, dueAt] = [this.#takes, this.#arrived, this.#shownAt, this.#dueAt];
    for (let e = 0; e < allTake.length; e++) {
      const takes = allTake[e] ?? 0;
      if (!(takes > 0)) continue;
      const wait = ((dueAt[e] ?? 0) - wallNow) | 0;
      if (wait > 0 && !everybody) {
        if (wait < next) next = wait;
        continue;
      }
      moved.note(e);
      const [toX, toY] = [targetX[e] ?? 0, targetY[e] ?? 0];
      const age = (wallNow - (arrived[e] ?? 0)) | 0;
      const passed = (wallNow - (shownAt[e] ?? 0)) | 0;
      // A clock that is set back must not hold anybody up.
      if (isSetBack || age < 0 || passed < 0 || age >= takes) {
        this.put(e, toX, toY);
        continue;
      }
      const left = takes - age;
      const part = passed / (left + passed);
      const [fromX, fromY] = [xs[e] ?? 0, ys[e] ?? 0];
      const [wayX, wayY] = [wayAcross(fromX, toX), toY - fromY];
      const x = fromX + wayX * part;
      xs[e] = x < 0 ? x + 1 : x > 1 ? x - 1 : x;
      ys[e] = fromY + wayY * part;
      shownAt[e] = wallNow;
      const rest = Math.max(Math.abs(wayX), Math.abs(wayY)) * (1 - part);
      // Who goes a step in a frame is due in the next one, without a division.
      const due = rest * FRAME_MS >= step * left ? 1 : Math.ceil(Math.min(left, (step * left) / rest));
      dueAt[e] = wallNow + due;
      if (due < next) next = due;
    }
    return next;
  }

  grow(length: number): void {
    this.x = longer(this.x, new Float64Array(length));
    this.y = longer(this.y, new Float64Array(length));
    this.#arrived = longer(this.#arrived, new Int32Array(length));
    this.#takes = longer(this.#takes, new Float32Array(length).fill(UNKNOWN));
    this.#spans = longer(this.#spans, new Float32Array(length));
    this.#shownAt = longer(this.#shownAt, new Int32Array(length));
    this.#dueAt = longer(this.#dueAt, new Int32Array(length));
  }
}
