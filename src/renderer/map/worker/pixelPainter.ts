/** Paints by writing pixels on the processor: no driver, no graphics processor, the same picture on every system. */
import type { EntityName } from './messages';
import { type Painter, PainterError, type Painting, type Subject } from './painter';
import { Scene } from './scene';

export class PixelPainter implements Painter {
  readonly #scene = new Scene();
  readonly #canvas = new OffscreenCanvas(1, 1);
  readonly #context = this.#canvas.getContext('2d');

  paint(frame: number, subject: Subject): Painting {
    if (!this.#context) throw new PainterError('this system gives it no canvas');
    const drawn = this.#scene.draw(frame, subject);
    const { surface } = this.#scene;
    const canvas = this.#canvas;
    if (canvas.width !== surface.width || canvas.height !== surface.height) {
      canvas.width = surface.width;
      canvas.height = surface.height;
    }
    const picture = new ImageData(new Uint8ClampedArray(surface.buffer), surface.width, surface.height);
    this.#context.putImageData(picture, 0, 0);
    return { drawn, bitmap: canvas.transferToImageBitmap() };
  }

  pick(frame: number, x: number, y: number): EntityName | null {
    return this.#scene.pick(frame, x, y);
  }

  close(): void {
    // Its memory goes with the last reference to it.
  }
}
