/**
 * The marks of a crowd, kept from one frame to the next: of 300,000 that give a fix a second, a sixtieth has changed, and
 * only what has is painted anew. It is the very picture that all of them would give, drawn from the top (scene.ts):
 *
 * - where a mark has gone, the pixels that were its own are given to whoever is topmost there now; in a crowd these are
 *   few, since most of a mark lies below others, and those that come into question are found by where they are
 *   (markCells.ts);
 * - where it has come to, it takes each pixel whose owner lies below it.
 *
 * That works because marks of a crowd are opaque: a pixel shows one of them. Who lies above whom can be told from two
 * numbers alone (owner.ts). What limits the speed is memory, as with all that is drawn (surface.ts): so changes are painted
 * row of tiles by row of tiles, and what is needed of a row is fetched before it is painted.
 */
import type { LayerStyle } from '../../../shared/contract';
import { measureSizes } from '../measureRamp';
import { FADED, FRESH } from './entityStore';
import { Extent } from './extent';
import {
  copies,
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
import { CELL_MARK, type Found, MarkCells } from './markCells';
import { packedPlace } from './markList';
import { type MeasuredLooks, measuredLooks } from './measuredLooks';
import type { FrameView, Theme } from './messages';
import { bandOf, idOf, LARGEST_REACH, MOST_IDS, nameOf, ownerAt } from './owner';
import { boxOf, PIECE, PIECE_FROM, PIECE_MASK, PIECE_X, PIECE_Y, type Sprite } from './sprites';
import { BAND_ROWS, BAND_SHIFT, type Surface } from './surface';

/** Of so many marks, one may have changed; when it is more, keeping them takes more time than it saves. */
const MARKS_A_CHANGE = 3;
/**
 * What painting takes, in ns on the machine of docs/bench, as measured with 100,000 and 300,000: a change, a pixel whose new
 * owner has to be found; and all marks, for each mark and each pixel that shows one. When the first changes tell that they
 * would take longer than all marks, those are painted.
 */
const CHANGE_COST = 1_300;
const LOST_COST = 350;
const MARK_COST = 130;
const PIXEL_COST = 20;
/** The first changes: one of so many, and some at least. They are of all kinds, since they are in order of their places. */
const FIRST_PART = 12;
const FIRST_LEAST = 256;
/** Marks that may be looked at for a frame, as a multiple of how many there are: thousands may lie on one pixel. */
const LOOKS_A_MARK = 12;
/** After a frame with too many changes, none is kept for so many frames; each time twice as many, up to the most. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 64;

/** The look of a mark that is not in the frame. */
const NO_LOOK = -1;

/** What is known of a mark by its id: where it is, its look or NO_LOOK, and its name (owner.ts). */
const LOOK = 1;
const NAME = 2;
const KNOWN = 3;

/** Numbers of a change: name, place, look. */
const CHANGE = 3;
const USUAL_CHANGES = CHANGE * 4096;
/** Changes are painted in tiles as high as a band and so wide, device pixels. */
const TILE_SHIFT = 6;
/** Columns that pixels without an owner are looked at in. */
const STRIP = 32;
/** Numbers of a line of the processor's cache. */
const CACHE_LINE = 16;

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

type Sprites = readonly (Sprite | undefined)[];

export class KeptMarks {
  /** Colour and owner of each pixel, with nothing but marks: an owner's id is `idOf(owner)`. */
  pixels = new Int32Array(0);
  owners = new Int32Array(0);
  /** Of everything that was drawn since it was begun. */
  readonly extent = new Extent();
  #width = 0;
  #height = 0;
  #view: FrameView | null = null;
  #looksMade: readonly number[] | null = null;
  #streams: readonly KeptStream[] = [];
  #placings: readonly Placing[] = [];
  #viewport: ViewportInWorld = { left: 0, top: 0, across: 0, down: 0 };
  /** See Shown. */
  #idsOfCopy = 0;
  #count = 0;
  #inView = 0;
  /** How many pixels show a mark, when it was taken. */
  #covered = 0;
  #pause = FIRST_PAUSE;
  #pausing = 0;

  #known = new Int32Array(0);
  /** By id: how many pixels show it. */
  #owned = new Uint32Array(0);
  /** By id within a copy: 1 when it is in the viewport. */
  #inside = new Uint8Array(0);
  readonly #cells = new MarkCells();
  readonly #found: Found = { marks: new Int32Array(1024), length: 0 };
  /** The farthest that a mark reaches from its centre. */
  #reach = 0;
  /** Pixels that have lost their owner: columns and rows, row by row. */
  #lostX = new Int32Array(0);
  #lostY = new Int32Array(0);
  /** The same in a strip: a bit for each of a row; and who gets each of them, in which colour. */
  #open = new Int32Array(0);
  #nextOwner = new Int32Array(0);
  #nextPixel = new Int32Array(0);
  /** What is to be painted, CHANGE numbers each; and the same tile by tile. */
  #changes = new Int32Array(USUAL_CHANGES);
  #sorted = new Int32Array(USUAL_CHANGES);
  #changesLength = 0;
  /** Only so that fetching has a result. */
  #fetched = 0;

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
    if (this.pixels.length === 0) return;
    this.pixels = new Int32Array(0);
    this.owners = new Int32Array(0);
    this.#known = new Int32Array(0);
    this.#owned = new Uint32Array(0);
    this.#inside = new Uint8Array(0);
    this.#cells.release();
  }

  /** Whether it is worth keeping this frame: the one before was of the same view. */
  isWorthIt({ idsOfCopy }: Shown, view: FrameView): boolean {
    const same = this.#view === view;
    this.#view = view;
    if (this.#pausing > 0) {
      this.#pausing--;
      return false;
    }
    return same && idsOfCopy * copies(view).length < MOST_IDS && boxOf(LARGEST_MARK, view.scale) <= LARGEST_REACH;
  }

  /** Keeps the marks of a frame from now on; its picture is to be taken by `take`. */
  begin({ shown, idsOfCopy }: Shown, view: FrameView, looks: Looks): void {
    this.#fit(view, copies(view).length * idsOfCopy, idsOfCopy);
    this.#view = view;
    this.#looksMade = looks.made;
    this.#idsOfCopy = idsOfCopy;
    this.#placings = copies(view).map((shift) => placingOf(view, shift));
    this.#viewport = viewportOf(view);
    this.#streams = shown.map((drawn) => keptStream(drawn, looks));
    this.#reach = 0;
    this.#inView = 0;
    this.#count = 0;
    for (let at = LOOK; at < this.#known.length; at += KNOWN) this.#known[at] = NO_LOOK;
    this.#inside.fill(0);
    this.#cells.clear(view.width, view.height, MARGIN);
    this.#changesLength = 0;
    for (const stream of this.#streams) {
      for (let e = 0; e < stream.drawn.store.length; e++) this.#change(stream, e, looks);
    }
    this.#sortChanges();
    this.#learn();
    // Those of a whole crowd are megabytes, and are not needed again.
    this.#changes = new Int32Array(USUAL_CHANGES);
    this.#sorted = new Int32Array(USUAL_CHANGES);
  }

  /** Takes the picture of all marks. Its surface has nothing else on it, and all of it is open. */
  take(surface: Surface): void {
    this.pixels.set(surface.pixels);
    this.owners.set(surface.owners);
    const { left, top, right, bottom } = surface.extent;
    this.extent.clear();
    this.extent.reachTo(left, top, right, bottom);
    const owned = this.#owned;
    owned.fill(0);
    // Neighbours often have one owner.
    let id = 0;
    let pixels = 0;
    for (const owner of this.owners) {
      if (idOf(owner) === id) pixels++;
      else {
        owned[id] = (owned[id] ?? 0) + pixels;
        id = idOf(owner);
        pixels = 1;
      }
    }
    owned[id] = (owned[id] ?? 0) + pixels;
    this.#covered = this.owners.length - (owned[0] ?? 0);
  }

  /**
   * Paints what has changed. 'repaint': so much has that all marks are to be painted, and taken by `take`; 'other': the
   * frame is another one, or has too much that is new, and nothing is kept any more.
   */
  follow({ shown }: Shown, view: FrameView, theme: Theme, looks: Looks): 'painted' | 'repaint' | 'other' {
    if (this.#streams.length === 0) return 'other';
    if (view !== this.#view || theme !== looks.theme || looks.made !== this.#looksMade || !this.#isOf(shown)) {
      this.drop();
      return 'other';
    }
    if (!this.#listChanges(looks)) {
      this.drop();
      this.#pausing = this.#pause;
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
      return 'other';
    }
    this.#pause = FIRST_PAUSE;
    return this.#paintChanges(looks.sprites) ? 'painted' : 'repaint';
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
  #listChanges(looks: Looks): boolean {
    if (this.#streams.some(({ drawn, read }) => drawn.store.changes.since(read) === null)) return false;
    this.#changesLength = 0;
    for (const stream of this.#streams) {
      const ring = stream.drawn.store.changes;
      const until = ring.count;
      for (let at = stream.read; at < until; at++) this.#change(stream, ring.entityAt(at), looks);
      stream.read = until;
    }
    if ((this.#changesLength / CHANGE) * MARKS_A_CHANGE > this.#count) return false;
    this.#sortChanges();
    return true;
  }

  /** Lists what has to be painted for an entity, in each copy of the world. */
  #change(stream: KeptStream, entity: number, looks: Looks): void {
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
      const { factor, left, top, right, bottom } = this.#placings[copy] as Placing;
      const px = x * factor + left;
      const py = y * factor + top;
      const id = copy * this.#idsOfCopy + base + entity;
      const oldPlace = this.#known[KNOWN * id] ?? 0;
      const oldLook = this.#known[KNOWN * id + LOOK] ?? NO_LOOK;
      if (there && px > -MARGIN && px < right && py > -MARGIN && py < bottom) {
        const place = packedPlace(Math.floor(px), Math.floor(py));
        if (oldLook === look && oldPlace === place) continue;
        looks.need(look);
        this.#reach = Math.max(this.#reach, looks.sprites[look]?.reach ?? 0);
        this.#list(nameOf(id, phase === FRESH), place, look);
      } else if (oldLook !== NO_LOOK) this.#list(id, oldPlace, NO_LOOK);
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
  #sortChanges(): void {
    const length = this.#changesLength;
    if (this.#sorted.length < length) this.#sorted = new Int32Array(this.#changes.length);
    const [changes, sorted] = [this.#changes, this.#sorted];
    const columns = ((this.#width + 2 * MARGIN) >> TILE_SHIFT) + 1;
    const rows = ((this.#height + 2 * MARGIN) >> BAND_SHIFT) + 1;
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

  /** Notes the marks that are listed, which have been painted already. */
  #learn(): void {
    const [changes, sorted, known] = [this.#changes, this.#sorted, this.#known];
    const length = this.#changesLength;
    for (let at = 0; at < length; at += CHANGE) {
      const name = changes[at] ?? 0;
      const of = KNOWN * idOf(name);
      known[of] = changes[at + 1] ?? 0;
      known[of + LOOK] = changes[at + 2] ?? 0;
      known[of + NAME] = name;
    }
    // From neighbours to neighbours: so they are near to each other in memory too.
    for (let at = 0; at < length; at += CHANGE) {
      this.#cells.add(sorted[at + 1] ?? 0, sorted[at] ?? 0, sorted[at + 2] ?? 0);
    }
    this.#count = length / CHANGE;
  }

  /** False when it would take too long; the marks are moved all the same. */
  #paintChanges(sprites: Sprites): boolean {
    const [sorted, cells, length] = [this.#sorted, this.#cells, this.#changesLength];
    const first = Math.min(length, Math.max(CHANGE * FIRST_LEAST, length / FIRST_PART));
    const most = MARK_COST * this.#count + PIXEL_COST * this.#covered;
    const mostLooks = LOOKS_A_MARK * this.#count;
    cells.looked = 0;
    let lost = 0;
    let fetchedTo = 0;
    let tooMuch = false;
    for (let at = 0; at < length; at += CHANGE) {
      const name = sorted[at] ?? 0;
      const place = sorted[at + 1] ?? 0;
      const look = sorted[at + 2] ?? NO_LOOK;
      if (tooMuch) {
        this.#move(name, place, look);
        continue;
      }
      fetchedTo = this.#fetch(fetchedTo, rowOf(place) + BAND_ROWS + this.#reach);
      lost += this.#paint(name, place, look, sprites);
      const cost = (CHANGE_COST * at) / CHANGE + LOST_COST * lost;
      tooMuch = cells.looked > mostLooks || cost > (most * Math.max(at, first)) / length;
    }
    return !tooMuch;
  }

  /** Reads the lines of the cache up to a row, one after the other: so the processor fetches them ahead. */
  #fetch(from: number, row: number): number {
    const [owners, pixels] = [this.owners, this.pixels];
    const to = Math.min(owners.length, row * this.#width);
    let sum = 0;
    let at = from;
    for (; at < to; at += CACHE_LINE) sum += (owners[at] ?? 0) ^ (pixels[at] ?? 0);
    this.#fetched ^= sum;
    return at;
  }

  /** Moves a mark in the picture too; how many pixels it has left to others. An entity that has changed twice is listed twice. */
  #paint(name: number, place: number, look: number, sprites: Sprites): number {
    const known = this.#known;
    const at = KNOWN * idOf(name);
    const oldPlace = known[at] ?? 0;
    const oldLook = known[at + LOOK] ?? NO_LOOK;
    if (oldLook === look && (look === NO_LOOK || oldPlace === place)) return 0;
    const sprite = look === NO_LOOK ? undefined : sprites[look];
    const old = oldLook === NO_LOOK || this.#owned[idOf(name)] === 0 ? undefined : sprites[oldLook];
    const lost = old === undefined ? 0 : this.#leave(name, old, oldPlace, sprite, place);
    this.#move(name, place, look);
    if (lost > 0) this.#fill(lost, sprites);
    if (sprite !== undefined) this.#come(name, sprite, place);
    return lost;
  }

  /** Moves a mark in what is known of it. */
  #move(name: number, place: number, look: number): void {
    const [known, cells] = [this.#known, this.#cells];
    const at = KNOWN * idOf(name);
    const oldPlace = known[at] ?? 0;
    const oldName = known[at + NAME] ?? 0;
    if (known[at + LOOK] === NO_LOOK) {
      if (look === NO_LOOK) return;
      cells.add(place, name, look);
      this.#count++;
    } else if (look === NO_LOOK) {
      cells.remove(oldPlace, oldName);
      this.#count--;
    } else cells.move(oldPlace, oldName, place, name, look);
    known[at] = place;
    known[at + LOOK] = look;
    known[at + NAME] = name;
  }

  /** Finds the pixels that a mark has and may not have any more; how many these are. */
  #leave(name: number, old: Sprite, oldPlace: number, sprite: Sprite | undefined, place: number): number {
    const [owners, width, height] = [this.owners, this.#width, this.#height];
    const { dx, dy } = old;
    const id = idOf(name);
    const oldName = this.#known[KNOWN * id + NAME] ?? 0;
    const cx = columnOf(oldPlace);
    const cy = rowOf(oldPlace);
    // What it was on top of it still is.
    const stays =
      sprite !== undefined && name >= oldName && bandOf(rowOf(place), height) >= bandOf(rowOf(oldPlace), height);
    const byX = cx - columnOf(place);
    const byY = cy - rowOf(place);
    if (this.#lostX.length < dx.length) this.#makeRoom(dx.length);
    const [lostX, lostY] = [this.#lostX, this.#lostY];
    let left = this.#owned[id] ?? 0;
    let lost = 0;
    for (let k = 0; k < dx.length && left > 0; k++) {
      const rx = dx[k] ?? 0;
      const ry = dy[k] ?? 0;
      const x = cx + rx;
      const y = cy + ry;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      if (idOf(owners[y * width + x] ?? 0) !== id) continue;
      left--;
      if (stays && pixelOfSprite(sprite, rx + byX, ry + byY) !== 0) continue;
      lostX[lost] = x;
      lostY[lost++] = y;
    }
    this.#owned[id] = (this.#owned[id] ?? 0) - lost;
    return lost;
  }

  /** Gives a mark the pixels on which it is topmost. */
  #come(name: number, sprite: Sprite, place: number): void {
    const [owners, pixels, owned] = [this.owners, this.pixels, this.#owned];
    const [width, height] = [this.#width, this.#height];
    const { pieces, piecePixels } = sprite;
    const cx = columnOf(place);
    const cy = rowOf(place);
    const band = bandOf(rowOf(place), height);
    const id = idOf(name);
    let taken = 0;
    for (let p = 0; p < pieces.length; p += PIECE) {
      const y = cy + (pieces[p + PIECE_Y] ?? 0);
      if (y < 0 || y >= height) continue;
      const x = cx + (pieces[p + PIECE_X] ?? 0);
      const mask = pieces[p + PIECE_MASK] ?? 0;
      const from = pieces[p + PIECE_FROM] ?? 0;
      const own = ownerAt(y, name, band);
      const row = y * width + x;
      const end = Math.min(width - x, 32 - Math.clz32(mask));
      for (let i = x < 0 ? -x : 0; i < end; i++) {
        const owner = owners[row + i] ?? 0;
        if (own < owner || ((mask >>> i) & 1) === 0) continue;
        owners[row + i] = own;
        pixels[row + i] = piecePixels[from + i] ?? 0;
        const before = idOf(owner);
        if (before === id) continue;
        taken++;
        if (before !== 0) owned[before] = (owned[before] ?? 0) - 1;
      }
    }
    owned[id] = (owned[id] ?? 0) + taken;
    this.extent.reachTo(cx + sprite.left, cy + sprite.top, cx + sprite.right, cy + sprite.bottom);
  }

  /** Gives pixels that have lost their owner to the topmost mark there is. */
  #fill(lost: number, sprites: Sprites): void {
    const [lostX, lostY] = [this.#lostX, this.#lostY];
    let left = lostX[0] ?? 0;
    let right = left;
    for (let i = 1; i < lost; i++) {
      const x = lostX[i] ?? 0;
      if (x < left) left = x;
      else if (x > right) right = x;
    }
    // They come row by row.
    const top = lostY[0] ?? 0;
    const rows = (lostY[lost - 1] ?? 0) - top + 1;
    for (let first = left; first <= right; first += STRIP) {
      this.#fillStrip(lost, first, Math.min(right, first + STRIP - 1), top, rows, sprites);
    }
  }

  /** The same for those in these columns, at most STRIP: so those of a row are the bits of one number. */
  #fillStrip(lost: number, left: number, right: number, top: number, rows: number, sprites: Sprites): void {
    const [lostX, lostY] = [this.#lostX, this.#lostY];
    if (this.#open.length < rows) this.#makeRows(rows);
    const [open, nextOwner, nextPixel, height] = [this.#open, this.#nextOwner, this.#nextPixel, this.#height];
    open.fill(0, 0, rows);
    for (let i = 0; i < lost; i++) {
      const column = (lostX[i] ?? 0) - left;
      if (column < 0 || left + column > right) continue;
      const row = (lostY[i] ?? 0) - top;
      open[row] = (open[row] ?? 0) | (1 << column);
      nextOwner[row * STRIP + column] = 0;
      nextPixel[row * STRIP + column] = 0;
    }
    const [reach, found] = [this.#reach, this.#found];
    this.#cells.within(left - reach, top - reach, right + reach, top + rows - 1 + reach, found);
    const { marks, length } = found;
    for (let at = 0; at < length; at += CELL_MARK) {
      const sprite = sprites[marks[at + 2] ?? 0];
      if (sprite === undefined) continue;
      const place = marks[at] ?? 0;
      const name = marks[at + 1] ?? 0;
      const { pieces, piecePixels } = sprite;
      const cx = columnOf(place) - left;
      const cy = rowOf(place) - top;
      const band = bandOf(rowOf(place), height);
      for (let p = 0; p < pieces.length; p += PIECE) {
        const row = cy + (pieces[p + PIECE_Y] ?? 0);
        if (row < 0 || row >= rows) continue;
        const by = cx + (pieces[p + PIECE_X] ?? 0);
        if (by >= STRIP || by <= -STRIP) continue;
        const mask = pieces[p + PIECE_MASK] ?? 0;
        let bits = (by < 0 ? mask >>> -by : mask << by) & (open[row] ?? 0);
        if (bits === 0) continue;
        const owner = ownerAt(top + row, name, band);
        const from = (pieces[p + PIECE_FROM] ?? 0) - by;
        while (bits !== 0) {
          const column = 31 - Math.clz32(bits);
          bits ^= 1 << column;
          const slot = row * STRIP + column;
          if (owner < (nextOwner[slot] ?? 0)) continue;
          nextOwner[slot] = owner;
          nextPixel[slot] = piecePixels[from + column] ?? 0;
        }
      }
    }
    const [owners, pixels, owned, width] = [this.owners, this.pixels, this.#owned, this.#width];
    for (let i = 0; i < lost; i++) {
      const column = (lostX[i] ?? 0) - left;
      if (column < 0 || left + column > right) continue;
      const y = lostY[i] ?? 0;
      const slot = (y - top) * STRIP + column;
      const at = y * width + left + column;
      const owner = nextOwner[slot] ?? 0;
      owners[at] = owner;
      pixels[at] = nextPixel[slot] ?? 0;
      if (owner === 0) continue;
      const id = idOf(owner);
      owned[id] = (owned[id] ?? 0) + 1;
    }
  }

  #makeRoom(pixels: number): void {
    this.#lostX = new Int32Array(pixels);
    this.#lostY = new Int32Array(pixels);
  }

  #makeRows(rows: number): void {
    this.#open = new Int32Array(rows);
    this.#nextOwner = new Int32Array(rows * STRIP);
    this.#nextPixel = new Int32Array(rows * STRIP);
  }

  #fit({ width, height }: FrameView, ids: number, idsOfCopy: number): void {
    if (width * height !== this.pixels.length) {
      this.pixels = new Int32Array(width * height);
      this.owners = new Int32Array(width * height);
    }
    this.#width = width;
    this.#height = height;
    // Id 0 is nobody's.
    if (this.#owned.length !== ids + 1) {
      this.#known = new Int32Array(KNOWN * (ids + 1));
      this.#owned = new Uint32Array(ids + 1);
    }
    if (this.#inside.length !== idsOfCopy + 1) this.#inside = new Uint8Array(idsOfCopy + 1);
  }
}

const LARGEST_MARK = Math.max(...measureSizes);

const rowOf = (place: number) => place >> 16;
const columnOf = (place: number) => (place << 16) >> 16;

/** A sprite's pixel at a distance from its centre; 0 where it has none. */
function pixelOfSprite({ raster, box }: Sprite, dx: number, dy: number): number {
  if (dx < -box || dy < -box || dx > box || dy > box) return 0;
  return raster[(dy + box) * (2 * box + 1) + dx + box] ?? 0;
}

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
