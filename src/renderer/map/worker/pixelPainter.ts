/** Paints by writing pixels on the processor: no driver, no graphics processor, the same picture on every system. */
import { type Box, contentBox, stripsOf } from './contentBox';
import type { EntityName, PicturePart } from './messages';
import { type Painter, PainterError, type Painting, type Subject } from './painter';
import { Scene } from './scene';
import { StampHelper } from './stampHelper';

const BYTES_A_PIXEL = 4;

export class PixelPainter implements Painter {
  readonly #scene = new Scene(undefined, () => StampHelper.start());
  /** Of a picture in memory that is shared, which cannot be put on a canvas. */
  #copy = new Uint8ClampedArray(0);
  readonly #sheets: OffscreenCanvasRenderingContext2D[] = [];

  paint(frame: number, subject: Subject): Painting {
    // Before anything is drawn: a painter without a canvas cannot paint.
    this.#sheets[0] ??= createSheet();
    const drawn = this.#scene.draw(frame, subject);
    const { width, height, extent } = this.#scene.surface;
    const box = contentBox({ width, height }, extent);
    const picture = new ImageData(this.#unshared(this.#scene.pixels, box, width), width, height);
    const strips = stripsOf(box);
    this.#sheets.length = Math.min(this.#sheets.length, strips.length);
    return { drawn, parts: strips.map((strip, i) => this.#part(picture, strip, i)) };
  }

  catchUp(): boolean {
    return this.#scene.catchUp();
  }

  pick(frame: number, x: number, y: number): EntityName | null {
    return this.#scene.pick(frame, x, y);
  }

  close(): void {
    this.#scene.close();
  }

  /** The pixels where they can be put on a canvas from; of those that have to be copied, the rows of the box. */
  #unshared({ buffer }: Int32Array, { y, height }: Box, width: number): Uint8ClampedArray<ArrayBuffer> {
    if (buffer instanceof ArrayBuffer) return new Uint8ClampedArray(buffer);
    if (this.#copy.length !== buffer.byteLength) this.#copy = new Uint8ClampedArray(buffer.byteLength);
    const from = BYTES_A_PIXEL * y * width;
    this.#copy.set(new Uint8ClampedArray(buffer, from, BYTES_A_PIXEL * height * width), from);
    return this.#copy;
  }

  #part(picture: ImageData, { x, y, width, height }: Box, i: number): PicturePart {
    const sheet = this.#sheets[i] ?? createSheet();
    this.#sheets[i] = sheet;
    const { canvas } = sheet;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    sheet.putImageData(picture, -x, -y, x, y, width, height);
    return { bitmap: canvas.transferToImageBitmap(), x, y };
  }
}

function createSheet(): OffscreenCanvasRenderingContext2D {
  const sheet = new OffscreenCanvas(1, 1).getContext('2d');
  if (!sheet) throw new PainterError('this system gives it no canvas');
  return sheet;
}
