/**
 * The sprites of looks.ts side by side in one texture, and the table that says where each of them is: by its index x,
 * y and reach, in texels. A sprite is put in when it has been made, in rows from the top down; the texture grows with
 * them. Colours are not premultiplied here.
 */
import type { Looks } from '../looks';
import { PainterError } from '../painter';
import type { Sprite } from '../sprites';
import { TABLE_WIDTH } from './shaders';
import { texture } from './texture';

/** Texels; every WebGL2 has textures of 2048 at least. */
const WIDTH = 2048;
const FIRST_HEIGHT = 64;
/** Numbers of a table's entry. */
const ENTRY = 4;

export class Atlas {
  readonly #gl: WebGL2RenderingContext;
  readonly #texture: WebGLTexture;
  readonly #table: WebGLTexture;
  /** The looks' list of sprites that this atlas follows: another one is another atlas. */
  readonly #made: readonly number[];
  #taken = 0;
  #texels = new Uint8Array(4 * WIDTH * FIRST_HEIGHT);
  #entries = new Uint16Array(ENTRY * TABLE_WIDTH);
  /** Where the next sprite goes, and the height of its row so far. */
  #x = 0;
  #y = 0;
  #rowHeight = 0;

  constructor(gl: WebGL2RenderingContext, looks: Looks) {
    this.#gl = gl;
    this.#made = looks.made;
    this.#texture = texture(gl);
    this.#table = texture(gl);
  }

  isOf(looks: Looks): boolean {
    return looks.made === this.#made;
  }

  /** Takes in the sprites that have been made since the last time. Binds textures. */
  follow(looks: Looks): void {
    if (this.#taken === looks.made.length) return;
    const gl = this.#gl;
    const [firstRow, heightBefore] = [this.#y, this.#height];
    for (; this.#taken < looks.made.length; this.#taken++) {
      const index = looks.made[this.#taken] ?? 0;
      const sprite = looks.sprites[index];
      if (sprite) this.#put(index, sprite);
    }
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    if (heightBefore !== this.#height || firstRow === 0) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, WIDTH, this.#height, 0, gl.RGBA, gl.UNSIGNED_BYTE, this.#texels);
    } else {
      const rows = this.#y + this.#rowHeight - firstRow;
      const from = this.#texels.subarray(4 * WIDTH * firstRow);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, firstRow, WIDTH, rows, gl.RGBA, gl.UNSIGNED_BYTE, from);
    }
    gl.bindTexture(gl.TEXTURE_2D, this.#table);
    const tableRows = this.#entries.length / ENTRY / TABLE_WIDTH;
    const [format, type] = [gl.RGBA_INTEGER, gl.UNSIGNED_SHORT];
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16UI, TABLE_WIDTH, tableRows, 0, format, type, this.#entries);
  }

  /** Binds the atlas to texture unit 0 and the table to unit 1. */
  bind(): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#table);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
  }

  close(): void {
    this.#gl.deleteTexture(this.#texture);
    this.#gl.deleteTexture(this.#table);
  }

  get #height(): number {
    return this.#texels.length / 4 / WIDTH;
  }

  #put(index: number, { reach, dx, dy, pixel }: Sprite): void {
    const side = 2 * reach + 1;
    if (this.#x + side > WIDTH) {
      this.#x = 0;
      this.#y += this.#rowHeight;
      this.#rowHeight = 0;
    }
    this.#rowHeight = Math.max(this.#rowHeight, side);
    while (this.#y + side > this.#height) this.#grow();
    const pixels = new Int32Array(this.#texels.buffer);
    const centre = (this.#y + reach) * WIDTH + this.#x + reach;
    for (let k = 0; k < pixel.length; k++) pixels[centre + (dy[k] ?? 0) * WIDTH + (dx[k] ?? 0)] = pixel[k] ?? 0;
    const at = index * ENTRY;
    if (at >= this.#entries.length) {
      const rows = Math.ceil((index + 1) / TABLE_WIDTH);
      const longer = new Uint16Array(ENTRY * TABLE_WIDTH * rows);
      longer.set(this.#entries);
      this.#entries = longer;
    }
    this.#entries.set([this.#x, this.#y, reach], at);
    this.#x += side;
  }

  #grow(): void {
    const { MAX_TEXTURE_SIZE } = this.#gl;
    if (2 * this.#height > this.#gl.getParameter(MAX_TEXTURE_SIZE)) {
      throw new PainterError('the looks of so many layers do not fit into one of its textures');
    }
    const higher = new Uint8Array(2 * this.#texels.length);
    higher.set(this.#texels);
    this.#texels = higher;
  }
}
