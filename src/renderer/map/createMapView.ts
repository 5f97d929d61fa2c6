/**
 * The map: Leaflet owns the view, tiles.worker draws the base map, drawing.worker the points. This file wires them
 * to the listeners of mapView.ts and holds nothing else.
 */
import 'leaflet/dist/leaflet.css';
import './map.css';
import { control, Map as LeafletMap } from 'leaflet';
import type { PainterWish, View } from '../../shared/contract';
import { createBaseMap } from './baseMap/baseMap';
import { openDrawingWorker } from './drawingWorker';
import type { DrawingStats, MapListeners, MapView } from './mapView';
import { createDraftMarker, createSelectedMarker } from './markers';
import { createPointer } from './pointer';
import { createPointsLayer } from './pointsLayer';
import { areaOf, nearestCopy } from './viewArea';
import { zoomByWheel } from './wheelZoom';
import type { Frame, FromDrawing, Theme } from './worker/messages';

/** The world is 512 px wide: all of it fits beside both panels. Where the map is wider, it shows copies of it. */
const MIN_ZOOM = 1;
const MAX_ZOOM = 18;
/** px; the bar is at least half as long, which leaves room for "10000 km". */
const SCALE_WIDTH = 150;
/** Milliseconds between two reports of what is drawn, at least. */
const STATS_MS = 250;

export interface MapViewOptions {
  readonly view: View;
  readonly listeners: MapListeners;
  readonly theme: Theme;
  readonly painter: PainterWish;
}

/** The land waits for the first points, and no longer than this after the map was made, ms. */
const LAND_WITHIN_MS = 300;

export function createMapView(element: HTMLElement, { view, listeners, theme, painter }: MapViewOptions): MapView {
  element.classList.add('geostream-map');
  element.dataset.testid ??= 'map';
  element.dataset.theme = theme;
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const map = new LeafletMap(element, {
    center: [view.lat, view.lon],
    zoom: Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, Math.round(view.zoom))),
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false,
    fadeAnimation: false,
    zoomAnimation: !calm,
    inertia: !calm,
  });
  control.attribution({ prefix: false, position: 'bottomright' }).addAttribution('Natural Earth').addTo(map);
  control.scale({ imperial: false, position: 'bottomleft', maxWidth: SCALE_WIDTH }).addTo(map);
  const endWheelZoom = zoomByWheel(map);
  const baseMap = createBaseMap(map, theme, listeners.onError);
  // At the start every core is wanted by what brings the first points.
  const landTimer = setTimeout(baseMap.begin, LAND_WITHIN_MS);

  const worker = openDrawingWorker({
    onMessage: (message) => receive(message),
    onRestart: listeners.onRestart,
    onFailed: (why) => listeners.onError(`The map's drawing worker fails again and again: ${why}.`),
  });
  const { tell } = worker;
  let themeNow = theme;
  tell({ kind: 'theme', theme });
  tell({ kind: 'painter', wish: painter });

  const points = createPointsLayer(map, (wanted) => tell({ kind: 'view', view: wanted }), onFrameTaken);
  const pointer = createPointer(map, points, listeners, tell);
  const selectedMarker = createSelectedMarker(map, listeners.onPick);
  const setDraft = createDraftMarker(map);

  /** When the screen last began a picture, epoch ms. */
  let screenAt: number | null = null;
  let pointSeen = false;
  let stats: DrawingStats = { inView: 0, onMap: 0, trailLimit: null, scales: [], densitySteps: null };
  let statsTimer: ReturnType<typeof setTimeout> | null = null;
  let saidStats = '';

  function onFrameTaken(frame: Frame | null): void {
    tell({ kind: 'taken', put: frame && { at: performance.timeOrigin + performance.now(), screenAt } });
    if (!frame) return;
    requestAnimationFrame((at) => {
      screenAt = performance.timeOrigin + at;
    });
    listeners.onFrame?.({ batches: frame.batches, drawingMs: frame.drawingMs });
    selectedMarker.place(frame.selected);
    pointer.framed();
    const { inView, onMap, trailLimit, scales, densitySteps } = frame;
    stats = { inView, onMap, trailLimit, scales, densitySteps };
    statsTimer ??= setTimeout(sayStats, saidStats === '' ? 0 : STATS_MS);
    if (!pointSeen && frame.inView > 0) {
      pointSeen = true;
      // The task after the next animation frame: then the frame has been painted.
      requestAnimationFrame(() =>
        setTimeout(() => {
          listeners.onFirstPoint();
          baseMap.begin();
        }),
      );
    }
  }

  function sayStats(): void {
    statsTimer = null;
    const text = JSON.stringify(stats);
    if (text === saidStats) return;
    saidStats = text;
    listeners.onStats(stats);
  }

  const receive = (data: FromDrawing) => {
    switch (data.kind) {
      case 'frame':
        return points.show(data);
      case 'probed':
        return pointer.answer(data.request, data.entity, data.inCell);
      case 'selection':
        selectedMarker.name(data.entity, data.at);
        return listeners.onSelection(data.entity);
      case 'painter':
        // What held the points' last picture held the tiles' too.
        if (data.state.kind === 'pixels' && data.state.why.kind === 'lost') baseMap.redraw();
        return listeners.onPainter(data.state);
      case 'error':
        return listeners.onError(data.message);
    }
  };

  const visibleArea = () => {
    const bounds = map.getBounds();
    return areaOf(bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast());
  };

  /** The view with full precision, for tests that compute where on the map a place is. */
  function noteView(): View {
    const { lat, lng } = map.getCenter();
    const zoom = map.getZoom();
    Object.assign(element.dataset, { lat: String(lat), lon: String(lng), zoom: String(zoom) });
    return { lat, lon: lng, zoom };
  }
  noteView();
  map.on('moveend', () => listeners.onView(noteView(), visibleArea()));

  const onVisibility = () => tell({ kind: 'seen', seen: document.visibilityState === 'visible' });
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();

  const resized = () => {
    map.invalidateSize({ animate: false, debounceMoveend: true });
    points.refresh();
  };
  const observer = new ResizeObserver(resized);
  observer.observe(element);
  const stopWatchingScale = watchScale(() => {
    baseMap.redraw();
    points.refresh();
  });

  return {
    connect: (port) => tell({ kind: 'connect', port }, [port]),
    setLayers: (layers) => tell({ kind: 'layers', layers }),
    setTheme(next) {
      themeNow = next;
      element.dataset.theme = next;
      baseMap.setTheme(next);
      tell({ kind: 'theme', theme: next });
    },
    redraw() {
      baseMap.redraw();
      // A frame follows whatever is said of the theme.
      tell({ kind: 'theme', theme: themeNow });
    },
    setTrailFixes: (fixes) => tell({ kind: 'trail-fixes', fixes }),
    setPainter: (wish) => tell({ kind: 'painter', wish }),
    setPicture: (wish) => tell({ kind: 'picture', wish }),
    setSmooth: (smooth) => tell({ kind: 'smooth', smooth }),
    select(entity) {
      if (!entity) selectedMarker.name(null, null);
      tell({ kind: 'select', entity });
    },
    setDraft,
    visibleArea,
    goTo: (lat, lon, zoom) => void map.setView([lat, nearestCopy(lon, map.getCenter().lng)], zoom ?? map.getZoom()),
    fit({ south, west, north, east }) {
      const start = nearestCopy(west, map.getCenter().lng - (east - west) / 2);
      const width = east >= west ? east - west : east - west + 360;
      map.fitBounds(
        [
          [south, start],
          [north, start + width],
        ],
        { padding: [32, 32], maxZoom: 14 },
      );
    },
    zoomIn: () => void map.zoomIn(),
    zoomOut: () => void map.zoomOut(),
    resized,
    close() {
      observer.disconnect();
      stopWatchingScale();
      document.removeEventListener('visibilitychange', onVisibility);
      if (statsTimer !== null) clearTimeout(statsTimer);
      clearTimeout(landTimer);
      endWheelZoom();
      pointer.close();
      points.close();
      baseMap.close();
      worker.close();
      map.remove();
    },
  };
}

/** Calls back when the window has another number of device pixels a CSS pixel: another screen, or the page's zoom. */
function watchScale(onChange: () => void): () => void {
  let query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  const changed = () => {
    query.removeEventListener('change', changed);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', changed);
    onChange();
  };
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
