/**
 * The marks of a crowd, kept from one frame to the next: of 300,000 that give a fix a second, a sixtieth has changed, and
 * only what has is painted anew (crowdPicture.ts). Here is what a frame must have in common with the one before, what has
 * changed since, and whether to paint that takes less time than to paint everybody.
 *
 * Where it does not, everybody is painted, and of those that have changed it is only written down where they are: the picture
 * is stale then, until it is taken from a frame of everybody once more. To begin to keep a crowd takes several frames' time,
 * and so is done in parts, in as many frames, which everybody is painted for meanwhile.
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
import { idOf, LARGEST_REACH, MOST_IDS, nameOf } from './owner';
import { boxOf } from './sprites';
import { BAND_ROWS, BAND_SHIFT } from './surface';

/** Of so many marks, one may have changed for it to be worth while to keep them; and of so many, while they are kept. */
const MARKS_A_CHANGE = 10;
const FEWEST_MARKS_A_CHANGE = 3;
/**
 * What painting takes, in ns on the machine of docs/bench, as measured with 50,000 to 600,000: a change, a pixel whose new
 * owner has to be found; and all marks, for each mark and each pixel that shows one, or this part of it for two threads.
 */
const CHANGE_COST = 600;
const LOST_COST = 550;
const MARK_COST = 50;
const PIXEL_COST = 3;
const SHARED_PART = 0.6;
/** Painting changes is given up once it has cost so many times as much as all marks would: it was taken for less. */
const DEAREST = 1.5;
/** A stale picture is taken again when changes cost so much of it, or less. */
const CHEAP_PART = 0.6;
/** Frames in a row with a stale picture; and how often, since it was begun, painting changes may have been given up. */
const MOST_STALE = 30;
const MOST_GIVEN_UP = 4;
/** How many changes are asked for how many pixels they have, of each stream. */
const ASKED_CHANGES = 512;
/** Marks that may be looked at for a frame, as a multiple of how many there are: thousands may lie on one pixel. */
const LOOKS_A_MARK = 12;
/** How many marks are listed, or put where they belong, in a frame, to begin with. */
const PREPARED_A_FRAME = 50_000;
/** Frames in which they may be moved to where they have gone meanwhile. */
const MOST_MOVING = 60;
/** To sort them takes this part of the time. */
const SORTED_PART = 0.25;
/**
 * When it was of no use, none is kept for so many frames; each time twice as many, up to the most, at once where not one frame
 * was painted; and the first number again after as many that were.
 */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 512;

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
  /** How far its changes have been read, and how many there were at the frame before. */
  read: number;
  before: number;
}

/** What has become of a frame: its picture is painted; or all marks are to be painted, and the picture is to be taken then, or not. */
export type Followed = 'painted' | 'take' | 'left';

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
  /** Frames in a row with a stale picture; and, since it was begun, those that were painted, and not to the end. */
  #stale = 0;
  #painted = 0;
  #givenUp = 0;
  /** Of the pixels that marks had which have changed, the part that they have lost. */
  #lostPart = 0;
  /**
   * To begin with, all marks are listed, put where they belong, and moved to where they have gone since. What is done of it:
   * so many streams, and entities of the next one; so many numbers of the list; so many frames.
   */
  #preparing: 'listing' | 'adding' | 'moving' | null = null;
  #streamsDone = 0;
  #done = 0;

  /** By id within a copy: 1 when it is in the viewport. */
  #inside = new Uint8Array(0);
  /** What is to be painted, CHANGE numbers each; and the same tile by tile. */
  #changes = new Int32Array(USUAL_CHANGES);
  #sorted = new Int32Array(USUAL_CHANGES);
  #changesLength = 0;

  readonly #preparedAFrame: number;

  constructor(preparedAFrame = PREPARED_A_FRAME) {
    this.#preparedAFrame = preparedAFrame;
  }

  /** Entities in the viewport; once there is a picture. */
  get inView(): number {
    return this.#inView;
  }

  /** Nothing is kept any more. */
  drop(): void {
    this.#streams = [];
    this.#forgetChanges();
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

  /** Keeps the marks of a frame from now on; returns what is to become of it. */
  begin({ shown, idsOfCopy }: Shown, view: FrameView, looks: Looks): Followed {
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
    this.#stale = 0;
    this.#painted = 0;
    this.#givenUp = 0;
    this.#lostPart = 0;
    this.#changesLength = 0;
    this.#preparing = 'listing';
    this.#streamsDone = 0;
    this.#done = 0;
    return this.#prepare(view, looks) ?? 'left';
  }

  /**
   * Goes on to the next frame: paints what has changed, or leaves it to whoever paints all. Null when the frame is another
   * one, or has too much that is new: then nothing is kept any more.
   * @param isShared all marks are painted by two threads
   */
  follow({ shown }: Shown, view: FrameView, theme: Theme, looks: Looks, isShared: boolean): Followed | null {
    if (this.#streams.length === 0) return null;
    if (view !== this.#view || theme !== looks.theme || looks.made !== this.#looksMade || !this.#isOf(shown)) {
      this.drop();
      return null;
    }
    const followed = this.#preparing ? this.#prepare(view, looks) : this.#go(view, looks, isShared);
    if (this.#painted >= LONGEST_PAUSE) this.#pause = FIRST_PAUSE;
    if (!followed) {
      this.drop();
      this.#pausing = this.#painted === 0 ? LONGEST_PAUSE : this.#pause;
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pausing);
    }
    return followed;
  }

  /** Does a frame's part of what there is to do to begin with. Null when too much has changed meanwhile. */
  #prepare(view: FrameView, looks: Looks): Followed | null {
    let room = this.#preparedAFrame;
    while (this.#preparing === 'listing') {
      const stream = this.#streams[this.#streamsDone];
      if (stream === undefined) {
        // From neighbours to neighbours: so they are near to each other in memory too. A list of a whole crowd is megabytes.
        this.#sorted = new Int32Array(this.#changesLength);
        this.#sortChanges(view);
        this.#changes = new Int32Array(USUAL_CHANGES);
        this.#preparing = 'adding';
        room = Math.max(0, room - Math.floor((SORTED_PART * this.#changesLength) / CHANGE));
        break;
      }
      const end = Math.min(stream.drawn.store.length, this.#done + room);
      room -= end - this.#done;
      for (; this.#done < end; this.#done++) this.#change(stream, this.#done, looks);
      if (this.#done < stream.drawn.store.length) return 'left';
      this.#streamsDone++;
      this.#done = 0;
    }
    if (this.#preparing === 'adding') {
      const end = Math.min(this.#changesLength, this.#done + room * CHANGE);
      room -= (end - this.#done) / CHANGE;
      this.#done = this.#moveFrom(this.#done, end, looks.sprites);
      if (end < this.#changesLength) return 'left';
      this.#forgetChanges();
      this.#preparing = 'moving';
      this.#done = 0;
    }
    const isDone = this.#listChanges(view, room, looks);
    if (isDone === null || ++this.#done > MOST_MOVING) return null;
    this.#moveFrom(0, this.#changesLength, looks.sprites);
    if (!isDone) return 'left';
    this.#forgetChanges();
    for (const stream of this.#streams) stream.before = stream.read;
    this.#preparing = null;
    return 'take';
  }

  #forgetChanges(): void {
    this.#changes = new Int32Array(USUAL_CHANGES);
    this.#sorted = new Int32Array(USUAL_CHANGES);
  }

  /** The same once that is done. */
  #go(view: FrameView, looks: Looks, isShared: boolean): Followed | null {
    const { picture } = this;
    const all = (MARK_COST * picture.count + PIXEL_COST * picture.covered) * (isShared ? SHARED_PART : 1);
    const cost = this.#costOfChanges();
    const isPaid = this.#stale === 0 && cost <= all;
    const most = isPaid ? Math.floor(picture.count / FEWEST_MARKS_A_CHANGE) : this.#preparedAFrame;
    const isAll = this.#listChanges(view, most, looks);
    if (isAll === null || (isPaid && !isAll)) return null;
    if (isPaid && this.#paintChanges(looks.sprites, DEAREST * all)) {
      this.#painted++;
      return 'painted';
    }
    // Those that are painted already stay as they are.
    this.#moveFrom(0, this.#changesLength, looks.sprites);
    if (isPaid) this.#givenUp++;
    if (this.#stale > 0 && isAll && cost <= CHEAP_PART * all) {
      this.#stale = 0;
      return 'take';
    }
    this.#stale++;
    return this.#stale > MOST_STALE || this.#givenUp > MOST_GIVEN_UP ? null : 'left';
  }

  /** What painting the changes since the frame before would take, ns, by some of them. */
  #costOfChanges(): number {
    let [changes, shown] = [0, 0];
    for (const stream of this.#streams) {
      const { changes: ring, capacity } = stream.drawn.store;
      const { count } = ring;
      // Of more the ring knows nothing, and anybody may have changed.
      const noted = ring.since(stream.before) ?? capacity;
      const apart = Math.ceil(noted / ASKED_CHANGES);
      for (let at = count - noted; at < count; at += apart) {
        const id = stream.drawn.base + ring.entityAt(at);
        for (let copy = 0; copy < this.#placings.length; copy++) {
          shown += apart * this.picture.ownedBy(copy * this.#idsOfCopy + id);
        }
      }
      changes += noted;
      stream.before = count;
    }
    return CHANGE_COST * changes + LOST_COST * this.#lostPart * shown;
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

  /** Lists changes, the oldest first, and of so many entities at most. False when there are more; null when some are not known. */
  #listChanges(view: FrameView, most: number, looks: Looks): boolean | null {
    if (this.#streams.some(({ drawn, read }) => drawn.store.changes.since(read) === null)) return null;
    this.#changesLength = 0;
    let left = most;
    let isAll = true;
    for (const stream of this.#streams) {
      const ring = stream.drawn.store.changes;
      const until = Math.min(ring.count, stream.read + left);
      left -= until - stream.read;
      for (let at = stream.read; at < until; at++) this.#change(stream, ring.entityAt(at), looks);
      stream.read = until;
      if (until < ring.count) isAll = false;
    }
    this.#sortChanges(view);
    return isAll;
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

  /** Writes down where the listed marks are, from one to another. Returns where that ends. */
  #moveFrom(start: number, end: number, sprites: Sprites): number {
    const [sorted, { picture }] = [this.#sorted, this];
    for (let at = start; at < end; at += CHANGE) {
      picture.move(sorted[at] ?? 0, sorted[at + 1] ?? 0, sorted[at + 2] ?? NO_LOOK, sprites);
    }
    return end;
  }

  /** False when it has cost more than `most`, ns: then some are not painted. */
  #paintChanges(sprites: Sprites, most: number): boolean {
    const [sorted, length, { picture }] = [this.#sorted, this.#changesLength, this];
    const mostLooks = LOOKS_A_MARK * picture.count;
    picture.start();
    let shown = 0;
    let lost = 0;
    let at = 0;
    for (; at < length; at += CHANGE) {
      if ((CHANGE_COST * at) / CHANGE + LOST_COST * lost > most || picture.looked > mostLooks) break;
      const [name, place] = [sorted[at] ?? 0, sorted[at + 1] ?? 0];
      picture.fetch(rowOf(place) + BAND_ROWS);
      shown += picture.ownedBy(idOf(name));
      lost += picture.paint(name, place, sorted[at + 2] ?? NO_LOOK, sprites);
    }
    if (shown > 0) this.#lostPart = lost / shown;
    return at >= length;
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
    before: store.changes.count,
  };
}
