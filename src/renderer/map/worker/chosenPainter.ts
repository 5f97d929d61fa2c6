/**
 * The painter that paints just now: the one that was wished for while it can, else the one that writes pixels. A
 * picture comes out in any case: when WebGL fails amid a frame, the same frame is painted in pixels.
 */
import type { PainterWish } from '../../../shared/contract';
import type { EntityName, NoWebgl, PainterState } from './messages';
import type { Painter, Painting, Subject } from './painter';
import { PixelPainter } from './pixelPainter';
import { type OpenedWebgl, openWebgl } from './webgl/openWebgl';
import { isSoftware } from './webgl/renderer';
import type { WebglPainter } from './webgl/webglPainter';

export class ChosenPainter implements Painter {
  readonly #onState: (state: PainterState) => void;
  readonly #onLost: () => void;
  #pixels: PixelPainter | null = new PixelPainter();
  #webgl: Extract<OpenedWebgl, { kind: 'opened' }> | null = null;
  /** It painted the frame before the last, which somebody may still point at. */
  #before: Painter | null = null;
  #framesSince = 0;

  /**
   * @param onState told whenever another painter paints, or for another reason
   * @param onLost what is on the screen may have gone: a frame is needed at once
   */
  constructor(onState: (state: PainterState) => void, onLost: () => void) {
    this.#onState = onState;
    this.#onLost = onLost;
  }

  /** True when another painter paints from now on. */
  choose(wish: PainterWish): boolean {
    if (wish === 'pixels') return this.#usePixels({ kind: 'chosen' });
    // What automatic would not have taken is given up again.
    if (this.#webgl && wish === 'automatic' && isSoftware(this.#webgl.renderer)) {
      return this.#usePixels({ kind: 'no-gpu', renderer: this.#webgl.renderer });
    }
    const opened = this.#webgl ?? openWebgl(wish === 'webgl', (painter) => this.#lost(painter));
    if (opened.kind === 'refused') return this.#usePixels(opened.why);
    const other = opened !== this.#webgl;
    if (other) {
      this.#change(this.#pixels);
      this.#pixels = null;
      this.#webgl = opened;
    }
    this.#onState({ kind: 'webgl', renderer: opened.renderer });
    return other;
  }

  paint(frame: number, subject: Subject): Painting {
    if (++this.#framesSince === 2) this.#change(null);
    if (this.#webgl) {
      try {
        return this.#webgl.painter.paint(frame, subject);
      } catch (error) {
        this.#fallBack(error instanceof Error ? error.message : String(error));
      }
    }
    this.#pixels ??= new PixelPainter();
    return this.#pixels.paint(frame, subject);
  }

  catchUp(): boolean {
    return (this.#webgl?.painter ?? this.#pixels)?.catchUp() ?? false;
  }

  pick(frame: number, x: number, y: number): EntityName | null {
    const now = this.#webgl?.painter ?? this.#pixels;
    return now?.pick(frame, x, y) ?? this.#before?.pick(frame, x, y) ?? null;
  }

  close(): void {
    this.#change(null);
    this.#webgl?.painter.close();
    this.#webgl = null;
  }

  #usePixels(why: NoWebgl): boolean {
    const other = this.#webgl !== null;
    if (this.#webgl) {
      this.#change(this.#webgl.painter);
      this.#webgl = null;
      this.#pixels = new PixelPainter();
    }
    this.#onState({ kind: 'pixels', why });
    return other;
  }

  #lost(painter: WebglPainter): void {
    if (this.#webgl?.painter !== painter) return;
    this.#fallBack('its context was lost');
    this.#onLost();
  }

  #fallBack(detail: string): void {
    const renderer = this.#webgl?.renderer ?? null;
    this.#webgl?.painter.close();
    this.#webgl = null;
    this.#pixels = new PixelPainter();
    this.#onState({ kind: 'pixels', why: { kind: 'lost', renderer, detail } });
  }

  #change(before: Painter | null): void {
    this.#before?.close();
    this.#before = before;
    this.#framesSince = 0;
  }
}
