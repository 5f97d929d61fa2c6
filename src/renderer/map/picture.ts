/** The picture of the points on the page: a canvas for each part of it, which move as one. */
import { DomUtil, type Point } from 'leaflet';
import type { Frame } from './worker/messages';

export interface Picture {
  /** Shows a frame's picture in place of the one before. */
  show(frame: Pick<Frame, 'parts' | 'view'>): void;
  /** `corner`: of the view in the pane, CSS pixels. `factor`: of its size on the screen to that in its view. */
  place(corner: Point, factor: number): void;
}

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: ImageBitmapRenderingContext | null;
}

export function createPicture(pane: HTMLElement): Picture {
  const whole = DomUtil.create('div', 'leaflet-zoom-animated', pane);
  const sheets: Sheet[] = [createSheet(whole)];
  return {
    show({ parts, view: { scale } }) {
      for (const [i, { bitmap, x, y }] of parts.entries()) {
        const sheet = sheets[i] ?? createSheet(whole);
        sheets[i] = sheet;
        const { style } = sheet.canvas;
        style.left = `${x / scale}px`;
        style.top = `${y / scale}px`;
        style.width = `${bitmap.width / scale}px`;
        style.height = `${bitmap.height / scale}px`;
        sheet.context?.transferFromImageBitmap(bitmap);
      }
      for (const { canvas } of sheets.splice(Math.max(1, parts.length))) canvas.remove();
    },
    place: (corner, factor) => DomUtil.setTransform(whole, corner, factor),
  };
}

function createSheet(whole: HTMLElement): Sheet {
  const canvas = DomUtil.create('canvas', '', whole);
  canvas.setAttribute('aria-hidden', 'true');
  canvas.style.position = 'absolute';
  return { canvas, context: canvas.getContext('bitmaprenderer') };
}
