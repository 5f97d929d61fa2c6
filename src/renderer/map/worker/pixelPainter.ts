/** Paints by writing pixels on the processor: no driver, no graphics processor, the same picture on every system. */
import { contentBox } from './contentBox';
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
    const { buffer, width, height, extent } = this.#scene.surface;
    const box = contentBox({ width, height }, extent);
    const canvas = this.#canvas;
    if (canvas.width !== box.width) canvas.width = box.width;
    if (canvas.height !== box.height) canvas.height = box.height;
    const picture = new ImageData(new Uint8ClampedArray(buffer), width, height);
    this.#context.putImageData(picture, -box.x, -box.y, box.x, box.y, box.width, box.height);
    return { drawn, bitmap: canvas.transferToImageBitmap(), at: { x: box.x, y: box.y } };
  }

  catchUp(): boolean {
    return this.#scene.catchUp();
  }

  pick(frame: number, x: number, y: number): EntityName | null {
    return this.#scene.pick(frame, x, y);
  }

  close(): void {
    // Its memory goes with the last reference to it.
  }
}
