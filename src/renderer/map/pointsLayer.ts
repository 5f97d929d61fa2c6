/**
 * Shows the drawing worker's frames on the map. A frame is the picture of one rectangle of the world, cut to the part
 * that has anything in it, which is put exactly there in the same task in which its pixels arrive, so points cannot
 * slide against the base map: a pan carries the picture along with the map, and a zoom scales it as it scales the tiles.
 */
import { DomUtil, type Map as LeafletMap, Point, type ZoomAnimEvent } from 'leaflet';
import { createPicture } from './picture';
import type { Frame, FrameView } from './worker/messages';
import { WIDTH_STEP } from './worker/surface';

/**
 * CSS pixels drawn beyond the viewport on each side: little while the map is at rest, because every pixel costs, and
 * much from the moment at which it starts to move.
 */
const MARGIN_AT_REST = 32;
const MARGIN_MOVING = 192;
/** When less than this much of the margin is left, a pan asks for a new frame. */
const MARGIN_LEFT = 96;

export interface PointsLayer {
  /** A frame has come. True when it was put on the screen at once. */
  show(frame: Frame): void;
  /** Frame on the screen and the place in it, CSS pixels from its corner, of a place in the map's element. */
  locate(x: number, y: number): { frame: number; x: number; y: number } | null;
  /** Asks for a frame of the view as it is now. */
  refresh(): void;
  close(): void;
}

/**
 * @param request asks the worker to draw a view from now on
 * @param taken a frame has been used, or thrown away: the worker may send the next
 */
export function createPointsLayer(
  map: LeafletMap,
  request: (view: FrameView) => void,
  taken: (shown: Frame | null) => void,
): PointsLayer {
  const pane = map.createPane('points');
  pane.style.zIndex = '450';
  pane.style.pointerEvents = 'none';
  const picture = createPicture(pane);

  let shown: Frame | null = null;
  /** A frame of the view that a running zoom animation ends in. */
  let held: Frame | null = null;
  let asked: FrameView | null = null;
  let zoomingTo: number | null = null;
  let moving = false;

  /** World pixel of the viewport's upper left corner, for a pixel origin that layer points count from. */
  const cornerOf = (pixelOrigin: Point) =>
    pixelOrigin.subtract(DomUtil.getPosition(map.getPane('mapPane') as HTMLElement));

  function viewAt(corner: Point, zoom: number): FrameView {
    const size = map.getSize();
    const scale = window.devicePixelRatio || 1;
    const rect = map.getContainer().getBoundingClientRect();
    // The frame's corner is put on a whole device pixel, so that none of its pixels is smeared over two.
    const margin = moving ? MARGIN_MOVING : MARGIN_AT_REST;
    const snapped = (edge: number) => Math.floor((edge - margin) * scale) / scale - edge;
    const [dx, dy] = [snapped(rect.left), snapped(rect.top)];
    const across = Math.ceil((size.x + margin - dx) * scale);
    return {
      zoom,
      x: corner.x + dx,
      y: corner.y + dy,
      width: Math.max(1, Math.ceil(across / WIDTH_STEP)) * WIDTH_STEP,
      height: Math.max(1, Math.ceil((size.y + margin - dy) * scale)),
      scale,
      viewport: { x: -dx, y: -dy, width: size.x, height: size.y },
    };
  }

  function ask(view: FrameView): void {
    if (asked && JSON.stringify(asked) === JSON.stringify(view)) return;
    asked = view;
    request(view);
  }

  function refresh(): void {
    if (zoomingTo === null) ask(viewAt(cornerOf(map.getPixelOrigin()), map.getZoom()));
  }

  /** Puts the picture where its frame belongs, for a map at `zoom` whose layer points count from `pixelOrigin`. */
  function place(pixelOrigin: Point, zoom: number): void {
    if (!shown) return;
    const { view } = shown;
    const factor = 2 ** (zoom - view.zoom);
    picture.place(new Point(view.x * factor - pixelOrigin.x, view.y * factor - pixelOrigin.y), factor);
  }

  function put(frame: Frame): void {
    shown = frame;
    place(map.getPixelOrigin(), map.getZoom());
    picture.show(frame);
    taken(frame);
  }

  function drop({ parts }: Frame): void {
    for (const { bitmap } of parts) bitmap.close();
    taken(null);
  }

  function dropHeld(): void {
    const frame = held;
    held = null;
    if (frame) drop(frame);
  }

  function onZoomAnimation({ center, zoom }: ZoomAnimEvent): void {
    zoomingTo = zoom;
    // What Leaflet's own pixel origin will be at the end of the animation.
    const panes = DomUtil.getPosition(map.getPane('mapPane') as HTMLElement);
    const origin = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(panes).round();
    place(origin, zoom);
    ask(viewAt(cornerOf(origin), zoom));
    if (held && held.view.zoom !== zoom) dropHeld();
  }

  function onZoom(): void {
    if (zoomingTo === null) place(map.getPixelOrigin(), map.getZoom());
  }

  function onZoomEnd(): void {
    zoomingTo = null;
    const frame = held;
    held = null;
    if (frame) put(frame);
    else place(map.getPixelOrigin(), map.getZoom());
  }

  function onMove(): void {
    if (zoomingTo !== null || !shown) return;
    const size = map.getSize();
    const { view } = shown;
    const corner = cornerOf(map.getPixelOrigin());
    const left = corner.x - view.x;
    const top = corner.y - view.y;
    const right = view.width / view.scale - left - size.x;
    const bottom = view.height / view.scale - top - size.y;
    if (view.zoom !== map.getZoom() || Math.min(left, top, right, bottom) < MARGIN_LEFT) refresh();
  }

  const listeners = {
    movestart() {
      moving = true;
      refresh();
    },
    moveend() {
      moving = false;
      refresh();
    },
    zoomanim: onZoomAnimation,
    zoom: onZoom,
    zoomend: onZoomEnd,
    viewreset: onZoom,
    move: onMove,
    resize: refresh,
  };
  map.on(listeners);
  refresh();

  return {
    show(frame) {
      if (zoomingTo === null) put(frame);
      else if (frame.view.zoom === zoomingTo) held = frame;
      else drop(frame);
    },
    locate(x, y) {
      if (!shown || zoomingTo !== null || shown.view.zoom !== map.getZoom()) return null;
      const corner = cornerOf(map.getPixelOrigin());
      return { frame: shown.frame, x: corner.x + x - shown.view.x, y: corner.y + y - shown.view.y };
    },
    refresh,
    close() {
      map.off(listeners);
      dropHeld();
      pane.remove();
    },
  };
}
