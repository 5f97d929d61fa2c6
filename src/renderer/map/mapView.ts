/** What the panels may ask of the map, and what the map tells them. The implementation is `createMapView.ts`. */
import type { Area, LayerStyle, PainterWish, PictureWish, View } from '../../shared/contract';
import type { PainterState } from './worker/messages';

export type { PainterState };

/** One entity as the drawing worker knows it. */
export interface EntityFix {
  readonly stream: number;
  /** Index into the stream's dictionary. */
  readonly entity: number;
  readonly id: string;
  /** Degrees, WGS 84. */
  readonly lat: number;
  readonly lon: number;
  /** Event time, epoch ms. */
  readonly time: number;
  /** Degrees clockwise from north, and m/s; null when the record had none. */
  readonly heading: number | null;
  readonly speed: number | null;
  /** The number that its layer shows, in the field's own unit; null when the record had none. */
  readonly measure: number | null;
  readonly partition: number;
  readonly offset: string;
  /** Fixes kept for its trail. */
  readonly trail: number;
  /** True once it has had no fix for the layer's fade time. */
  readonly stale: boolean;
}

export interface LayerOnMap {
  readonly stream: number;
  readonly topic: string;
  readonly style: LayerStyle;
}

/** From which number to which the colours or sizes of a stream's marks go. */
export interface MeasuredScale {
  readonly stream: number;
  readonly low: number;
  readonly high: number;
}

/** What is drawn just now, for "drawing n of m". */
export interface DrawingStats {
  /** Entities inside the view, and on the map as a whole. */
  readonly inView: number;
  readonly onMap: number;
  /** Fixes that every trail is cut to because of the crowd; null when trails are as long as they are kept. */
  readonly trailLimit: number | null;
  /** Of the layers that show a number and have seen one. */
  readonly scales: readonly MeasuredScale[];
  /** Steps of the density view's scale (densityScale.ts); null when marks are shown. */
  readonly densitySteps: number | null;
}

export interface MapListeners {
  /** After the person panned or zoomed. */
  onView(view: View, visible: Area): void;
  /** The entity under the pointer and where the pointer is (px inside the map), or null. */
  onHover(entity: EntityFix | null, x: number, y: number): void;
  /** How many entities are in the density view's cell under the pointer; null when there is none, or marks are shown. */
  onCell(entities: number | null, x: number, y: number): void;
  /** A click on an entity. */
  onPick(entity: EntityFix): void;
  /** A click on the map where no entity is. */
  onMapClick(lat: number, lon: number): void;
  /** The selected entity has a newer fix, or (null) is gone. */
  onSelection(entity: EntityFix | null): void;
  onStats(stats: DrawingStats): void;
  /** Which painter paints, and why; told again when that changes. */
  onPainter(state: PainterState): void;
  /** The first point of any stream has been painted. Once a page. */
  onFirstPoint(): void;
  /** A frame is on the page, with everything that came in the first `batches` batches; for measurements. */
  onFrame?(frame: { readonly batches: number; readonly drawingMs: number }): void;
  /** The points have gone, and another worker waits for them: it needs a points port. Why, in words. */
  onRestart(why: string): void;
  /** Something in the map failed for good, in words. */
  onError(message: string): void;
}

export interface MapView {
  /** The points port from the main process; replaces the one before. */
  connect(port: MessagePort): void;
  setLayers(layers: readonly LayerOnMap[]): void;
  setTheme(theme: 'light' | 'dark'): void;
  /** Draws base map and points anew: what held their pictures is gone. */
  redraw(): void;
  /** How many fixes are kept for trails. */
  setTrailFixes(fixes: number): void;
  /** From the next frame on; `onPainter` answers. */
  setPainter(wish: PainterWish): void;
  /** Marks, or how many are where. */
  setPicture(wish: PictureWish): void;
  /** Whether entities glide from fix to fix, or jump. */
  setSmooth(smooth: boolean): void;
  /** Marks an entity with a halo and reports its fixes; null clears. */
  select(entity: { stream: number; entity: number } | null): void;
  /** A marker where the inject form points; dragging it calls back. Null takes it away. */
  setDraft(at: { lat: number; lon: number } | null, onMove?: (lat: number, lon: number) => void): void;
  visibleArea(): Area;
  /** Moves the view because the person asked for it; the map never does so by itself. */
  goTo(lat: number, lon: number, zoom?: number): void;
  fit(area: Area): void;
  zoomIn(): void;
  zoomOut(): void;
  /** Call when the room that the map has, has changed. */
  resized(): void;
  close(): void;
}
