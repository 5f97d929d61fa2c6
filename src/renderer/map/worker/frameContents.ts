/**
 * What a frame shows, before it is painted in one way or another: which streams, under which ids, in which copies of
 * the world, and where each mark goes. Pure: the same streams and the same view give the same marks.
 */
import { CROWD } from '../densityScale';
import { worldSize } from '../projection';
import { ABSENT, type EntityStore, FADED, FRESH } from './entityStore';
import { NO_HEADING } from './headings';
import { Looks } from './looks';
import type { MarkList } from './markList';
import { type MeasuredLooks, measuredLooks } from './measuredLooks';
import type { EntityName, FrameView } from './messages';
import { nameOf } from './owner';
import type { DrawnStream, Emphasis } from './painter';

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

/** The visible streams of a frame. */
export interface Shown {
  readonly shown: readonly ShownStream[];
  /** Of each copy of the world. */
  readonly ranges: readonly IdRange[];
  /** An entity's ids in two neighbouring copies of the world are so far apart. */
  readonly idsOfCopy: number;
  /** Entities on the map as a whole. */
  readonly onMap: number;
}

export interface FrameContents extends Shown {
  /** Entities in the viewport. */
  readonly inView: number;
  readonly crowd: boolean;
}

/** Ids keep room for entities to come: a new one is no reason to number all others anew. */
export function shownOf(streams: readonly DrawnStream[], view: FrameView): Shown {
  const shown: ShownStream[] = [];
  let [ids, onMap] = [0, 0];
  for (const drawn of streams) {
    if (!drawn.style.visible) continue;
    shown.push({ ...drawn, base: 1 + ids });
    ids += drawn.store.capacity;
    onMap += drawn.store.entities;
  }
  const ranges = copies(view).flatMap((_, copy) =>
    shown.map(({ stream, store, base }) => {
      const first = base + copy * ids;
      return { stream, base: first, end: first + store.length };
    }),
  );
  return { shown, ranges, idsOfCopy: ids, onMap };
}

export function contentsOf(streams: readonly DrawnStream[], view: FrameView): FrameContents {
  const inView = entitiesInView(streams, view);
  return { ...shownOf(streams, view), inView, crowd: isCrowd(inView) };
}

/** Marks of a crowd are opaque (sprites.ts). */
export const isCrowd = (inView: number) => inView > CROWD;

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
  { shown, idsOfCopy }: Pick<Shown, 'shown' | 'idsOfCopy'>,
  view: FrameView,
  phase: number,
): void {
  marks.clear(view.height);
  for (const [copy, shift] of copies(view).entries()) {
    const placing = placingOf(view, shift);
    const { factor, left, top } = placing;
    for (const { store, style, base } of shown) {
      const plain = looks.startOf(style.color);
      const measured = measuredLooks(looks, style, store);
      const needed = new Uint8Array(looks.sprites.length);
      const first = base + copy * idsOfCopy;
      const { shownX: x, shownY: y, phase: phases, length } = store;
      for (let e = 0; e < length; e++) {
        if (phases[e] !== phase) continue;
        const px = (x[e] ?? 0) * factor + left;
        const py = (y[e] ?? 0) * factor + top;
        if (isNear(placing, px, py)) {
          const look = lookOf(store, e, plain, measured, phase);
          needed[look] = 1;
          // As whole numbers from here on, also to whoever compiles this.
          marks.add(Math.floor(px) | 0, Math.floor(py) | 0, nameOf(first + e, phase === FRESH), look);
        }
      }
      looks.needAll(needed);
    }
  }
}

/**
 * From world fractions to device pixels in a frame, for one copy of the world: times `factor`, plus `left` or `top`. A mark
 * beyond `right` or `bottom`, or as far beyond the other edges, does not reach into the frame.
 */
export interface Placing {
  readonly factor: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** @param shift whole worlds to the east of the first copy */
export function placingOf({ zoom, scale, x, y, width, height }: FrameView, shift: number): Placing {
  const factor = worldSize(zoom) * scale;
  return { factor, left: shift * factor - x * scale, top: -y * scale, right: width + MARGIN, bottom: height + MARGIN };
}

/** Whether a mark at this place, device pixels from the frame's corner, may reach into the frame. */
export const isNear = ({ right, bottom }: Placing, x: number, y: number) =>
  x > -MARGIN && x < right && y > -MARGIN && y < bottom;

/**
 * The look of an entity's mark.
 * @param plain the first look of its layer's colour
 * @param measured null where its layer shows no number
 */
export function lookOf(
  { headingStep, measure }: EntityStore,
  entity: number,
  plain: number,
  measured: MeasuredLooks | null,
  phase: number,
): number {
  const start = measured === null ? plain : measured.startOf(measure[entity] ?? Number.NaN);
  return start + (phase === FADED ? Looks.STALE : 0) + (headingStep[entity] ?? NO_HEADING);
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
  { shown, idsOfCopy }: Pick<Shown, 'shown' | 'idsOfCopy'>,
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
    const look = lookOf(store, entity.entity, looks.startOf(style.color), measured, phase);
    looks.need(look);
    looks.need(halo);
    for (const [copy, shift] of copies(view).entries()) {
      const placing = placingOf(view, shift);
      const x = (store.shownX[entity.entity] ?? 0) * placing.factor + placing.left;
      const y = (store.shownY[entity.entity] ?? 0) * placing.factor + placing.top;
      if (!isNear(placing, x, y)) continue;
      const at = { x: Math.floor(x), y: Math.floor(y) };
      marks.push({ ...at, id: base + copy * idsOfCopy + entity.entity, look }, { ...at, id: 0, look: halo });
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

/** Entities on the map in the viewport itself, each counted once however many copies of it are seen. */
function countInView({ shownX, shownY, phase: phases, length }: EntityStore, view: FrameView): number {
  const { left, top, across, down } = viewportOf(view);
  let count = 0;
  for (let e = 0; e < length; e++) {
    const fromLeft = (shownX[e] ?? 0) - left;
    const fromTop = (shownY[e] ?? 0) - top;
    const phase = phases[e] ?? ABSENT;
    // `isWithin`, written out, and all of it one question: that is compiled to half the time.
    if (
      fromTop >= 0 &&
      fromTop < down &&
      fromLeft - Math.floor(fromLeft) < across &&
      phase >= FRESH &&
      phase <= FADED
    ) {
      count++;
    }
  }
  return count;
}

/** A viewport in world fractions. */
export interface ViewportInWorld {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

export function viewportOf({ zoom, x, y, viewport }: FrameView): ViewportInWorld {
  const world = worldSize(zoom);
  return {
    left: (x + viewport.x) / world,
    top: (y + viewport.y) / world,
    across: viewport.width / world,
    down: viewport.height / world,
  };
}

/** Whether a place of the world, in fractions of it, is in the viewport in any copy of the world. */
export function isWithin({ left, top, across, down }: ViewportInWorld, x: number, y: number): boolean {
  const fromTop = y - top;
  if (!(fromTop >= 0 && fromTop < down)) return false;
  const fromLeft = x - left;
  return fromLeft - Math.floor(fromLeft) < across;
}
