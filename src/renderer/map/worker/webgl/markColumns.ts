/** The marks of one frame on the graphics processor, in the order in which they are drawn; as MarkList holds them. */
import { MARK_WIDTH } from '../markList';

const BYTES = MARK_WIDTH * Int32Array.BYTES_PER_ELEMENT;

export class MarkColumns {
  readonly #gl: WebGL2RenderingContext;
  readonly #buffer: WebGLBuffer;
  readonly #columns: WebGLVertexArrayObject;
  #count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#buffer = gl.createBuffer();
    this.#columns = gl.createVertexArray();
    gl.bindVertexArray(this.#columns);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    for (const place of [0, 1, 2]) {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribDivisor(place, 1);
    }
    // The packed place read as two 16-bit numbers: x is the lower half, and so the first.
    gl.vertexAttribIPointer(0, 2, gl.SHORT, BYTES, 0);
    gl.vertexAttribIPointer(1, 1, gl.INT, BYTES, 4);
    gl.vertexAttribIPointer(2, 1, gl.INT, BYTES, 8);
    gl.bindVertexArray(null);
  }

  /** Replaces all marks by these, list after list. */
  fill(lists: readonly Int32Array[]): void {
    const gl = this.#gl;
    const length = lists.reduce((sum, list) => sum + list.length, 0);
    this.#count = length / MARK_WIDTH;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, length * Int32Array.BYTES_PER_ELEMENT, gl.STREAM_DRAW);
    let at = 0;
    for (const list of lists) {
      gl.bufferSubData(gl.ARRAY_BUFFER, at, list);
      at += list.byteLength;
    }
  }

  draw(): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#columns);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.#count);
    gl.bindVertexArray(null);
  }
}
