/**
 * What paints the map's points: from what is known of the streams to the picture of a rectangle of the world, and from
 * a place in that picture back to the entity that is seen there. There are two painters: one writes pixels and runs
 * everywhere (pixelPainter.ts), one draws with WebGL2 (webgl/webglPainter.ts). Both put the same marks in the same
 * order, and a mark is a place, an id and an index into the table of looks, so what they paint is the same picture.
 */
import type { LayerStyle } from '../../../shared/contract';
import type { DensityGrid } from './density';
import type { EntityStore } from './entityStore';
import type { EntityName, FrameView, PicturePart, Theme } from './messages';
import type { TrailRing } from './trailRing';

export interface DrawnStream {
  readonly stream: number;
  readonly style: LayerStyle;
  readonly store: EntityStore;
}

export interface Emphasis {
  readonly selected: EntityName | null;
  readonly hovered: EntityName | null;
}

/** What is to be painted: streams in the order in which they lie on one another, the last one on top. */
export interface Subject {
  readonly streams: readonly DrawnStream[];
  readonly trails: TrailRing;
  readonly view: FrameView;
  readonly theme: Theme;
  readonly emphasis: Emphasis;
  /** Shown in place of marks and trails; of those only the ones that are emphasised stay. */
  readonly density: DensityGrid | null;
  /** Since the frame before nothing has changed, but that its trails have caught up with it. */
  readonly onlyTrails: boolean;
}

/** What of it is in the picture. */
export interface Drawn {
  readonly inView: number;
  readonly onMap: number;
  /** Fixes that every trail was cut to; null when they were not. */
  readonly trailLimit: number | null;
  /** The trails are those of an earlier frame, and will be walked anew in so many ms; null when they are not. */
  readonly trailsDueIn: number | null;
}

export interface Painting {
  readonly drawn: Drawn;
  /** See Frame. */
  readonly parts: readonly PicturePart[];
}

export interface Painter {
  /**
   * @param frame number of this frame, for `pick`; only the last two can be asked for
   * @throws PainterError when this painter cannot paint it, and will not be able to paint the next one
   */
  paint(frame: number, subject: Subject): Painting;
  /** Does what the last frame left for when it is on its way. True when the next frame shows something new by it. */
  catchUp(): boolean;
  /** The entity at, or close to, a place in one of the last two frames; CSS pixels from the frame's corner. */
  pick(frame: number, x: number, y: number): EntityName | null;
  close(): void;
}

/** In words that go on a sentence: "WebGL stopped: …". */
export class PainterError extends Error {
  override readonly name = 'PainterError';
}
