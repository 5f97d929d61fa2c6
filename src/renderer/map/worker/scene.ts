/**
 * From what is known to a picture: every visible layer's entities, in every visible copy of the world, drawn front
 * to back on one surface. Pure: the same streams and the same view give the same pixels.
 */
import type { LayerStyle } from '../../../shared/contract';
import { worldSize } from '../projection';
import { type EntityStore, FADED, FRESH } from './entityStore';
import { Looks } from './looks';
import { MarkList } from './markList';
import type { EntityName, FrameView, Theme } from './messages';
import { idNear, PICK_TOLERANCE } from './pick';
import { pixelOf } from './pixels';
import { drawSprite } from './rasteriser';
import { headingStep } from './sprites';
import { Surface } from './surface';
import { drawStretch, trailAlpha } from './trailLines';
import { NONE, type TrailRing } from './trailRing';

export interface DrawnStream {
  readonly stream: number;
  readonly style: LayerStyle;
  readonly store: EntityStore;
}

export interface Emphasis {
  readonly selected: EntityName | null;
  readonly hovered: EntityName | null;
}

export interface Drawn {
  readonly inView: number;
  readonly onMap: number;
  readonly trailLimit: number | null;
}

/** Device pixels round the surface in which a mark may still reach into it. */
const MARGIN = 32;
/** More entities in the viewport than this are a crowd. */
const CROWD = 20_000;
/** Trail fixes that are walked for one frame; beyond it every trail is cut to the same number of fixes. */
const TRAIL_BUDGET = 100_000;
/** Times round the world, to each side, that a trail is followed into the view. */
const MOST_LAPS = 8;

/** Which ids belong to which stream in a frame: an id is `base + entity`. */
interface IdRange {
  readonly stream: number;
  readonly base: number;
  readonly end: number;
}

export class Scene {
  readonly surface = new Surface();
  readonly #trails: TrailRing;
  readonly #looks = new Looks();
  readonly #marks = new MarkList();
  /** Id ranges of the frames whose ids are still held, by frame number. */
  #ranges = new Map<
    number,
    { readonly ids: Int32Array; readonly ranges: readonly IdRange[]; readonly scale: number }
  >();

  constructor(trails: TrailRing) {
    this.#trails = trails;
  }

  /** @param frame number of this frame, for `pick`; only the last two can be asked for. */
  draw(frame: number, streams: readonly DrawnStream[], view: FrameView, theme: Theme, emphasis: Emphasis): Drawn {
    const { surface } = this;
    surface.begin(view.width, view.height);
    const visible = streams.filter(({ style }) => style.visible);
    const ranges: IdRange[] = [];
    let [base, inView, onMap] = [1, 0, 0];
    for (const { stream, store } of visible) {
      ranges.push({ stream, base, end: base + store.length });
      base += store.length;
      inView += countInView(store, view);
      onMap += store.entities;
    }
    this.#looks.prepare(theme, view.scale, surface.width, inView > CROWD);
    this.#emphasise(visible, ranges, view, emphasis);
    this.#drawMarks(visible, ranges, view, FRESH);
    if (visible.some(({ store }) => store.faded > 0)) this.#drawMarks(visible, ranges, view, FADED);
    surface.open(0, view.height);
    const trailLimit = this.#drawTrails(visible, view);
    const before = this.#ranges.get(frame - 1);
    this.#ranges = new Map([[frame, { ids: surface.ids, ranges, scale: view.scale }]]);
    if (before) this.#ranges.set(frame - 1, before);
    return { inView, onMap, trailLimit };
  }

  /** The entity at, or close to, a place in one of the last two frames; CSS pixels from the frame's corner. */
  pick(frame: number, x: number, y: number): EntityName | null {
    const drawn = this.#ranges.get(frame);
    const { width, height } = this.surface;
    if (!drawn || drawn.ids.length !== width * height) return null;
    const { scale } = drawn;
    const id = idNear(drawn.ids, width, height, x * scale, y * scale, PICK_TOLERANCE * scale);
    const range = drawn.ranges.find(({ base, end }) => id >= base && id < end);
    return range ? { stream: range.stream, entity: id - range.base } : null;
  }

  /** Selected and hovered marks with their rings, in front of everything. */
  #emphasise(
    streams: readonly DrawnStream[],
    ranges: readonly IdRange[],
    view: FrameView,
    { selected, hovered }: Emphasis,
  ): void {
    for (const [entity, kind] of [[selected, 'selected'] as const, [hovered, 'hovered'] as const]) {
      const i = streams.findIndex(({ stream }) => stream === entity?.stream);
      const drawn = streams[i];
      const range = ranges[i];
      if (!entity || !drawn || !range) continue;
      const { store, style } = drawn;
      const phase = store.phase[entity.entity];
      if (phase !== FRESH && phase !== FADED) continue;
      const start = this.#looks.startOf(style.color) + (phase === FADED ? Looks.STALE : 0);
      const look = start + headingStep(store.heading[entity.entity] ?? Number.NaN);
      this.#looks.need(look);
      const sprite = this.#looks.sprites[look];
      for (const shift of copies(view)) {
        const { x, y } = placeIn(view, (store.x[entity.entity] ?? 0) + shift, store.y[entity.entity] ?? 0);
        if (!near(view, x, y)) continue;
        const [cx, cy] = [Math.floor(x), Math.floor(y)];
        this.surface.open(cy - MARGIN * view.scale, cy + MARGIN * view.scale);
        if (sprite) drawSprite(this.surface, sprite, cx, cy, range.base + entity.entity);
        drawSprite(this.surface, this.#looks.halo(kind), cx, cy, 0);
      }
    }
  }

  #drawMarks(streams: readonly DrawnStream[], ranges: readonly IdRange[], view: FrameView, phase: number): void {
    const [marks, looks] = [this.#marks, this.#looks];
    marks.clear();
    const factor = worldSize(view.zoom) * view.scale;
    const right = view.width + MARGIN;
    const bottom = view.height + MARGIN;
    for (const shift of copies(view)) {
      // Screen place of world fraction 0 in this copy, device pixels.
      const left0 = shift * factor - view.x * view.scale;
      const top0 = -view.y * view.scale;
      for (const [i, { store, style }] of streams.entries()) {
        const start = looks.startOf(style.color) + (phase === FADED ? Looks.STALE : 0);
        const base = ranges[i]?.base ?? 0;
        const { x, y, phase: phases, heading, length } = store;
        for (let e = 0; e < length; e++) {
          if (phases[e] !== phase) continue;
          const px = (x[e] ?? 0) * factor + left0;
          const py = (y[e] ?? 0) * factor + top0;
          if (px > -MARGIN && px < right && py > -MARGIN && py < bottom) {
            const look = start + headingStep(heading[e] ?? Number.NaN);
            looks.need(look);
            marks.add(Math.floor(px), Math.floor(py), base + e, look);
          }
        }
      }
    }
    marks.draw(this.surface, looks.sprites);
  }

  /** Returns the number of fixes that trails were cut to, or null when they were not. */
  #drawTrails(streams: readonly DrawnStream[], view: FrameView): number | null {
    const withTrails = streams.filter(({ style }) => style.trails);
    const entities = withTrails.reduce((sum, { store }) => sum + store.entities, 0);
    if (entities === 0) return null;
    const limit = this.#trails.fixes <= TRAIL_BUDGET ? null : Math.floor(TRAIL_BUDGET / entities);
    if (limit !== null && limit < 2) return limit;
    const shifts = copies(view);
    for (const { store, style } of withTrails) {
      const color = pixelOf(style.color);
      for (let e = 0; e < store.length; e++) {
        const phase = store.phase[e];
        const track = store.track[e] ?? NONE;
        if ((phase === FRESH || phase === FADED) && track !== NONE && this.#trails.count(track) > 1) {
          this.#drawTrail(track, color, view, shifts, phase === FADED ? 0.5 : 1, limit ?? Number.POSITIVE_INFINITY);
        }
      }
    }
    return limit;
  }

  /**
   * A trail is drawn on from its head, and leaves the head's copy of the world where it crosses the antimeridian. So
   * one that crosses is also drawn for heads in copies that the view does not touch, as far as it reaches into it.
   */
  #drawTrail(
    track: number,
    color: number,
    view: FrameView,
    shifts: readonly number[],
    strength: number,
    limit: number,
  ): void {
    const first = shifts[0] ?? 0;
    const last = shifts.at(-1) ?? first;
    const { west, east } = this.#drawTrailIn(first, track, color, view, strength, limit);
    for (let shift = first - Math.min(east, MOST_LAPS); shift <= last - Math.max(west, -MOST_LAPS); shift++) {
      if (shift !== first) this.#drawTrailIn(shift, track, color, view, strength, limit);
    }
  }

  /** Returns how many whole worlds to the west (0 or less) and east (0 or more) of its head's the trail reaches. */
  #drawTrailIn(
    shift: number,
    track: number,
    color: number,
    view: FrameView,
    strength: number,
    limit: number,
  ): { west: number; east: number } {
    const trails = this.#trails;
    const count = Math.min(trails.count(track), limit);
    const factor = worldSize(view.zoom) * view.scale;
    const left = view.x * view.scale;
    const top = view.y * view.scale;
    let place = trails.newest(track);
    let worldX = trails.x(place) + shift;
    let westmost = worldX;
    let eastmost = worldX;
    let x0 = worldX * factor - left;
    let y0 = trails.y(place) * factor - top;
    let alpha0 = trailAlpha(0, count) * strength;
    for (let i = 1; i < count; i++) {
      place = trails.older(place);
      if (place === NONE) break;
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
      drawStretch(this.surface, view.scale, color, x0, y0, alpha0, x1, y1, alpha1);
      x0 = x1;
      y0 = y1;
      alpha0 = alpha1;
    }
    return { west: Math.floor(westmost) - shift, east: Math.floor(eastmost) - shift };
  }
}

/** The copies of the world that the view touches, as whole worlds to the east of the first. */
export function copies(view: FrameView): number[] {
  const world = worldSize(view.zoom);
  const margin = MARGIN / view.scale;
  const first = Math.floor((view.x - margin) / world);
  const last = Math.floor((view.x + view.width / view.scale + margin) / world);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Device pixels from the frame's corner. */
function placeIn(view: FrameView, worldX: number, worldY: number): { x: number; y: number } {
  const world = worldSize(view.zoom);
  return { x: (worldX * world - view.x) * view.scale, y: (worldY * world - view.y) * view.scale };
}

const near = (view: FrameView, x: number, y: number) =>
  x > -MARGIN && y > -MARGIN && x < view.width + MARGIN && y < view.height + MARGIN;

/** Entities on the map in the viewport itself, each counted once however many copies of it are seen. */
function countInView(store: EntityStore, { zoom, x, y, viewport }: FrameView): number {
  const world = worldSize(zoom);
  const left = (x + viewport.x) / world;
  const top = (y + viewport.y) / world;
  const [across, down] = [viewport.width / world, viewport.height / world];
  let count = 0;
  for (let e = 0; e < store.length; e++) {
    const phase = store.phase[e];
    if (phase !== FRESH && phase !== FADED) continue;
    const fromTop = (store.y[e] ?? 0) - top;
    if (!(fromTop >= 0 && fromTop < down)) continue;
    const fromLeft = (store.x[e] ?? 0) - left;
    if (fromLeft - Math.floor(fromLeft) < across) count++;
  }
  return count;
}
