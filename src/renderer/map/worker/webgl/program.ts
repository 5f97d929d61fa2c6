/** A pair of shaders, compiled and linked, and the places of its uniforms. */
import { PainterError } from '../painter';

export class Program {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #uniforms = new Map<string, WebGLUniformLocation | null>();

  /** @throws PainterError with the driver's words when it does not take the source */
  constructor(gl: WebGL2RenderingContext, { vertex, fragment }: { vertex: string; fragment: string }) {
    this.#gl = gl;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex] as const, [gl.FRAGMENT_SHADER, fragment] as const]) {
      const shader = gl.createShader(type);
      if (!shader) throw new PainterError('its context was lost');
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      // Stays for as long as the program has it.
      gl.deleteShader(shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
      const shaderLogs = (gl.getAttachedShaders(program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
      const log = [gl.getProgramInfoLog(program), ...shaderLogs].filter(Boolean).join(' ');
      throw new PainterError(`its driver did not take a program: ${log.slice(0, 300)}`);
    }
    this.#program = program;
  }

  use(): void {
    this.#gl.useProgram(this.#program);
  }

  at(name: string): WebGLUniformLocation | null {
    let place = this.#uniforms.get(name);
    if (place === undefined) {
      place = this.#gl.getUniformLocation(this.#program, name);
      this.#uniforms.set(name, place);
    }
    return place;
  }
}
