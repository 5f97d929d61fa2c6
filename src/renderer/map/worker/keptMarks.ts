/**
 * The marks of a crowd, kept from one frame to the next: of 300,000 that give a fix a second, a sixtieth has changed, and
 * only what has is painted anew (crowdPicture.ts). Here is what a frame must have in common with the one before, what has
 * changed since, and whether to paint that takes less time than to paint everybody.
 */
import type { LayerStyle } from '../../../shared/contract';
import { measureSizes } from '../measureRamp';
import { CrowdPicture, NO_LOOK, type Sprites } from './crowdPicture';
import { FADED, FRESH } from './entityStore';
import {
  copies,
  isNear,
  isWithin,
  lookOf,
  MARGIN,
  type Placing,
  placingOf,
  type Shown,
  type ShownStream,
  type ViewportInWorld,
  viewportOf,
} from './frameContents';
import type { Looks } from './looks';
import { columnOf, packedPlace, rowOf } from './markList';
import { type MeasuredLooks, measuredLooks } from './measuredLooks';
import type { FrameView, Theme } from './messages';
import { LARGEST_REACH, MOST_IDS, nameOf } from './owner';
import { boxOf } from './sprites';
import { BAND_ROWS, BAND_SHIFT } from './surface';

/** Of so many marks, one may have changed for it to be worth while to keep them; and of so many, while they are kept. */
const MARKS_A_CHANGE = 10;
const FEWEST_MARKS_A_CHANGE = 3;
/**
 * What painting takes, in ns on the machine of docs/bench, as measured with 100,000 and 300,000: a change, a pixel whose new
 * owner has to be found; and all marks, for each mark and each pixel that shows one.
 */
const CHANGE_COST = 600;
const LOST_COST = 250;
const MARK_COST = 25;
const PIXEL_COST = 6;
/**
 * To begin takes as long as several frames do, and the frame after it has the changes of all that time. So some frames in a
 * row may take longer than all marks would, but none so many times as long: that is told by its first changes.
 */
const DEAR_FRAMES = 4;
const DEAREST = 3;
/** The first changes: one of so many, and some at least. They are of all kinds, since they are in order of their places. */
const FIRST_PART = 12;
const FIRST_LEAST = 256;
/** Marks that may be looked at for a frame, as a multiple of how many there are: thousands may lie on one pixel. */
const LOOKS_A_MARK = 12;
/**
 * After a frame with too many changes, none is kept for so many frames; each time twice as many, up to the most, and the
 * first number again after as many good ones.
 */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 256;

/** Numbers of a change: name, place, look. */
const CHANGE = 3;
const USUAL_CHANGES = CHANGE * 4096;
/** Changes are painted in tiles as high as a band and so wide, device pixels. */
const TILE_SHIFT = 6;
/** A stream as it was when its marks were kept. */
interface KeptStream {
  readonly drawn: ShownStream;
  readonly capacity: number;
  readonly columns: Float64Array;
  readonly least: number | null;
  readonly most: number | null;
  readonly plain: number;
  readonly measured: MeasuredLooks | null;
  /** How far its changes have been read. */
  read: number;
}

export class KeptMarks {
  readonly picture = new CrowdPicture();
  #view: FrameView | null = null;
  #looksMade: readonly number[] | null = null;
  #streams: readonly KeptStream[] = [];
  #placings: readonly Placing[] = [];
  #viewport: ViewportInWorld = { left: 0, top: 0, across: 0, down: 0 };
  /** See Shown. */
  #idsOfCopy = 0;
  #inView = 0;
  /** Changes of all streams, when it was last asked whether it is worth it. */
  #noted = 0;
  #pause = FIRST_PAUSE;
  #pausing = 0;
  /** Frames in a row that took longer than all marks would, and that did not. */
  #dear = 0;
  #cheap = 0;

  /** By id within a copy: 1 when it is in the viewport. */
  #inside = new Uint8Array(0);
  /** What is to be painted, CHANGE numbers each; and the same tile by tile. */
  #changes = new Int32Array(USUAL_CHANGES);
  #sorted = new Int32Array(USUAL_CHANGES);
  #changesLength = 0;

  /** Entities in the viewport. */
  get inView(): number {
    return this.#inView;
  }

  /** Nothing is kept any more. */
  drop(): void {
    this.#streams = [];
  }

  /** Gives the memory back too. */
  release(): void {
    this.drop();
    this.#view = null;
    this.picture.release();
    this.#inside = new Uint8Array(0);
  }

  /** Whether it is worth keeping this frame: the one before was of the same view, and not too much has changed since. */
  isWorthIt({ shown, idsOfCopy, onMap }: Shown, view: FrameView): boolean {
    const same = this.#view === view;
    const noted = shown.reduce((sum, { store }) => sum + store.changes.count, 0);
    const few = (noted - this.#noted) * MARKS_A_CHANGE < onMap;
    this.#view = view;
    this.#noted = noted;
    if (this.#pausing > 0) {
      this.#pausing--;
      return false;
    }
    const isTold = idsOfCopy * copies(view).length < MOST_IDS && boxOf(LARGEST_MARK, view.scale) <= LARGEST_REACH;
    return same && few && isTold;
  }

  /** Keeps the marks of a frame from now on; its picture is to be taken then. */
  begin({ shown, idsOfCopy }: Shown, view: FrameView, looks: Looks): void {
    const { picture } = this;
    // Id 0 is nobody's.
    picture.clear(view.width, view.height, MARGIN, 1 + copies(view).length * idsOfCopy);
    this.#inside = new Uint8Array(1 + idsOfCopy);
    this.#view = view;
    this.#looksMade = looks.made;
    this.#idsOfCopy = idsOfCopy;
    this.#placings = copies(view).map((shift) => placingOf(view, shift));
    this.#viewport = viewportOf(view);
    this.#streams = shown.map((drawn) => keptStream(drawn, looks));
    this.#inView = 0;
    this.#dear = 0;
    this.#cheap = 0;
    this.#changesLength = 0;
    for (const stream of this.#streams) {
      for (let e = 0; e < stream.drawn.store.length; e++) this.#change(stream, e, looks);
    }
    // From neighbours to neighbours: so they are near to each other in memory too.
    this.#sortChanges(view);
    for (let at = 0; at < this.#changesLength; at += CHANGE) {
      const [name, place, look] = [this.#sorted[at] ?? 0, this.#sorted[at + 1] ?? 0, this.#sorted[at + 2] ?? NO_LOOK];
      picture.move(name, place, look, looks.sprites);
    }
    // Those of a whole crowd are megabytes, and are not needed again.
    this.#changes = new Int32Array(USUAL_CHANGES);
    this.#sorted = new Int32Array(USUAL_CHANGES);
  }

  /**
   * Paints what has changed. False when the frame is another one, or has too much that is new: then nothing is kept any
   * more.
   */
  follow({ shown }: Shown, view: FrameView, theme: Theme, looks: Looks): boolean {
    if (this.#streams.length === 0) return false;
    if (view !== this.#view || theme !== looks.theme || looks.made !== this.#looksMade || !this.#isOf(shown)) {
      this.drop();
      return false;
    }
    const isPainted = this.#listChanges(view, looks) && this.#paintChanges(looks.sprites);
    if (this.#cheap >= LONGEST_PAUSE) this.#pause = FIRST_PAUSE;
    if (!isPainted) {
      this.drop();
      this.#pausing = this.#pause;
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
    }
    return isPainted;
  }

  #isOf(shown: readonly ShownStream[]): boolean {
    return (
      shown.length === this.#streams.length &&
      this.#streams.every(({ drawn, capacity, columns, least, most }, i) => {
        const now = shown[i];
        if (now === undefined || now.store !== drawn.store || !isSame(now.style, drawn.style)) return false;
        const { store } = now;
        const { measured } = store;
        const sameScale =
          now.style.measure === null || ((measured?.least ?? null) === least && (measured?.most ?? null) === most);
        return store.capacity === capacity && store.shownX === columns && now.base === drawn.base && sameScale;
      })
    );
  }

  /** False when there are too many. */
  #listChanges(view: FrameView, looks: Looks): boolean {
    if (this.#streams.some(({ drawn, read }) => drawn.store.changes.since(read) === null)) return false;
    this.#changesLength = 0;
    for (const stream of this.#streams) {
      const ring = stream.drawn.store.changes;
      const until = ring.count;
      for (let at = stream.read; at < until; at++) this.#change(stream, ring.entityAt(at), looks);
      stream.read = until;
    }
    if ((this.#changesLength / CHANGE) * FEWEST_MARKS_A_CHANGE > this.picture.count) return false;
    this.#sortChanges(view);
    return true;
  }

  /** Lists what has to be painted for an entity, in each copy of the world. */
  #change(stream: KeptStream, entity: number, looks: Looks): void {
    const { picture } = this;
    const { store, base } = stream.drawn;
    const phase = store.phase[entity] ?? 0;
    const there = phase === FRESH || phase === FADED;
    const x = store.shownX[entity] ?? 0;
    const y = store.shownY[entity] ?? 0;
    const inside = there && isWithin(this.#viewport, x, y) ? 1 : 0;
    this.#inView += inside - (this.#inside[base + entity] ?? 0);
    this.#inside[base + entity] = inside;
    const look = there ? lookOf(store, entity, stream.plain, stream.measured, phase) : NO_LOOK;
    for (let copy = 0; copy < this.#placings.length; copy++) {
      const placing = this.#placings[copy] as Placing;
      const px = x * placing.factor + placing.left;
      const py = y * placing.factor + placing.top;
      const id = copy * this.#idsOfCopy + base + entity;
      if (there && isNear(placing, px, py)) {
        const place = packedPlace(Math.floor(px), Math.floor(py));
        if (picture.isSo(id, place, look)) continue;
        looks.need(look);
        this.#list(nameOf(id, phase === FRESH), place, look);
      } else if (!picture.isSo(id, 0, NO_LOOK)) this.#list(id, picture.placeOf(id), NO_LOOK);
    }
  }

  #list(name: number, place: number, look: number): void {
    const at = this.#changesLength;
    if (at + CHANGE > this.#changes.length) {
      const longer = new Int32Array(2 * this.#changes.length);
      longer.set(this.#changes);
      this.#changes = longer;
    }
    this.#changes[at] = name;
    this.#changes[at + 1] = place;
    this.#changes[at + 2] = look;
    this.#changesLength = at + CHANGE;
  }

  /** A counting sort by tiles, row of tiles by row of tiles. */
  #sortChanges({ width, height }: FrameView): void {
    const length = this.#changesLength;
    if (this.#sorted.length < length) this.#sorted = new Int32Array(this.#changes.length);
    const [changes, sorted] = [this.#changes, this.#sorted];
    const columns = ((width + 2 * MARGIN) >> TILE_SHIFT) + 1;
    const rows = ((height + 2 * MARGIN) >> BAND_SHIFT) + 1;
    const tileOf = (place: number) =>
      ((rowOf(place) + MARGIN) >> BAND_SHIFT) * columns + ((columnOf(place) + MARGIN) >> TILE_SHIFT);
    const next = new Int32Array(columns * rows + 1);
    for (let at = 0; at < length; at += CHANGE) {
      const tile = tileOf(changes[at + 1] ?? 0) + 1;
      next[tile] = (next[tile] ?? 0) + CHANGE;
    }
    for (let tile = 1; tile < next.length; tile++) next[tile] = (next[tile] ?? 0) + (next[tile - 1] ?? 0);
    for (let at = 0; at < length; at += CHANGE) {
      const tile = tileOf(changes[at + 1] ?? 0);
      const to = next[tile] ?? 0;
      next[tile] = to + CHANGE;
      sorted[to] = changes[at] ?? 0;
      sorted[to + 1] = changes[at + 1] ?? 0;
      sorted[to + 2] = changes[at + 2] ?? 0;
    }
  }

  /** False when it would take much longer than to paint all marks, or again longer than that. */
  #paintChanges(sprites: Sprites): boolean {
    const [sorted, length, { picture }] = [this.#sorted, this.#changesLength, this];
    const first = Math.min(length, Math.max(CHANGE * FIRST_LEAST, length / FIRST_PART));
    const most = MARK_COST * picture.count + PIXEL_COST * picture.covered;
    const mostLooks = LOOKS_A_MARK * picture.count;
    picture.start();
    let cost = 0;
    let lost = 0;
    for (let at = 0; at < length; at += CHANGE) {
      const place = sorted[at + 1] ?? 0;
      picture.fetch(rowOf(place) + BAND_ROWS);
      lost += picture.paint(sorted[at] ?? 0, place, sorted[at + 2] ?? NO_LOOK, sprites);
      cost = (CHANGE_COST * at) / CHANGE + LOST_COST * lost;
      if (cost > (DEAREST * most * Math.max(at, first)) / length || picture.looked > mostLooks) return false;
    }
    const isDear = cost > most;
    this.#dear = isDear ? this.#dear + 1 : 0;
    this.#cheap = isDear ? 0 : this.#cheap + 1;
    return this.#dear <= DEAR_FRAMES;
  }
}

const LARGEST_MARK = Math.max(...measureSizes);

const isSame = (one: LayerStyle, other: LayerStyle) =>
  one === other || (one.color === other.color && JSON.stringify(one.measure) === JSON.stringify(other.measure));

function keptStream(drawn: ShownStream, looks: Looks): KeptStream {
  const { store, style } = drawn;
  const { measured } = store;
  return {
    drawn,
    capacity: store.capacity,
    columns: store.shownX,
    least: measured?.least ?? null,
    most: measured?.most ?? null,
    plain: looks.startOf(style.color),
    measured: measuredLooks(looks, style, store),
    read: store.changes.count,
  };
}
