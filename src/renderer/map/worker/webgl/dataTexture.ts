/**
 * Rows of numbers that a vertex shader looks up by itself, four a texel. So a draw call is one long list of triangles:
 * thousands of instances of four corners each leave a graphics processor mostly idle, and bring a software one to a
 * standstill.
 */
import { PainterError } from '../painter';
import { DATA_WIDTH } from './shaders';
import { texture } from './texture';

/** Numbers of a texel, and of a row. */
export const TEXEL = 4;
const ROW = TEXEL * DATA_WIDTH;

/** So many numbers that whole rows are full. */
export const wholeRows = (numbers: number) => Math.ceil(numbers / ROW) * ROW;

export class DataTexture {
  readonly #gl: WebGL2RenderingContext;
  readonly #texture: WebGLTexture;
  #rows = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#texture = texture(gl);
  }

  /** Takes the first `length` numbers; the array itself is a whole number of rows long. Binds the texture. */
  fill(numbers: Int32Array | Float32Array, length: number): void {
    const gl = this.#gl;
    const rows = numbers.length / ROW;
    const floats = numbers instanceof Float32Array;
    const [inside, format, type] = floats
      ? ([gl.RGBA32F, gl.RGBA, gl.FLOAT] as const)
      : ([gl.RGBA32I, gl.RGBA_INTEGER, gl.INT] as const);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    if (rows !== this.#rows) {
      if (rows > gl.getParameter(gl.MAX_TEXTURE_SIZE)) {
        throw new PainterError('so much in one picture does not fit into one of its textures');
      }
      gl.texImage2D(gl.TEXTURE_2D, 0, inside, DATA_WIDTH, rows, 0, format, type, null);
      this.#rows = rows;
    }
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, DATA_WIDTH, Math.ceil(length / ROW), format, type, numbers);
  }

  bind(): void {
    this.#gl.bindTexture(this.#gl.TEXTURE_2D, this.#texture);
  }
}
