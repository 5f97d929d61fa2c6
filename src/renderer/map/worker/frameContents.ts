/**
 * What a frame shows, before it is painted in one way or another: which streams, under which ids, in which copies of
 * the world, and where each mark goes. Pure: the same streams and the same view give the same marks.
 */
import { CROWD } from '../densityScale';
import { worldSize } from '../projection';
import { type EntityStore, FADED, FRESH } from './entityStore';
import { Looks } from './looks';
import type { MarkList } from './markList';
import { measuredLooks } from './measuredLooks';
import type { EntityName, FrameView } from './messages';
import type { DrawnStream, Emphasis } from './painter';
import { headingStep } from './sprites';

/** Device pixels round the frame in which a mark may still reach into it. */
export const MARGIN = 32;
/** Which ids belong to which stream in a frame: an id is `base + entity`. Id 0 is nobody. */
export interface IdRange {
  readonly stream: number;
  readonly base: number;
  readonly end: number;
}

/** A visible stream with its ids. */
export interface ShownStream extends DrawnStream {
  readonly base: number;
}

export interface FrameContents {
  readonly shown: readonly ShownStream[];
  readonly ranges: readonly IdRange[];
  /** Entities in the viewport, and on the map as a whole. */
  readonly inView: number;
  readonly onMap: number;
  readonly crowd: boolean;
}

export function contentsOf(streams: readonly DrawnStream[], view: FrameView): FrameContents {
  const shown: ShownStream[] = [];
  const ranges: IdRange[] = [];
  let [base, inView, onMap] = [1, 0, 0];
  for (const drawn of streams) {
    if (!drawn.style.visible) continue;
    const { stream, store } = drawn;
    const end = base + store.length;
    shown.push({ ...drawn, base });
    ranges.push({ stream, base, end });
    base = end;
    inView += countInView(store, view);
    onMap += store.entities;
  }
  return { shown, ranges, inView, onMap, crowd: inView > CROWD };
}

/** Entities of all visible streams in the viewport. */
export const entitiesInView = (streams: readonly DrawnStream[], view: FrameView) =>
  streams.reduce((sum, { style, store }) => sum + (style.visible ? countInView(store, view) : 0), 0);

export function entityOf(ranges: readonly IdRange[], id: number): EntityName | null {
  const range = ranges.find(({ base, end }) => id >= base && id < end);
  return range ? { stream: range.stream, entity: id - range.base } : null;
}

/** Adds every mark of one phase that reaches into the frame, in every copy of the world; its look is made if need be. */
export function gatherMarks(
  marks: MarkList,
  looks: Looks,
  shown: readonly ShownStream[],
  view: FrameView,
  phase: number,
): void {
  marks.clear();
  const factor = worldSize(view.zoom) * view.scale;
  const right = view.width + MARGIN;
  const bottom = view.height + MARGIN;
  for (const shift of copies(view)) {
    // Place in the frame of world fraction 0 in this copy, device pixels.
    const left0 = shift * factor - view.x * view.scale;
    const top0 = -view.y * view.scale;
    for (const { store, style, base } of shown) {
      const plain = looks.startOf(style.color);
      const stale = phase === FADED ? Looks.STALE : 0;
      const measured = measuredLooks(looks, style, store);
      const { shownX: x, shownY: y, phase: phases, heading, measure, length } = store;
      for (let e = 0; e < length; e++) {
        if (phases[e] !== phase) continue;
        const px = (x[e] ?? 0) * factor + left0;
        const py = (y[e] ?? 0) * factor + top0;
        if (px > -MARGIN && px < right && py > -MARGIN && py < bottom) {
          const start = measured === null ? plain : measured.startOf(measure[e] ?? Number.NaN);
          const look = start + stale + headingStep(heading[e] ?? Number.NaN);
          looks.need(look);
          marks.add(Math.floor(px), Math.floor(py), base + e, look);
        }
      }
    }
  }
}

/** One mark by itself: device pixels of its centre, whole numbers; its id; its index into the table of looks. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly id: number;
  readonly look: number;
}

/** Selected and hovered marks with their rings, which lie in front of everything; the foremost one first. */
export function emphasised(
  looks: Looks,
  shown: readonly ShownStream[],
  view: FrameView,
  { selected, hovered }: Emphasis,
): Mark[] {
  const marks: Mark[] = [];
  for (const [entity, halo] of [[selected, Looks.SELECTED] as const, [hovered, Looks.HOVERED] as const]) {
    const drawn = shown.find(({ stream }) => stream === entity?.stream);
    if (!entity || !drawn) continue;
    const { store, style, base } = drawn;
    const phase = store.phase[entity.entity];
    if (phase !== FRESH && phase !== FADED) continue;
    const measured = measuredLooks(looks, style, store);
    const start = measured?.startOf(store.measure[entity.entity] ?? Number.NaN) ?? looks.startOf(style.color);
    const look = start + (phase === FADED ? Looks.STALE : 0) + headingStep(store.heading[entity.entity] ?? Number.NaN);
    looks.need(look);
    looks.need(halo);
    for (const shift of copies(view)) {
      const { x, y } = placeIn(view, (store.shownX[entity.entity] ?? 0) + shift, store.shownY[entity.entity] ?? 0);
      if (!near(view, x, y)) continue;
      const at = { x: Math.floor(x), y: Math.floor(y) };
      marks.push({ ...at, id: base + entity.entity, look }, { ...at, id: 0, look: halo });
    }
  }
  return marks;
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
  const { shownX, shownY } = store;
  let count = 0;
  for (let e = 0; e < store.length; e++) {
    const phase = store.phase[e];
    if (phase !== FRESH && phase !== FADED) continue;
    const fromTop = (shownY[e] ?? 0) - top;
    if (!(fromTop >= 0 && fromTop < down)) continue;
    const fromLeft = (shownX[e] ?? 0) - left;
    if (fromLeft - Math.floor(fromLeft) < across) count++;
  }
  return count;
}
