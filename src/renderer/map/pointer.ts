/**
 * Hover and click: the page asks the worker who is under the pointer in the frame that is on the screen. At most one
 * hover question is on its way; the last place of the pointer waits behind it.
 */
import type { Map as LeafletMap, LeafletMouseEvent } from 'leaflet';
import type { EntityFix, MapListeners } from './mapView';
import type { PointsLayer } from './pointsLayer';
import { placeOf } from './viewArea';
import type { ToDrawing } from './worker/messages';

/** Milliseconds after which a pointer at rest asks again, if there was a frame: entities move beneath it. */
const ASK_AGAIN_MS = 100;

export interface Pointer {
  answer(request: number, entity: EntityFix | null, inCell: number | null): void;
  /** A new frame is on the screen. */
  framed(): void;
  close(): void;
}

export function createPointer(
  map: LeafletMap,
  points: PointsLayer,
  listeners: Pick<MapListeners, 'onHover' | 'onCell' | 'onPick' | 'onMapClick'>,
  tell: (message: ToDrawing) => void,
): Pointer {
  let requests = 0;
  let at: { x: number; y: number } | null = null;
  let hoverRequest: number | null = null;
  let askedAt = 0;
  let waiting = false;
  let scheduled = 0;
  let again: ReturnType<typeof setTimeout> | null = null;
  let hovered: EntityFix | null = null;
  let overCell = false;
  const clicks = new Map<number, { lat: number; lon: number }>();

  function ask(x: number, y: number): number | null {
    const place = points.locate(x, y);
    if (!place) return null;
    const request = ++requests;
    tell({ kind: 'probe', request, ...place });
    return request;
  }

  function askHover(): void {
    scheduled = 0;
    if (!at) return;
    if (hoverRequest !== null) {
      waiting = true;
      return;
    }
    waiting = false;
    askedAt = performance.now();
    hoverRequest = ask(at.x, at.y);
    if (hoverRequest === null) setHover(null, null);
  }

  function askAgain(): void {
    again = null;
    askHover();
  }

  function setHover(entity: EntityFix | null, inCell: number | null): void {
    // Whoever is shown over the cells (the selected one) is told of, not the cell.
    const entities = entity || inCell === 0 ? null : inCell;
    if (entities !== null || overCell) listeners.onCell(entities, at?.x ?? 0, at?.y ?? 0);
    overCell = entities !== null;
    const same = entity?.stream === hovered?.stream && entity?.entity === hovered?.entity;
    if (entity === null && hovered === null) return;
    hovered = entity;
    if (!same) {
      tell({ kind: 'hover', entity: entity && { stream: entity.stream, entity: entity.entity } });
      map.getContainer().classList.toggle('over-entity', entity !== null);
    }
    listeners.onHover(entity, at?.x ?? 0, at?.y ?? 0);
  }

  function leave(): void {
    at = null;
    setHover(null, null);
  }

  const handlers = {
    mousemove({ containerPoint, originalEvent }: LeafletMouseEvent) {
      if (originalEvent.buttons !== 0) return leave();
      at = { x: containerPoint.x, y: containerPoint.y };
      if (scheduled === 0) scheduled = requestAnimationFrame(askHover);
    },
    mouseout: leave,
    movestart: leave,
    click({ containerPoint, latlng }: LeafletMouseEvent) {
      const place = placeOf(latlng.lat, latlng.lng);
      const request = ask(containerPoint.x, containerPoint.y);
      if (request === null) listeners.onMapClick(place.lat, place.lon);
      else clicks.set(request, place);
    },
  };
  map.on(handlers);

  return {
    answer(request, entity, inCell) {
      const click = clicks.get(request);
      if (click) {
        clicks.delete(request);
        if (entity) listeners.onPick(entity);
        else listeners.onMapClick(click.lat, click.lon);
      } else if (request === hoverRequest) {
        hoverRequest = null;
        setHover(at ? entity : null, at ? inCell : null);
        if (waiting) askHover();
      }
    },
    framed() {
      if (!at || again !== null) return;
      // This may be the last frame for long: it is asked about for certain, if not at once.
      again = setTimeout(askAgain, Math.max(0, askedAt + ASK_AGAIN_MS - performance.now()));
    },
    close() {
      map.off(handlers);
      if (scheduled !== 0) cancelAnimationFrame(scheduled);
      if (again !== null) clearTimeout(again);
    },
  };
}
