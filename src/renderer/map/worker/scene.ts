/**
 * A frame as pixels: every visible layer's entities, in every visible copy of the world, drawn front to back on one
 * surface. Pure but for the trails, which need not be walked for every frame (trailPace.ts).
 */
import type { DensityGrid } from './density';
import { gatherCells } from './densityCells';
import { FADED, FRESH } from './entityStore';
import {
  emphasised,
  entitiesInView,
  entityOf,
  gatherMarks,
  type IdRange,
  isCrowd,
  MARGIN,
  type Shown,
  shownOf,
} from './frameContents';
import { KeptMarks } from './keptMarks';
import { Looks } from './looks';
import { MarkList } from './markList';
import { MarkStamper } from './markStamper';
import type { EntityName, FrameView } from './messages';
import { idOf } from './owner';
import type { Drawn, Emphasis, Subject } from './painter';
import { ownerNear, PICK_TOLERANCE } from './pick';
import { drawSprite } from './rasteriser';
import type { StampHelper } from './stampHelper';
import { Surface } from './surface';
import { TrailLines } from './trailLines';
import { NO_TRAILS, type PacedTrails, TrailPace } from './trailPace';
import { walkTrails } from './trailWalk';

export class Scene {
  readonly surface = new Surface();
  /** See `pixels`; null for the surface's own. */
  #otherPixels: Int32Array | null = null;
  readonly #looks = new Looks();
  readonly #marks = new MarkList();
  readonly #stamper: MarkStamper;
  readonly #kept = new KeptMarks();
  readonly #lines = new TrailLines();
  readonly #pace: TrailPace;
  /** Owners and id ranges of the frames that can still be asked, by frame number. */
  #ranges = new Map<
    number,
    { readonly owners: Int32Array; readonly ranges: readonly IdRange[]; readonly scale: number }
  >();

  /**
   * @param now the clock that trails are paced by, ms
   * @param startHelper for a crowd's marks
   */
  constructor(now?: () => number, startHelper?: () => StampHelper | null) {
    this.#pace = new TrailPace(now);
    this.#stamper = new MarkStamper(startHelper);
  }

  close(): void {
    this.#stamper.close();
  }

  /** Of the last frame, RGBA, as large as the surface: its own, or those of the marks that are kept, to be read only. */
  get pixels(): Int32Array {
    return this.#otherPixels ?? this.surface.pixels;
  }

  /** @param frame number of this frame, for `pick`; only the last two can be asked for. */
  draw(frame: number, subject: Subject): Drawn {
    const { streams, view } = subject;
    this.surface.begin(view.width, view.height);
    this.#otherPixels = null;
    const contents = shownOf(streams, view);
    const { owners } = this.surface;
    const [inView, paced] = this.#drawContents(contents, subject);
    const before = this.#ranges.get(frame - 1);
    this.#ranges = new Map([[frame, { owners, ranges: contents.ranges, scale: view.scale }]]);
    if (before) this.#ranges.set(frame - 1, before);
    return { inView, onMap: contents.onMap, trailLimit: paced.limit, trailsDueIn: paced.dueIn };
  }

  /** See Painter. */
  catchUp(): boolean {
    return this.#pace.catchUp();
  }

  /** The entity at, or close to, a place in one of the last two frames; CSS pixels from the frame's corner. */
  pick(frame: number, x: number, y: number): EntityName | null {
    const drawn = this.#ranges.get(frame);
    const { width, height } = this.surface;
    if (!drawn || drawn.owners.length !== width * height) return null;
    const { scale } = drawn;
    const owner = ownerNear(drawn.owners, width, height, x * scale, y * scale, PICK_TOLERANCE * scale);
    return entityOf(drawn.ranges, idOf(owner));
  }

  /** How many entities are in view, and the trails. */
  #drawContents(shown: Shown, subject: Subject): readonly [inView: number, PacedTrails] {
    const { streams, view, theme, emphasis, density } = subject;
    const [kept, looks] = [this.#kept, this.#looks];
    const isShared = this.#stamper.isShared(kept.picture.count);
    let followed = density === null ? kept.follow(shown, view, theme, looks, isShared) : null;
    if (followed === 'painted') {
      if (isCrowd(kept.inView)) return [kept.inView, this.#drawOver(shown, subject)];
      kept.drop();
    }
    const inView = entitiesInView(streams, view);
    looks.prepare(theme, view.scale, isCrowd(inView));
    if (density) {
      kept.release();
      this.#emphasise(shown, view, emphasis);
      return [inView, this.#drawCells(density, view)];
    }
    if (!isCrowd(inView)) {
      kept.release();
      followed = null;
    } else if (followed === null && kept.isWorthIt(shown, view)) followed = kept.begin(shown, view, looks);
    if (followed === 'take') {
      this.#drawMarks(shown, view);
      kept.picture.take(this.surface);
      this.surface.restart();
      return [inView, this.#drawOver(shown, subject)];
    }
    this.#emphasise(shown, view, emphasis);
    this.#drawMarks(shown, view);
    return [inView, this.#layTrails(shown, subject)];
  }

  /** What lies over and under the marks that are kept. */
  #drawOver(shown: Shown, subject: Subject): PacedTrails {
    const { surface } = this;
    const { pixels, owners, extent } = this.#kept.picture;
    this.#emphasise(shown, subject.view, subject.emphasis);
    if (surface.isUntouched && !shown.shown.some(({ style }) => style.trails)) {
      // Nothing else is in the frame: what need not be copied does not push what is kept out of the processor's cache.
      surface.owners.set(owners);
      this.#otherPixels = pixels;
    } else surface.layUnder(pixels, owners);
    surface.extent.reachTo(extent.left, extent.top, extent.right, extent.bottom);
    return this.#layTrails(shown, subject);
  }

  #emphasise(shown: Shown, view: FrameView, emphasis: Emphasis): void {
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
    this.#stamper.stamp(this.#marks, this.#looks, this.surface);
    this.surface.open(0, view.height);
    return NO_TRAILS;
  }

  #layTrails({ shown }: Shown, { trails, view, onlyTrails }: Subject): PacedTrails {
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

  /** All of them; then all of the surface is open. */
  #drawMarks(shown: Shown, view: FrameView): void {
    this.#drawPhase(shown, view, FRESH);
    if (shown.shown.some(({ store }) => store.faded > 0)) this.#drawPhase(shown, view, FADED);
    this.surface.open(0, view.height);
  }

  #drawPhase(shown: Shown, view: FrameView, phase: number): void {
    gatherMarks(this.#marks, this.#looks, shown, view, phase);
    this.#stamper.stamp(this.#marks, this.#looks, this.surface);
  }
}
