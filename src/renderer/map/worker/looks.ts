/** The colours of marks in each theme, and the table of sprites that a frame stamps from. */
import type { Theme } from './messages';
import { pixelOf } from './pixels';
import { HEADING_STEPS, haloSprite, markSprite, type Sprite } from './sprites';

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

/** Sprites of one colour: fresh ones by heading step, then stale ones. */
const PER_COLOR = 2 * (HEADING_STEPS + 1);
/** The rings stand at the head of the table. */
const HALOS = 2;

export class Looks {
  #theme: Theme = 'light';
  #scale = 1;
  #stride = 0;
  #crowd = false;
  /** Undefined where no mark has looked like that yet. */
  #sprites: (Sprite | undefined)[] = [undefined, undefined];
  /** Indices of the sprites, in the order in which they were made. */
  #made: number[] = [];
  /** The colour of each stretch of `PER_COLOR` sprites, and where it starts. */
  #colors: string[] = [];
  #starts = new Map<string, number>();

  /** Forgets all sprites when they would no longer fit. */
  prepare(theme: Theme, scale: number, stride: number, crowd: boolean): void {
    const same = theme === this.#theme && scale === this.#scale && stride === this.#stride && crowd === this.#crowd;
    if (same) return;
    this.#crowd = crowd;
    this.#theme = theme;
    this.#scale = scale;
    this.#stride = stride;
    this.#sprites = [undefined, undefined];
    this.#made = [];
    this.#colors = [];
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

  /** Index of the first sprite of a colour: add a heading step, and `STALE` for a stale one. */
  startOf(color: string): number {
    const known = this.#starts.get(color);
    if (known !== undefined) return known;
    const start = this.#sprites.length;
    for (let i = 0; i < PER_COLOR; i++) this.#sprites.push(undefined);
    this.#colors.push(color);
    this.#starts.set(color, start);
    return start;
  }

  /** Makes the sprite of an index, unless it is there: a few headings are seen long before all are. */
  need(index: number): void {
    if (this.#sprites[index] !== undefined) return;
    this.#sprites[index] = this.#make(index);
    this.#made.push(index);
  }

  #make(index: number): Sprite {
    const { outline, ground, ring, ringEdge } = palette[this.#theme];
    if (index < HALOS) return haloSprite(ring, ringEdge, index === Looks.SELECTED, this.#scale, this.#stride);
    const color = pixelOf(this.#colors[Math.floor((index - HALOS) / PER_COLOR)] ?? '');
    const i = (index - HALOS) % PER_COLOR;
    const stale = i >= Looks.STALE;
    const look = { color, outline, ground, crowd: this.#crowd, stale };
    return markSprite(look, stale ? i - Looks.STALE : i, this.#scale, this.#stride);
  }

  static readonly STALE = HEADING_STEPS + 1;
  /** Indices of the rings around the selected and the hovered mark. */
  static readonly SELECTED = 0;
  static readonly HOVERED = 1;
}
