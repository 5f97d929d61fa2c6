/** Draws a small part of a frame with ids in place of colours, and reads it back. */
import { PainterError } from '../painter';
import type { Atlas } from './atlas';
import type { MarkColumns } from './markColumns';
import { Program } from './program';
import { shaders } from './shaders';

/** Numbers that a pixel is read as: every WebGL2 gives four, the id is the first. */
const READ_WIDTH = 4;

export class IdTarget {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: Program;
  readonly #pixels: WebGLRenderbuffer;
  readonly #target: WebGLFramebuffer;
  #side = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = new Program(gl, shaders.id);
    this.#pixels = gl.createRenderbuffer();
    this.#target = gl.createFramebuffer();
  }

  /** The ids of a part of the frame, row by row from the top; 0 is nobody. */
  draw(columns: MarkColumns, atlas: Atlas, left: number, top: number, width: number, height: number): Int32Array {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#target);
    this.#fit(Math.max(width, height));
    gl.viewport(0, 0, width, height);
    gl.disable(gl.BLEND);
    gl.clearBufferiv(gl.COLOR, 0, [0, 0, 0, 0]);
    this.#program.use();
    gl.uniform2f(this.#program.at('u_corner'), left, top);
    gl.uniform2f(this.#program.at('u_size'), width, height);
    gl.uniform1f(this.#program.at('u_up'), 1);
    gl.uniform1i(this.#program.at('u_atlas'), 0);
    gl.uniform1i(this.#program.at('u_table'), 1);
    atlas.bind();
    columns.draw(this.#program.at('u_marks'));
    const read = new Int32Array(READ_WIDTH * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA_INTEGER, gl.INT, read);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return Int32Array.from({ length: width * height }, (_, i) => read[i * READ_WIDTH] ?? 0);
  }

  #fit(side: number): void {
    if (side <= this.#side) return;
    const gl = this.#gl;
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.#pixels);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.R32I, side, side);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.#pixels);
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) {
      throw new PainterError('it has no target for ids');
    }
    this.#side = side;
  }
}
