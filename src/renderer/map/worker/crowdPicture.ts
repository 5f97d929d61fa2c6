/**
 * The picture of a crowd, in which marks can be moved one by one. It stays the very picture that all of them would give,
 * drawn from the top (scene.ts):
 *
 * - where a mark has gone, the pixels that were its own are given to whoever is topmost there now; in a crowd these are
 *   few, since most of a mark lies below others, and those that come into question are found by where they are
 *   (markCells.ts);
 * - where it has come to, it takes each pixel whose owner lies below it.
 *
 * That works because marks of a crowd are opaque: a pixel shows one of them. Who lies above whom can be told from two
 * numbers alone (owner.ts). What limits the speed is memory, as with all that is drawn (surface.ts): who moves many marks
 * does it row of bands by row of bands, and has the next rows fetched ahead.
 */
import { Extent } from './extent';
import { CELL_MARK, type Found, MarkCells } from './markCells';
import { columnOf, rowOf } from './markList';
import { bandOf, idOf, ownerAt } from './owner';
import { PIECE, PIECE_FROM, PIECE_MASK, PIECE_X, PIECE_Y, type Sprite } from './sprites';
import type { Surface } from './surface';

/** The look of a mark that is not in the picture. */
export const NO_LOOK = -1;

/** What is known of a mark by its id: where it is, its look or NO_LOOK, and its name (owner.ts). */
const LOOK = 1;
const NAME = 2;
const KNOWN = 3;

/** Columns that pixels without an owner are looked at in. */
const STRIP = 32;
/** Numbers of a line of the processor's cache. */
const CACHE_LINE = 16;

/** By look. */
export type Sprites = readonly (Sprite | undefined)[];

export class CrowdPicture {
  /** Colour and owner of each pixel, with nothing but marks: an owner's id is `idOf(owner)`. */
  pixels = new Int32Array(0);
  owners = new Int32Array(0);
  /** Of everything that has been drawn since `clear`. */
  readonly extent = new Extent();
  /** How many pixels showed a mark when the picture was taken. */
  covered = 0;
  #width = 0;
  #height = 0;
  #count = 0;
  #known = new Int32Array(0);
  /** By id: how many pixels show it. */
  #owned = new Uint32Array(0);
  readonly #cells = new MarkCells();
  readonly #found: Found = { marks: new Int32Array(1024), length: 0 };
  /** The farthest that a mark reaches from its centre, device pixels. */
  #reach = 0;
  /** Pixels that have lost their owner: columns and rows, row by row. */
  #lostX = new Int32Array(0);
  #lostY = new Int32Array(0);
  /** The same in a strip: a bit for each of a row; and who gets each of them, in which colour. */
  #open = new Int32Array(0);
  #nextOwner = new Int32Array(0);
  #nextPixel = new Int32Array(0);
  /** Rows before this one have been fetched; a number, so that fetching has a result. */
  #fetchedTo = 0;
  #fetched = 0;

  /** How many marks there are. */
  get count(): number {
    return this.#count;
  }

  /** How many marks have been looked at since `start`, to find others among them. */
  get looked(): number {
    return this.#cells.looked;
  }

  /**
   * Forgets everything; the picture of the marks that are added then is to be taken by `take`. Device pixels.
   * @param margin marks so far outside belong to it too
   * @param ids they are smaller than this
   */
  clear(width: number, height: number, margin: number, ids: number): void {
    if (width * height !== this.pixels.length) {
      this.pixels = new Int32Array(width * height);
      this.owners = new Int32Array(width * height);
    }
    if (this.#owned.length !== ids) {
      this.#known = new Int32Array(KNOWN * ids);
      this.#owned = new Uint32Array(ids);
    }
    this.#width = width;
    this.#height = height;
    this.#reach = 0;
    this.#count = 0;
    for (let at = LOOK; at < this.#known.length; at += KNOWN) this.#known[at] = NO_LOOK;
    this.#cells.clear(width, height, margin);
  }

  /** Gives the memory back. */
  release(): void {
    if (this.pixels.length === 0) return;
    this.pixels = new Int32Array(0);
    this.owners = new Int32Array(0);
    this.#known = new Int32Array(0);
    this.#owned = new Uint32Array(0);
    this.#cells.release();
  }

  /** Whether a mark is at a place (markList.ts) with a look already; or, with NO_LOOK, is not in the picture. */
  isSo(id: number, place: number, look: number): boolean {
    const at = KNOWN * id;
    return this.#known[at + LOOK] === look && (look === NO_LOOK || this.#known[at] === place);
  }

  placeOf(id: number): number {
    return this.#known[KNOWN * id] ?? 0;
  }

  /** How many pixels showed a mark when the picture was last painted, or taken. */
  ownedBy(id: number): number {
    return this.#owned[id] ?? 0;
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
    // One by one: whether the neighbour has the same owner is what a processor cannot guess, and takes three times as long.
    const owners = this.owners;
    for (let at = 0; at < owners.length; at++) {
      const id = idOf(owners[at] ?? 0);
      owned[id] = (owned[id] ?? 0) + 1;
    }
    this.covered = this.owners.length - (owned[0] ?? 0);
  }

  /** Marks are moved from now on, from the top of the picture to its foot. */
  start(): void {
    this.#cells.looked = 0;
    this.#fetchedTo = 0;
  }

  /** Reads the lines of the cache up to a row and what a mark there reaches: so the processor has them at hand. */
  fetch(row: number): void {
    const [owners, pixels] = [this.owners, this.pixels];
    const to = Math.min(owners.length, (row + this.#reach) * this.#width);
    let sum = 0;
    for (; this.#fetchedTo < to; this.#fetchedTo += CACHE_LINE) {
      sum ^= (owners[this.#fetchedTo] ?? 0) ^ (pixels[this.#fetchedTo] ?? 0);
    }
    this.#fetched ^= sum;
  }

  /**
   * Moves a mark. Its place is as in markList.ts; with NO_LOOK it leaves the picture.
   * @returns how many pixels it has left to others
   */
  paint(name: number, place: number, look: number, sprites: Sprites): number {
    const id = idOf(name);
    if (this.isSo(id, place, look)) return 0;
    const oldPlace = this.placeOf(id);
    const oldLook = this.#known[KNOWN * id + LOOK] ?? NO_LOOK;
    const sprite = look === NO_LOOK ? undefined : sprites[look];
    const isHidden = this.#owned[id] === 0;
    const old = oldLook === NO_LOOK || isHidden ? undefined : sprites[oldLook];
    const staysAsHigh = this.#nameOf(id) === name && this.#bandOf(oldPlace) === this.#bandOf(place);
    const lost = old === undefined ? 0 : this.#leave(name, old, oldPlace, sprite, place);
    this.move(name, place, look, sprites);
    if (lost > 0) this.#fill(lost, sprites);
    if (sprite === undefined) return lost;
    // Of a crowd's marks five of six were nowhere topmost, and most of those have gone a pixel or two.
    const isAsLow = isHidden && oldLook === look && staysAsHigh;
    this.#come(name, sprite, place, isAsLow ? oldPlace : null);
    return lost;
  }

  /** The same without painting it: the picture is to be taken anew then. */
  move(name: number, place: number, look: number, sprites: Sprites): void {
    const [known, cells] = [this.#known, this.#cells];
    const reach = sprites[look]?.reach ?? 0;
    if (reach > this.#reach) this.#reach = reach;
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
    const oldName = this.#nameOf(id);
    const cx = columnOf(oldPlace);
    const cy = rowOf(oldPlace);
    // What it was on top of it still is.
    const stays = sprite !== undefined && name >= oldName && this.#bandOf(place) >= this.#bandOf(oldPlace);
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

  /**
   * Gives a mark the pixels on which it is topmost.
   * @param hiddenAt where it was as high, with the same look, and topmost nowhere: only where it was not can it be so now
   */
  #come(name: number, sprite: Sprite, place: number, hiddenAt: number | null): void {
    const [width, height] = [this.#width, this.#height];
    const { pieces } = sprite;
    const cx = columnOf(place);
    const cy = rowOf(place);
    const byX = hiddenAt === null ? 0 : cx - columnOf(hiddenAt);
    const byY = hiddenAt === null ? 0 : cy - rowOf(hiddenAt);
    const band = this.#bandOf(place);
    for (let p = 0; p < pieces.length; p += PIECE) {
      const row = pieces[p + PIECE_Y] ?? 0;
      const y = cy + row;
      if (y < 0 || y >= height) continue;
      const column = pieces[p + PIECE_X] ?? 0;
      let mask = pieces[p + PIECE_MASK] ?? 0;
      // The piece of the same row of the picture, where it was: there is one piece a row but in wide sprites.
      const q = p + PIECE * byY;
      if (hiddenAt !== null && q >= 0 && q < pieces.length && pieces[q + PIECE_Y] === row + byY) {
        const by = (pieces[q + PIECE_X] ?? 0) - byX - column;
        const oldMask = pieces[q + PIECE_MASK] ?? 0;
        if (by > -32 && by < 32) mask &= ~(by < 0 ? oldMask >>> -by : oldMask << by);
      }
      if (mask === 0) continue;
      this.#takePiece(y * width, cx + column, mask, pieces[p + PIECE_FROM] ?? 0, ownerAt(y, name, band), sprite);
    }
    this.extent.reachTo(cx + sprite.left, cy + sprite.top, cx + sprite.right, cy + sprite.bottom);
  }

  /** Gives pixels of a row to an owner, but where it lies below theirs. `mask`: which ones, from column `x` on. */
  #takePiece(row: number, x: number, mask: number, from: number, own: number, { piecePixels }: Sprite): void {
    const [owners, pixels, owned, width] = [this.owners, this.pixels, this.#owned, this.#width];
    const id = idOf(own);
    for (let bits = mask; bits !== 0; ) {
      const i = 31 - Math.clz32(bits);
      bits ^= 1 << i;
      if (x + i < 0 || x + i >= width) continue;
      const at = row + x + i;
      const owner = owners[at] ?? 0;
      if (own < owner) continue;
      owners[at] = own;
      pixels[at] = piecePixels[from + i] ?? 0;
      const before = idOf(owner);
      if (before === id) continue;
      owned[id] = (owned[id] ?? 0) + 1;
      if (before !== 0) owned[before] = (owned[before] ?? 0) - 1;
    }
  }

  #nameOf(id: number): number {
    return this.#known[KNOWN * id + NAME] ?? 0;
  }

  #bandOf(place: number): number {
    return bandOf(rowOf(place), this.#height);
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
    const [open, nextOwner, nextPixel] = [this.#open, this.#nextOwner, this.#nextPixel];
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
      const band = this.#bandOf(place);
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
}

/** A sprite's pixel at a distance from its centre; 0 where it has none. */
function pixelOfSprite({ raster, box }: Sprite, dx: number, dy: number): number {
  if (dx < -box || dy < -box || dx > box || dy > box) return 0;
  return raster[(dy + box) * (2 * box + 1) + dx + box] ?? 0;
}
