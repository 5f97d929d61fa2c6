/** The colours of marks in each theme, and the table of sprites that a frame stamps from. */
import { HEADING_STEPS } from './headings';
import type { Theme } from './messages';
import { pixelOf } from './pixels';
import { cellSprite, haloSprite, markSprite, type Sprite, USUAL_SIZE } from './sprites';
import { StampTable } from './stampTable';

/** Outlines set a mark off from the map; rings say "this one". */
const palette = {
  light: {
    ground: pixelOf('#e4e9eb'),
    outline: pixelOf('#ffffff'),
    ring: pixelOf('#1b2733'),
    ringEdge: pixelOf('#ffffff'),
  },
  dark: {
    ground: pixelOf('#16212c'),
    outline: pixelOf('#0b131b'),
    ring: pixelOf('#f2f6fa'),
    ringEdge: pixelOf('#0b131b'),
  },
} as const;

/** Sprites of one kind of mark: fresh ones by heading step, then stale ones. */
export const PER_KIND = 2 * (HEADING_STEPS + 1);
/** The rings stand at the head of the table. */
const HALOS = 2;

/** What tells marks apart beside their heading and their age. */
export interface MarkKind {
  /** "#rrggbb". */
  readonly color: string;
  /** Times the usual size. */
  readonly size: number;
}

/** A cell of the density view, `cell` CSS pixels wide: its sprites are the usual one, wider by a pixel, higher, and both. */
export interface CellKind {
  readonly color: string;
  readonly cell: number;
}

export class Looks {
  #theme: Theme = 'light';
  #scale = 1;
  #crowd = false;
  /** Undefined where no mark has looked like that yet. */
  #sprites: (Sprite | undefined)[] = [undefined, undefined];
  /** Indices of the sprites, in the order in which they were made. */
  #made: number[] = [];
  /** The sprites of marks once more, as far as they are opaque. */
  readonly stamps = new StampTable();
  /** The kind of each stretch of `PER_KIND` sprites, and where those start that were asked for by name. */
  #kinds: (MarkKind | CellKind)[] = [];
  #starts = new Map<string, number>();

  /** Forgets all sprites when they would no longer fit. */
  prepare(theme: Theme, scale: number, crowd: boolean): void {
    const same = theme === this.#theme && scale === this.#scale && crowd === this.#crowd;
    if (same) return;
    this.#crowd = crowd;
    this.#theme = theme;
    this.#scale = scale;
    this.#sprites = [undefined, undefined];
    this.#made = [];
    this.stamps.clear();
    this.#kinds = [];
    this.#starts = new Map();
  }

  /** Those that have been asked for by `need`. */
  get sprites(): readonly (Sprite | undefined)[] {
    return this.#sprites;
  }

  /** Their indices, in the order in which they were made; another array once `prepare` has forgotten them. */
  get made(): readonly number[] {
    return this.#made;
  }

  get theme(): Theme {
    return this.#theme;
  }

  /** Index of the first sprite of a colour: add a heading step, and `STALE` for a stale one. */
  startOf(color: string): number {
    return this.#starts.get(color) ?? this.#begin(color, [{ color, size: USUAL_SIZE }]);
  }

  /** The same for the first of several kinds; each of them starts `PER_KIND` after the one before. */
  startOfSteps(name: string, kinds: () => readonly (MarkKind | CellKind)[]): number {
    return this.#starts.get(name) ?? this.#begin(name, kinds());
  }

  /** Makes the sprite of an index, unless it is there: a few headings are seen long before all are. */
  need(index: number): void {
    if (this.#sprites[index] !== undefined) return;
    const sprite = this.#make(index);
    this.#sprites[index] = sprite;
    if (index >= HALOS) this.stamps.add(index, sprite);
    this.#made.push(index);
  }

  /** The same for each index that is 1. */
  needAll(needed: Uint8Array): void {
    for (let index = needed.indexOf(1); index >= 0; index = needed.indexOf(1, index + 1)) this.need(index);
  }

  #begin(name: string, kinds: readonly (MarkKind | CellKind)[]): number {
    const start = this.#sprites.length;
    for (let i = 0; i < PER_KIND * kinds.length; i++) this.#sprites.push(undefined);
    this.#kinds.push(...kinds);
    this.#starts.set(name, start);
    return start;
  }

  #make(index: number): Sprite {
    const { outline, ground, ring, ringEdge } = palette[this.#theme];
    if (index < HALOS) return haloSprite(ring, ringEdge, index === Looks.SELECTED, this.#scale);
    const kind = this.#kinds[Math.floor((index - HALOS) / PER_KIND)];
    const i = (index - HALOS) % PER_KIND;
    if (kind && 'cell' in kind) {
      const least = Math.floor(kind.cell * this.#scale + 1e-6);
      return cellSprite(pixelOf(kind.color), least + (i & 1), least + (i >> 1), least);
    }
    const stale = i >= Looks.STALE;
    const color = pixelOf(kind?.color ?? '');
    const look = { color, outline, ground, crowd: this.#crowd, stale, size: kind?.size ?? USUAL_SIZE };
    return markSprite(look, stale ? i - Looks.STALE : i, this.#scale);
  }

  static readonly STALE = HEADING_STEPS + 1;
  /** Indices of the rings around the selected and the hovered mark. */
  static readonly SELECTED = 0;
  static readonly HOVERED = 1;
}
