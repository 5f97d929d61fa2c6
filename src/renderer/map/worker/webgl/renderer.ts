/** Which graphics processor a WebGL context runs on, and whether it is one at all. */

/** What stands in for a graphics processor, on Linux, Windows and macOS. */
const SOFTWARE =
  /swiftshader|llvmpipe|softpipe|swrast|lavapipe|software|microsoft basic render|\bwarp\b|gdi generic|mesa offscreen/i;

const LONGEST = 200;

/** The driver's own name for it; what WebGL calls itself where that is kept secret. */
export function rendererOf(gl: WebGL2RenderingContext): string {
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return typeof name === 'string' ? name.slice(0, LONGEST) : '';
}

export const isSoftware = (renderer: string) => SOFTWARE.test(renderer);
