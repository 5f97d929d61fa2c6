/**
 * How often the trails of the map are walked anew. A walk along 100,000 fixes takes as long as all the marks of a frame
 * together, while a trail that is a few frames old looks no different: so no more than a part of the time goes into
 * walking, and the frames in between show the trails of the last walk. A short walk is done for every frame, and any
 * walk at once when the map shows another place or other trails.
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
  #dueAt = 0;
  #limit: number | null = null;

  /** @param now milliseconds of any clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param walk returns what it has cut every trail to; called when it is due */
  take(shown: readonly ShownStream[], view: FrameView, walk: () => number | null): PacedTrails {
    const trails = shown.map(({ stream, style }) => (style.trails ? stream + style.color : '')).join(' ');
    const start = this.#now();
    if (view === this.#view && trails === this.#trails && start < this.#dueAt) {
      return { limit: this.#limit, dueIn: this.#dueAt - start };
    }
    this.#limit = walk();
    const end = this.#now();
    this.#view = view;
    this.#trails = trails;
    this.#dueAt = end - start <= SHORT_MS ? end : end + REST * (end - start);
    return { limit: this.#limit, dueIn: null };
  }
}
