/**
 * When frames are drawn. As often as the usual screen shows one, and half as often while a backlog is read: what the
 * person waits for then is the records, and a frame takes cores from them, here, in the page and in the compositor.
 *
 * In step with the screen, where a frame takes less time than the screen does: one that is begun as late as it may be,
 * and still is in the page when the screen next takes its picture, has the newest points in it, and does not lie there.
 * Times are ms of the worker's `performance.now()`.
 */

/** From the start of one frame to that of the next, at least, where they are not in step with the screen. */
export const FRAME_MS = 16;
export const BACKLOG_FRAME_MS = 33;
/** How long a backlog is believed in after a batch of it. */
const BELIEVED_MS = 100;

/** A screen's pictures are so far apart, until it is known better. */
const USUAL_SCREEN_MS = 1_000 / 60;
const FASTEST_SCREEN_MS = 4;
const SLOWEST_SCREEN_MS = 45;
/** After so long without a frame, one is drawn at once; and the screen may have another beat. */
const IN_STEP_FOR_MS = 150;
/** Of so many frames is it known what a frame takes. */
const KNOWN_FRAMES = 32;
/** Part of frames that are to be in time. */
const IN_TIME = 0.8;
/** Before the screen takes its picture the page has a task or two of its own. */
const SPARE_MS = 1;
/** Where a frame, with the batches that come before the next, takes more than this part of the screen's time, none waits. */
const MOST_OF_SCREEN = 0.75;
/** From a batch's being asked for to its being here, beyond the time until it is wanted. */
const BATCH_ON_ITS_WAY_MS = 2.5;
/** A batch that is asked for is at least so far away. */
const NEXT_BATCH_MS = 4;

/** A frame that the page has put on the map. */
export interface PutFrame {
  readonly startedAt: number;
  readonly putAt: number;
  /** When the screen last began a picture, as far as the page knows; null before its first. */
  readonly screenAt: number | null;
}

export class FramePace {
  #backlogUntil = Number.NEGATIVE_INFINITY;
  #screenAt: number | null = null;
  /** From one picture of the screen to the next, each a whole number of its beats; the latest last. */
  #apart: number[] = [];
  /** From a frame's start to its being in the page; and what applying batches took between two frames. The latest last. */
  #taken: number[] = [];
  #applied: number[] = [];
  /** What it has taken since. */
  #applying = 0;

  /**
   * A batch has been applied, which took so many ms.
   * @param isBacklog see PointBatch
   */
  noteBatch(isBacklog: boolean, now: number, tookMs: number): void {
    this.#applying += tookMs;
    if (isBacklog) this.#backlogUntil = now + BELIEVED_MS;
  }

  notePut({ startedAt, putAt, screenAt }: PutFrame): void {
    this.#taken = lastOf([...this.#taken, Math.max(0, putAt - startedAt)]);
    this.#applied = lastOf([...this.#applied, this.#applying]);
    this.#applying = 0;
    if (screenAt === null) return;
    const apart = screenAt - (this.#screenAt ?? screenAt);
    this.#screenAt = screenAt;
    if (apart >= FASTEST_SCREEN_MS && apart <= SLOWEST_SCREEN_MS) this.#apart = lastOf([...this.#apart, apart]);
  }

  /** From the start of one frame to that of the next, at least. */
  #frameMs(now: number): number {
    return now < this.#backlogUntil ? BACKLOG_FRAME_MS : FRAME_MS;
  }

  /** When to begin the next frame, after one that was begun at `startedAt`. May be past. */
  dueAt(now: number, startedAt: number): number {
    return this.#inStep(now, startedAt)?.due ?? startedAt + this.#frameMs(now);
  }

  /**
   * A batch has just been applied: in how many ms the next one is wanted, so that it comes just before a frame. Null when
   * it does not matter.
   */
  nextBatchIn(now: number, startedAt: number): number | null {
    const step = this.#inStep(now, startedAt);
    if (step === null) return null;
    const wait = Math.max(step.due, now) - BATCH_ON_ITS_WAY_MS - now;
    return wait >= NEXT_BATCH_MS ? wait : wait + step.frames;
  }

  /** Null where there is no step. `frames`: from one frame to the next. */
  #inStep(now: number, startedAt: number): { readonly due: number; readonly frames: number } | null {
    const screenAt = this.#screenAt;
    const idle = now - startedAt > IN_STEP_FOR_MS;
    if (screenAt === null || idle || now < this.#backlogUntil) return null;
    const screen = Math.min(...(this.#apart.length > 0 ? this.#apart : [USUAL_SCREEN_MS]));
    const sorted = ascending(this.#taken);
    const usual = atPart(sorted, 0.5);
    if (usual + atPart(ascending(this.#applied), 0.5) > MOST_OF_SCREEN * screen) return null;
    const lead = Math.min(screen, atPart(sorted, IN_TIME) + SPARE_MS);
    const frames = screen * Math.max(1, Math.round(FRAME_MS / screen));
    const from = Math.max(now, startedAt + frames - screen / 2);
    // The first picture that a frame begun now is likely to be in.
    const shown = screenAt + screen * Math.ceil((from + usual - screenAt) / screen);
    return { due: Math.max(from, shown - lead), frames };
  }
}

const lastOf = (values: number[]): number[] => values.slice(-KNOWN_FRAMES);

const ascending = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);

/** @param sorted at least one, ascending */
const atPart = (sorted: readonly number[], part: number): number =>
  sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
