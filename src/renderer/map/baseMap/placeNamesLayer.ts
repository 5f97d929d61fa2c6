/**
 * Place names on one canvas above the base map and below the points, redrawn when the view comes to rest. Not in the
 * tiles: a name would be cut at their edges.
 */
import { DomUtil, type Map as LeafletMap, Point, type ZoomAnimEvent } from 'leaflet';
import { mercatorX, mercatorY, worldSize } from '../projection';
import type { Theme } from '../worker/messages';
import { type Label, placeLabels } from './labelPlacement';
import { palettes } from './palette';
import { type Place, places } from './placeNames';

const MARGIN = 160;
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

export interface PlaceNamesLayer {
  setTheme(theme: Theme): void;
  close(): void;
}

/** A place may be larger than the words for it: seas grow with the zoom, within bounds. */
function sizeOf({ kind, rank }: Place, zoom: number): number {
  if (kind === 'sea') return Math.min(15, 11 + Math.max(0, zoom - rank) * 0.8);
  return Math.min(14, (rank <= 3 ? 12 : 11.5) + Math.max(0, zoom - rank) * 0.25);
}

/** Seas are named while one still sees them whole, or nearly. */
const shows = ({ kind, rank }: Place, zoom: number) =>
  zoom >= rank && (kind === 'town' || zoom <= Math.max(rank + 4, 6));

export function createPlaceNamesLayer(map: LeafletMap, initial: Theme): PlaceNamesLayer {
  const pane = map.createPane('placeNames');
  pane.style.zIndex = '350';
  pane.style.pointerEvents = 'none';
  const canvas = DomUtil.create('canvas', 'leaflet-zoom-animated', pane);
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');
  let theme = initial;
  /** World pixel of the canvas's corner at the zoom it was drawn for. */
  let drawn = { x: 0, y: 0, zoom: map.getZoom() };
  let scheduled = 0;

  const panePosition = () => DomUtil.getPosition(map.getPane('mapPane') as HTMLElement);

  function place(pixelOrigin: Point, zoom: number): void {
    const factor = 2 ** (zoom - drawn.zoom);
    DomUtil.setTransform(canvas, new Point(drawn.x * factor - pixelOrigin.x, drawn.y * factor - pixelOrigin.y), factor);
  }

  function draw(): void {
    scheduled = 0;
    if (!context) return;
    const zoom = map.getZoom();
    const size = map.getSize();
    const scale = window.devicePixelRatio || 1;
    const corner = map.getPixelOrigin().subtract(panePosition());
    drawn = { x: corner.x - MARGIN, y: corner.y - MARGIN, zoom };
    const [width, height] = [size.x + 2 * MARGIN, size.y + 2 * MARGIN];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const palette = palettes[theme];
    const world = worldSize(zoom);

    const labels: (Label & { readonly place: Place })[] = [];
    for (const named of places) {
      if (!shows(named, zoom)) continue;
      const y = mercatorY(named.lat) * world - drawn.y;
      if (y < -20 || y > height + 20) continue;
      context.font = fontOf(named, zoom);
      const text = context.measureText(named.name);
      const first = Math.ceil((drawn.x - 100) / world - mercatorX(named.lon));
      for (let copy = first; ; copy++) {
        const x = (mercatorX(named.lon) + copy) * world - drawn.x;
        if (x > width + 100) break;
        labels.push({
          name: named.name,
          x,
          y,
          width: text.width,
          height: sizeOf(named, zoom),
          kind: named.kind,
          place: named,
        });
      }
    }
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const { label, x, y } of placeLabels(labels)) {
      const { place: named } = label as (typeof labels)[number];
      const sea = named.kind === 'sea';
      context.font = fontOf(named, zoom);
      context.strokeStyle = sea ? palette.seaHalo : palette.placeHalo;
      context.fillStyle = sea ? palette.seaName : palette.place;
      context.lineWidth = 3;
      if (!sea) {
        context.beginPath();
        context.arc(label.x, label.y, 2, 0, 2 * Math.PI);
        context.stroke();
        context.fill();
      }
      context.strokeText(label.name, x, y);
      context.fillText(label.name, x, y);
    }
    place(map.getPixelOrigin(), zoom);
  }

  function drawSoon(): void {
    if (scheduled === 0) scheduled = requestAnimationFrame(draw);
  }

  const fontOf = (named: Place, zoom: number) =>
    `${named.kind === 'sea' ? 'italic ' : ''}${named.kind === 'town' && named.rank <= 3 ? '500 ' : ''}${sizeOf(named, zoom)}px ${FONT}`;

  const listeners = {
    zoomanim({ center, zoom }: ZoomAnimEvent) {
      const corner = map.project(center, zoom).subtract(map.getSize().divideBy(2));
      place(corner.add(panePosition()).round(), zoom);
    },
    zoom() {
      place(map.getPixelOrigin(), map.getZoom());
    },
    moveend: drawSoon,
    resize: drawSoon,
  };
  map.on(listeners);
  // To measure and draw them takes some 30 ms; until the frame is made there is other work.
  drawSoon();

  return {
    setTheme(next) {
      theme = next;
      draw();
    },
    close() {
      map.off(listeners);
      if (scheduled !== 0) cancelAnimationFrame(scheduled);
      pane.remove();
    },
  };
}
