/**
 * Trails on the graphics processor. Each colour's stretches are drawn into a layer of opacities where the stronger one
 * stays, so that a trail has no beads at its corners; then the layer is laid into the frame in that colour.
 */
import { PainterError } from '../painter';
import { TRAIL_WIDTH } from '../trailLines';
import { DataTexture } from './dataTexture';
import { Program } from './program';
import { CORNERS, shaders } from './shaders';
import type { Stretches } from './stretches';
import { texture } from './texture';

export class TrailLayer {
  readonly #gl: WebGL2RenderingContext;
  readonly #lines: Program;
  readonly #laying: Program;
  readonly #stretches: DataTexture;
  readonly #layer: WebGLTexture;
  readonly #target: WebGLFramebuffer;
  #width = 0;
  #height = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#lines = new Program(gl, shaders.trail);
    this.#laying = new Program(gl, shaders.layer);
    this.#stretches = new DataTexture(gl);
    this.#layer = texture(gl);
    this.#target = gl.createFramebuffer();
  }

  /** Lays all stretches over what is on the canvas, of the frame's width and height. */
  draw(stretches: Stretches, width: number, height: number, scale: number): void {
    const { groups } = stretches;
    if (groups.length === 0) return;
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0);
    this.#fit(width, height);
    this.#stretches.fill(stretches.numbers, stretches.length);
    this.#lines.use();
    gl.uniform2f(this.#lines.at('u_size'), width, height);
    gl.uniform1f(this.#lines.at('u_half'), (TRAIL_WIDTH * scale) / 2);
    this.#laying.use();
    gl.uniform1i(this.#laying.at('u_height'), height);
    for (const { color, first, count } of groups.reverse()) {
      this.#drawLines(first, count);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.blendEquation(gl.FUNC_ADD);
      this.#laying.use();
      const [red, green, blue] = [color & 255, (color >>> 8) & 255, (color >>> 16) & 255];
      gl.uniform3f(this.#laying.at('u_color'), red / 255, green / 255, blue / 255);
      gl.bindTexture(gl.TEXTURE_2D, this.#layer);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    }
  }

  #drawLines(first: number, count: number): void {
    const gl = this.#gl;
    // In place of the layer: nothing may be read from what is drawn into.
    this.#stretches.bind();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#target);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.blendEquation(gl.MAX);
    this.#lines.use();
    gl.uniform1i(this.#lines.at('u_first'), first);
    gl.drawArrays(gl.TRIANGLES, 0, CORNERS * count);
  }

  #fit(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    const gl = this.#gl;
    gl.bindTexture(gl.TEXTURE_2D, this.#layer);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#target);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.#layer, 0);
    const complete = gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    if (!complete) throw new PainterError(`it has no layer of ${width} x ${height} pixels for trails`);
    this.#width = width;
    this.#height = height;
  }
}
