/**
 * A frame as pixels: every visible layer's entities, in every visible copy of the world, drawn front to back on one
 * surface. Pure but for the trails, which need not be walked for every frame (trailPace.ts).
 */
import type { DensityGrid } from './density';
import { gatherCells } from './densityCells';
import { FADED, FRESH } from './entityStore';
import { contentsOf, emphasised, entityOf, gatherMarks, type IdRange, MARGIN, type ShownStream } from './frameContents';
import { Looks } from './looks';
import { MarkList } from './markList';
import type { EntityName, FrameView } from './messages';
import type { Drawn, Emphasis, Subject } from './painter';
import { idNear, PICK_TOLERANCE } from './pick';
import { drawSprite } from './rasteriser';
import { Surface } from './surface';
import { TrailLines } from './trailLines';
import { NO_TRAILS, type PacedTrails, TrailPace } from './trailPace';
import type { TrailRing } from './trailRing';
import { walkTrails } from './trailWalk';

export class Scene {
  readonly surface = new Surface();
  readonly #looks = new Looks();
  readonly #marks = new MarkList();
  readonly #lines = new TrailLines();
  readonly #pace: TrailPace;
  /** Id ranges of the frames whose ids are still held, by frame number. */
  #ranges = new Map<
    number,
    { readonly ids: Int32Array; readonly ranges: readonly IdRange[]; readonly scale: number }
  >();

  /** @param now the clock that trails are paced by, ms */
  constructor(now?: () => number) {
    this.#pace = new TrailPace(now);
  }

  /** @param frame number of this frame, for `pick`; only the last two can be asked for. */
  draw(frame: number, { streams, trails, view, theme, emphasis, density, onlyTrails }: Subject): Drawn {
    const { surface } = this;
    surface.begin(view.width, view.height);
    const { shown, ranges, inView, onMap, crowd } = contentsOf(streams, view);
    this.#looks.prepare(theme, view.scale, crowd);
    this.#emphasise(shown, view, emphasis);
    const paced = density ? this.#drawCells(density, view) : this.#drawEntities(trails, shown, view, onlyTrails);
    const before = this.#ranges.get(frame - 1);
    this.#ranges = new Map([[frame, { ids: surface.ids, ranges, scale: view.scale }]]);
    if (before) this.#ranges.set(frame - 1, before);
    return { inView, onMap, trailLimit: paced.limit, trailsDueIn: paced.dueIn };
  }

  /** See Painter. */
  catchUp(): boolean {
    return this.#pace.catchUp();
  }

  /** The entity at, or close to, a place in one of the last two frames; CSS pixels from the frame's corner. */
  pick(frame: number, x: number, y: number): EntityName | null {
    const drawn = this.#ranges.get(frame);
    const { width, height } = this.surface;
    if (!drawn || drawn.ids.length !== width * height) return null;
    const { scale } = drawn;
    return entityOf(drawn.ranges, idNear(drawn.ids, width, height, x * scale, y * scale, PICK_TOLERANCE * scale));
  }

  #emphasise(shown: readonly ShownStream[], view: FrameView, emphasis: Emphasis): void {
    const reach = MARGIN * view.scale;
    for (const { x, y, id, look } of emphasised(this.#looks, shown, view, emphasis)) {
      const sprite = this.#looks.sprites[look];
      if (!sprite) continue;
      this.surface.open(y - reach, y + reach);
      drawSprite(this.surface, sprite, x, y, id);
    }
  }

  #drawCells(density: DensityGrid, view: FrameView): PacedTrails {
    gatherCells(this.#marks, this.#looks, density, view);
    this.#marks.draw(this.surface, this.#looks.sprites);
    this.surface.open(0, view.height);
    return NO_TRAILS;
  }

  #drawEntities(trails: TrailRing, shown: readonly ShownStream[], view: FrameView, onlyTrails: boolean): PacedTrails {
    this.#drawMarks(shown, view, FRESH);
    if (shown.some(({ store }) => store.faded > 0)) this.#drawMarks(shown, view, FADED);
    this.surface.open(0, view.height);
    const lines = this.#lines;
    const paced = this.#pace.take(shown, view, onlyTrails, () => {
      lines.start(view);
      const limit = walkTrails(trails, shown, view, lines);
      lines.finish();
      return limit;
    });
    lines.layUnder(this.surface);
    return paced;
  }

  #drawMarks(shown: readonly ShownStream[], view: FrameView, phase: number): void {
    gatherMarks(this.#marks, this.#looks, shown, view, phase);
    this.#marks.draw(this.surface, this.#looks.sprites);
  }
}
