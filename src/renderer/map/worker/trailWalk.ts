/**
 * The walk along the trails of a frame: which stretches are to be drawn, how faint, and how often round the world.
 * Whoever paints them gets them one by one.
 */
import { worldSize } from '../projection';
import { type EntityStore, FADED, FRESH } from './entityStore';
import { copies, type ShownStream } from './frameContents';
import { wayAcross } from './glide';
import type { FrameView } from './messages';
import { trailAlpha } from './trailLines';
import { NONE, type TrailRing } from './trailRing';

/** Trail fixes that are walked for one frame; beyond it every trail is cut to the same number of fixes. */
const TRAIL_BUDGET = 100_000;
/** Times round the world, to each side, that a trail is followed into the view. */
const MOST_LAPS = 8;
/** Of a faded entity's trail, as a part of a fresh one's opacity. */
const FADED_STRENGTH = 0.5;

/** Device pixels from the frame's corner, fractions count, and nothing is cut to the frame; opacities 0 to 255. */
export type DrawStretch = (x0: number, y0: number, alpha0: number, x1: number, y1: number, alpha1: number) => void;

export interface TrailSink {
  /** The stretches that follow have this colour, "#rrggbb". The first stream's trails lie on top of the next one's. */
  begin(color: string): void;
  readonly stretch: DrawStretch;
}

/** Returns the number of fixes that trails were cut to, or null when they were not. */
export function walkTrails(
  trails: TrailRing,
  shown: readonly ShownStream[],
  view: FrameView,
  sink: TrailSink,
): number | null {
  const withTrails = shown.filter(({ style }) => style.trails);
  const entities = withTrails.reduce((sum, { store }) => sum + store.entities, 0);
  if (entities === 0) return null;
  const limit = trails.fixes <= TRAIL_BUDGET ? null : Math.floor(TRAIL_BUDGET / entities);
  if (limit !== null && limit < 2) return limit;
  const walk = new Walk(trails, view, limit ?? Number.POSITIVE_INFINITY, sink.stretch);
  for (const { store, style } of withTrails) {
    sink.begin(style.color);
    for (let e = 0; e < store.length; e++) {
      const phase = store.phase[e];
      const track = store.track[e] ?? NONE;
      if ((phase === FRESH || phase === FADED) && track !== NONE && trails.count(track) > 1) {
        walk.along(store, e, phase === FADED ? FADED_STRENGTH : 1);
      }
    }
  }
  return limit;
}

class Walk {
  readonly #trails: TrailRing;
  readonly #limit: number;
  readonly #stretch: DrawStretch;
  readonly #first: number;
  readonly #last: number;
  /** Device pixels of a world, and of the frame's corner. */
  readonly #factor: number;
  readonly #left: number;
  readonly #top: number;
  /** The trail's head, world fractions, and the fix that comes next to it: its place, and its number from the newest. */
  #headX = 0;
  #headY = 0;
  #next = NONE;
  #nextNumber = 0;

  constructor(trails: TrailRing, view: FrameView, limit: number, stretch: DrawStretch) {
    const shifts = copies(view);
    this.#trails = trails;
    this.#limit = limit;
    this.#stretch = stretch;
    this.#first = shifts[0] ?? 0;
    this.#last = shifts.at(-1) ?? this.#first;
    this.#factor = worldSize(view.zoom) * view.scale;
    this.#left = view.x * view.scale;
    this.#top = view.y * view.scale;
  }

  /**
   * A trail is drawn on from its head, and leaves the head's copy of the world where it crosses the antimeridian. So
   * one that crosses is also drawn for heads in copies that the view does not touch, as far as it reaches into it.
   */
  along(store: EntityStore, entity: number, strength: number): void {
    const track = store.track[entity] ?? NONE;
    this.#findHead(store, entity, track);
    const { west, east } = this.#alongIn(this.#first, track, strength);
    const first = this.#first - Math.min(east, MOST_LAPS);
    for (let shift = first; shift <= this.#last - Math.max(west, -MOST_LAPS); shift++) {
      if (shift !== this.#first) this.#alongIn(shift, track, strength);
    }
  }

  /**
   * The head is where the entity is shown. While it glides, the fixes that it has not come to are left out: those
   * later than the one that it comes from, and, should it not have come to that one either, all that lie ahead.
   */
  #findHead(store: EntityStore, entity: number, track: number): void {
    const trails = this.#trails;
    this.#next = trails.newest(track);
    this.#nextNumber = 0;
    if (!store.isGliding(entity)) {
      this.#headX = trails.x(this.#next);
      this.#headY = trails.y(this.#next);
      this.#next = trails.older(this.#next);
      this.#nextNumber = 1;
      return;
    }
    this.#headX = store.shownX[entity] ?? 0;
    this.#headY = store.shownY[entity] ?? 0;
    const aheadX = wayAcross(this.#headX, store.x[entity] ?? 0);
    const aheadY = (store.y[entity] ?? 0) - this.#headY;
    const leftBehind = store.leftBehind(entity);
    for (; this.#next !== NONE; this.#next = trails.older(this.#next), this.#nextNumber++) {
      if (trails.time(this.#next) > leftBehind) continue;
      const along = wayAcross(this.#headX, trails.x(this.#next)) * aheadX;
      if (along + (trails.y(this.#next) - this.#headY) * aheadY <= 0) break;
    }
  }

  /** Returns how many whole worlds to the west (0 or less) and east (0 or more) of its head's the trail reaches. */
  #alongIn(shift: number, track: number, strength: number): { west: number; east: number } {
    const trails = this.#trails;
    const count = Math.min(trails.count(track), this.#limit);
    const [factor, left, top] = [this.#factor, this.#left, this.#top];
    let place = this.#next;
    let worldX = this.#headX + shift;
    let westmost = worldX;
    let eastmost = worldX;
    let x0 = worldX * factor - left;
    let y0 = this.#headY * factor - top;
    let alpha0 = trailAlpha(0, count) * strength;
    for (let i = this.#nextNumber; i < count && place !== NONE; i++, place = trails.older(place)) {
      // The shorter way round the world, across the antimeridian if need be.
      const step = trails.x(place) + shift - worldX;
      worldX += step - Math.round(step);
      if (worldX < westmost) westmost = worldX;
      else if (worldX > eastmost) eastmost = worldX;
      const x1 = worldX * factor - left;
      const y1 = trails.y(place) * factor - top;
      // Steps too small to see are saved up.
      if (Math.abs(x1 - x0) < 0.7 && Math.abs(y1 - y0) < 0.7 && i < count - 1) continue;
      const alpha1 = trailAlpha(i, count) * strength;
      this.#stretch(x0, y0, alpha0, x1, y1, alpha1);
      x0 = x1;
      y0 = y1;
      alpha0 = alpha1;
    }
    return { west: Math.floor(westmost) - shift, east: Math.floor(eastmost) - shift };
  }
}
