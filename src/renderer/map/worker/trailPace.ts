/**
 * When the trails of the map are walked anew. A walk along 100,000 fixes takes as long as all the marks of a frame
 * together, while a trail that is a few frames old looks no different: so no more than a part of the time goes into
 * walking, and the frames in between show the trails of the last walk. A long walk that is due waits until its frame is
 * on its way: marks are never late for trails. A short walk is done for every frame, and any walk at once when the map
 * shows another place or other trails.
 */
import type { ShownStream } from './frameContents';
import type { FrameView } from './messages';

/** Milliseconds; a walk that took no longer is done for every frame. */
const SHORT_MS = 3;
/** After a longer walk there is none for so many times as long. */
const REST = 3;

export interface PacedTrails {
  /** Fixes that every trail was cut to; null when they were not. */
  readonly limit: number | null;
  /** Milliseconds until they are walked anew; null when they have been for this very frame. */
  readonly dueIn: number | null;
}

/** A frame without trails. */
export const NO_TRAILS: PacedTrails = { limit: null, dueIn: null };

export class TrailPace {
  readonly #now: () => number;
  #view: FrameView | null = null;
  #trails = '';
  #took = 0;
  #dueAt = 0;
  #limit: number | null = null;
  /** Due, and put off until the frame is on its way. */
  #waiting: (() => number | null) | null = null;

  /** @param now milliseconds of any clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * @param onlyTrails see Subject
   * @param walk returns what it has cut every trail to; called when it is due, or later by `catchUp`
   */
  take(shown: readonly ShownStream[], view: FrameView, onlyTrails: boolean, walk: () => number | null): PacedTrails {
    this.#waiting = null;
    const trails = shown.map(({ stream, style }) => (style.trails ? stream + style.color : '')).join(' ');
    if (view === this.#view && trails === this.#trails) {
      if (onlyTrails) return { limit: this.#limit, dueIn: null };
      const wait = this.#dueAt - this.#now();
      if (wait > 0 || this.#took > SHORT_MS) {
        if (wait <= 0) this.#waiting = walk;
        return { limit: this.#limit, dueIn: Math.max(0, wait) };
      }
    }
    this.#view = view;
    this.#trails = trails;
    this.#walk(walk);
    return { limit: this.#limit, dueIn: null };
  }

  /** Does the walk that was put off; false when there is none. */
  catchUp(): boolean {
    if (this.#waiting === null) return false;
    this.#walk(this.#waiting);
    this.#waiting = null;
    return true;
  }

  #walk(walk: () => number | null): void {
    const start = this.#now();
    this.#limit = walk();
    const end = this.#now();
    this.#took = end - start;
    this.#dueAt = this.#took <= SHORT_MS ? end : end + REST * this.#took;
  }
}
