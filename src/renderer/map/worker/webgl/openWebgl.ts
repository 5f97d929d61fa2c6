/** Opens a WebGL2 painter, or says why there is none. */
import type { NoWebgl } from '../messages';
import { PainterError } from '../painter';
import { disproof } from './proof';
import { isSoftware, rendererOf } from './renderer';
import { WebglPainter } from './webglPainter';

export type OpenedWebgl =
  | { readonly kind: 'opened'; readonly painter: WebglPainter; readonly renderer: string }
  | { readonly kind: 'refused'; readonly why: NoWebgl };

/**
 * @param wished also without a graphics processor: the person wants it so
 * @param onLost the context is lost, maybe while nothing is painted
 */
export function openWebgl(wished: boolean, onLost: (painter: WebglPainter) => void): OpenedWebgl {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', {
    alpha: true,
    premultipliedAlpha: true,
    antialias: false,
    depth: false,
    stencil: false,
    powerPreference: 'high-performance',
    failIfMajorPerformanceCaveat: !wished,
  });
  if (!gl) return { kind: 'refused', why: { kind: wished ? 'no-webgl' : 'no-gpu', renderer: null } };
  const renderer = rendererOf(gl);
  const giveBack = () => gl.getExtension('WEBGL_lose_context')?.loseContext();
  if (!wished && isSoftware(renderer)) {
    giveBack();
    return { kind: 'refused', why: { kind: 'no-gpu', renderer } };
  }
  try {
    const painter = new WebglPainter(gl);
    const wrong = disproof(painter);
    if (wrong !== null) throw new PainterError(wrong);
    canvas.addEventListener('webglcontextlost', () => onLost(painter));
    return { kind: 'opened', painter, renderer };
  } catch (error) {
    giveBack();
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', why: { kind: 'unproven', renderer, detail } };
  }
}
