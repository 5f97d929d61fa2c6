/** The marks of one frame on the graphics processor, in the order in which they are drawn, a texel each. */
import { MARK_WIDTH } from '../markList';
import { DataTexture, TEXEL, wholeRows } from './dataTexture';
import { CORNERS } from './shaders';

/** The texture unit of the marks; the atlas and its table have those before it. */
const UNIT = 2;

export class MarkColumns {
  readonly #gl: WebGL2RenderingContext;
  readonly #texture: DataTexture;
  /** Place, id and look of each, as MarkList packs them; the fourth number is free. */
  #numbers = new Int32Array(0);
  #count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#texture = new DataTexture(gl);
  }

  /** Replaces all marks by these, list after list. */
  fill(lists: readonly Int32Array[]): void {
    this.#count = lists.reduce((sum, list) => sum + list.length, 0) / MARK_WIDTH;
    const length = this.#count * TEXEL;
    // More than it takes, so that it does not grow with every frame; less again when it was for a crowd that has gone.
    if (length > this.#numbers.length || length < this.#numbers.length / 8) {
      this.#numbers = new Int32Array(wholeRows(Math.max(1, length * 1.5)));
    }
    const numbers = this.#numbers;
    let to = 0;
    for (const list of lists) {
      for (let at = 0; at < list.length; at += MARK_WIDTH, to += TEXEL) {
        numbers[to] = list[at] ?? 0;
        numbers[to + 1] = list[at + 1] ?? 0;
        numbers[to + 2] = list[at + 2] ?? 0;
      }
    }
    if (length === 0) return;
    this.#gl.activeTexture(this.#gl.TEXTURE0 + UNIT);
    this.#texture.fill(numbers, length);
  }

  /** `marks` is the uniform of the program in use that takes them. */
  draw(marks: WebGLUniformLocation | null): void {
    if (this.#count === 0) return;
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    this.#texture.bind();
    gl.uniform1i(marks, UNIT);
    gl.drawArrays(gl.TRIANGLES, 0, CORNERS * this.#count);
  }
}
