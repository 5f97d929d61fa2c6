/**
 * Paints with WebGL2: every mark is a square that shows its sprite of the atlas, and they are drawn from below in the
 * very order in which pixelPainter.ts lays them from above. Places are worked out in 64 bits and rounded to whole
 * device pixels before they go to the graphics processor, so that nothing trembles at a high zoom.
 *
 * Who is under the pointer is drawn when it is asked for: the frame's marks once more, with their ids for colours,
 * into a target just as large as the pointer's reach.
 */
import { gatherCells } from '../densityCells';
import { FADED, FRESH } from '../entityStore';
import { contentsOf, emphasised, entityOf, gatherMarks, type IdRange, type Mark } from '../frameContents';
import { Looks } from '../looks';
import { MarkList, packedPlace } from '../markList';
import type { EntityName, FrameView } from '../messages';
import { idOf } from '../owner';
import { type Painter, PainterError, type Painting, type Subject } from '../painter';
import { ownerNear, PICK_TOLERANCE } from '../pick';
import { NO_TRAILS, TrailPace } from '../trailPace';
import { walkTrails } from '../trailWalk';
import { Atlas } from './atlas';
import { IdTarget } from './idTarget';
import { MarkColumns } from './markColumns';
import { Program } from './program';
import { shaders } from './shaders';
import { Stretches } from './stretches';
import { TrailLayer } from './trailLayer';

/** A frame that can still be asked who is where in it. */
interface HeldFrame {
  readonly frame: number;
  readonly view: FrameView;
  readonly ranges: readonly IdRange[];
  readonly columns: MarkColumns;
  readonly atlas: Atlas;
}

export class WebglPainter implements Painter {
  readonly #gl: WebGL2RenderingContext;
  readonly #canvas: OffscreenCanvas;
  readonly #looks = new Looks();
  readonly #faded = new MarkList();
  readonly #fresh = new MarkList();
  readonly #stretches = new Stretches();
  readonly #pace = new TrailPace();
  readonly #marks: Program;
  readonly #trailLayer: TrailLayer;
  readonly #ids: IdTarget;
  #atlas: Atlas;
  /** The newest first. */
  #held: readonly HeldFrame[] = [];
  readonly #spare: MarkColumns[] = [];

  /**
   * @param gl of a canvas with alpha, and without depth, stencil and smoothing of its own
   * @throws PainterError when the context has not what it takes
   */
  constructor(gl: WebGL2RenderingContext) {
    if (!(gl.canvas instanceof OffscreenCanvas)) throw new PainterError('it has no canvas of its own');
    this.#gl = gl;
    this.#canvas = gl.canvas;
    this.#marks = new Program(gl, shaders.mark);
    this.#trailLayer = new TrailLayer(gl);
    this.#ids = new IdTarget(gl);
    this.#atlas = new Atlas(gl, this.#looks);
    gl.disable(gl.DITHER);
    gl.clearColor(0, 0, 0, 0);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    // Premultiplied, one over the other.
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.#check();
  }

  paint(frame: number, { streams, trails, view, theme, emphasis, density, onlyTrails }: Subject): Painting {
    this.#check();
    const contents = contentsOf(streams, view);
    const { shown, ranges, inView, onMap, crowd } = contents;
    const looks = this.#looks;
    looks.prepare(theme, view.scale, crowd);
    this.#faded.clear(view.height);
    if (density) gatherCells(this.#fresh, looks, density, view);
    else {
      gatherMarks(this.#fresh, looks, contents, view, FRESH);
      if (shown.some(({ store }) => store.faded > 0)) gatherMarks(this.#faded, looks, contents, view, FADED);
    }
    const front = emphasised(looks, contents, view, emphasis);
    const columns = this.#spare.pop() ?? new MarkColumns(this.#gl);
    columns.fill([this.#faded.fromBelow(), this.#fresh.fromBelow(), fromBelow(front)]);
    const stretches = this.#stretches;
    const paced = density
      ? NO_TRAILS
      : this.#pace.take(shown, view, onlyTrails, () => {
          stretches.clear(view);
          return walkTrails(trails, shown, view, stretches);
        });

    this.#fit(view);
    this.#followLooks();
    this.#draw(view, columns, density === null);
    this.#hold({ frame, view, ranges, columns, atlas: this.#atlas });
    this.#check();
    const bitmap = this.#canvas.transferToImageBitmap();
    // Lost in between, it is a picture of nothing.
    this.#check(bitmap);
    const drawn = { inView, onMap, trailLimit: paced.limit, trailsDueIn: paced.dueIn };
    return { drawn, parts: [{ bitmap, x: 0, y: 0 }] };
  }

  catchUp(): boolean {
    return this.#pace.catchUp();
  }

  pick(frame: number, x: number, y: number): EntityName | null {
    const held = this.#held.find((one) => one.frame === frame);
    if (!held || this.#gl.isContextLost()) return null;
    const { view, columns, atlas, ranges } = held;
    const tolerance = PICK_TOLERANCE * view.scale;
    const reach = Math.ceil(tolerance);
    const [px, py] = [x * view.scale, y * view.scale];
    const left = Math.max(0, Math.floor(px) - reach);
    const top = Math.max(0, Math.floor(py) - reach);
    const width = Math.min(view.width, Math.floor(px) + reach + 1) - left;
    const height = Math.min(view.height, Math.floor(py) + reach + 1) - top;
    if (width <= 0 || height <= 0) return null;
    const ids = this.#ids.draw(columns, atlas, left, top, width, height);
    return entityOf(ranges, idOf(ownerNear(ids, width, height, px - left, py - top, tolerance)));
  }

  /** Gives everything back to the graphics processor at once. */
  close(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
    this.#held = [];
    this.#canvas.width = 1;
    this.#canvas.height = 1;
  }

  #draw({ width, height, scale }: FrameView, columns: MarkColumns, withTrails: boolean): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    if (withTrails) this.#trailLayer.draw(this.#stretches, width, height, scale);
    this.#marks.use();
    gl.uniform2f(this.#marks.at('u_corner'), 0, 0);
    gl.uniform2f(this.#marks.at('u_size'), width, height);
    gl.uniform1f(this.#marks.at('u_up'), -1);
    gl.uniform1i(this.#marks.at('u_atlas'), 0);
    gl.uniform1i(this.#marks.at('u_table'), 1);
    this.#atlas.bind();
    columns.draw(this.#marks.at('u_marks'));
  }

  #fit({ width, height }: FrameView): void {
    const [canvas, gl] = [this.#canvas, this.#gl];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    // A canvas that is too large for the driver is made smaller in silence.
    if (gl.drawingBufferWidth !== width || gl.drawingBufferHeight !== height) {
      this.#check();
      throw new PainterError(`it has no canvas of ${width} x ${height} pixels`);
    }
  }

  /** A frame that is held keeps the atlas that it was drawn with. */
  #followLooks(): void {
    if (!this.#atlas.isOf(this.#looks)) {
      const old = this.#atlas;
      this.#atlas = new Atlas(this.#gl, this.#looks);
      if (!this.#held.some(({ atlas }) => atlas === old)) old.close();
    }
    this.#gl.activeTexture(this.#gl.TEXTURE0);
    this.#atlas.follow(this.#looks);
  }

  #hold(frame: HeldFrame): void {
    const [before, ...gone] = this.#held;
    this.#held = before ? [frame, before] : [frame];
    for (const { columns, atlas } of gone) {
      this.#spare.push(columns);
      if (!this.#held.some((one) => one.atlas === atlas)) atlas.close();
    }
  }

  #check(bitmap?: ImageBitmap): void {
    if (!this.#gl.isContextLost()) return;
    bitmap?.close();
    throw new PainterError('its context was lost');
  }
}

/** The foremost mark comes first, and is to be drawn last. */
function fromBelow(marks: readonly Mark[]): Int32Array {
  return Int32Array.from(marks.toReversed().flatMap(({ x, y, id, look }) => [packedPlace(x, y), id, look]));
}
