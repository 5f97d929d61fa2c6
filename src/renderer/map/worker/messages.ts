/** What the page and its drawing worker say to each other. */
import type { PainterWish, PictureWish } from '../../../shared/contract';
import type { EntityFix, LayerOnMap, MeasuredScale } from '../mapView';

/**
 * A rectangle of the world that a frame shows: the viewport and a margin round it, so that a pan shows no gap
 * before the next frame. World pixels at `zoom`, that is CSS pixels.
 */
export interface FrameView {
  readonly zoom: number;
  /** World pixel of the frame's upper left corner. */
  readonly x: number;
  readonly y: number;
  /** Size in device pixels; the width is a multiple of 8. */
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly scale: number;
  /** The viewport inside the frame, CSS pixels from the frame's corner. */
  readonly viewport: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export type Theme = 'light' | 'dark';

export interface EntityName {
  readonly stream: number;
  readonly entity: number;
}

/** Why WebGL does not paint; `renderer` is the driver's name for what it would have run on, where that is known. */
export type NoWebgl =
  /** The person wants pixels. */
  | { readonly kind: 'chosen' }
  /** The map's first frame comes before it. */
  | { readonly kind: 'not-tried' }
  | { readonly kind: 'no-webgl' | 'no-gpu'; readonly renderer: string | null }
  /** It did not paint its test picture as it should, or stopped amid its work. */
  | { readonly kind: 'unproven' | 'lost'; readonly renderer: string | null; readonly detail: string };

/** Which painter paints, and on what, or why not the other. */
export type PainterState =
  | { readonly kind: 'webgl'; readonly renderer: string }
  | { readonly kind: 'pixels'; readonly why: NoWebgl };

/** Epoch ms, with parts of a ms: the clocks of the page and of its worker begin at different times. */
export interface PutAt {
  /** When a frame was put on the map. */
  readonly at: number;
  /** When the screen last began a picture, as `requestAnimationFrame` has it; null before the first. */
  readonly screenAt: number | null;
}

export type ToDrawing =
  | { readonly kind: 'connect'; readonly port: MessagePort }
  | { readonly kind: 'layers'; readonly layers: readonly LayerOnMap[] }
  | { readonly kind: 'theme'; readonly theme: Theme }
  /** How many fixes are kept for trails; another number forgets those there are. */
  | { readonly kind: 'trail-fixes'; readonly fixes: number }
  | { readonly kind: 'view'; readonly view: FrameView }
  | { readonly kind: 'painter'; readonly wish: PainterWish }
  /** Whether entities glide from fix to fix. */
  | { readonly kind: 'smooth'; readonly smooth: boolean }
  | { readonly kind: 'picture'; readonly wish: PictureWish }
  /** The frame is in the page, or never will be (null): the next one may come. */
  | { readonly kind: 'taken'; readonly put: PutAt | null }
  /** Nobody sees the page: no frames are wanted. */
  | { readonly kind: 'seen'; readonly seen: boolean }
  | { readonly kind: 'select'; readonly entity: EntityName | null }
  /** Draws the hovered mark's ring; null when the pointer left. */
  | { readonly kind: 'hover'; readonly entity: EntityName | null }
  /** Who is at this pixel of that frame? CSS pixels from the frame's corner. */
  | {
      readonly kind: 'probe';
      readonly request: number;
      readonly frame: number;
      readonly x: number;
      readonly y: number;
    };

/** A rectangle of a picture, and where in its view that is, device pixels. */
export interface PicturePart {
  readonly bitmap: ImageBitmap;
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  readonly kind: 'frame';
  readonly frame: number;
  /** All of the view that has anything in it; none lies over another. */
  readonly parts: readonly PicturePart[];
  readonly view: FrameView;
  /** Entities in the viewport, and on the map as a whole. */
  readonly inView: number;
  readonly onMap: number;
  /** Fixes that every trail is cut to in a crowd; null when trails are drawn as long as they are kept. */
  readonly trailLimit: number | null;
  /** Of the layers that show a number. */
  readonly scales: readonly MeasuredScale[];
  /** Steps of the density view's scale; null when marks are shown. */
  readonly densitySteps: number | null;
  /** Where the selected entity was drawn, degrees. */
  readonly selected: { readonly lat: number; readonly lon: number } | null;
  /** Batches that had been applied when it was drawn, and what drawing it cost the worker in ms. */
  readonly batches: number;
  readonly drawingMs: number;
}

export type FromDrawing =
  | Frame
  /** It holds the lock of its own name, until it ends. */
  | { readonly kind: 'ready' }
  /** Who is there, and how many are in the cell there; null in place of the latter where marks are shown. */
  | {
      readonly kind: 'probed';
      readonly request: number;
      readonly entity: EntityFix | null;
      readonly inCell: number | null;
    }
  /** The selected entity, and where it is shown, degrees. */
  | { readonly kind: 'selection'; readonly entity: EntityFix | null; readonly at: Frame['selected'] }
  | { readonly kind: 'painter'; readonly state: PainterState }
  | { readonly kind: 'error'; readonly message: string };
