/**
 * The two things on the map that are real elements, so that keyboards and screen readers reach them: the selected
 * entity and the place that the inject form points to. Both are kept in the copy of the world that is in view.
 */
import {
  DomEvent,
  divIcon,
  type LatLng,
  type LeafletKeyboardEvent,
  type Map as LeafletMap,
  Marker,
  marker,
  Point,
} from 'leaflet';
import type { EntityFix } from './mapView';
import { nearestCopy, placeOf, roundDegrees } from './viewArea';

const degreesText = (lat: number, lon: number) =>
  `${Math.abs(lat).toFixed(4)}° ${lat < 0 ? 'south' : 'north'}, ${Math.abs(lon).toFixed(4)}° ${lon < 0 ? 'west' : 'east'}`;

export interface SelectedMarker {
  /** The latest fix, for its name, and where it is shown; null takes the marker away. */
  name(entity: EntityFix | null, at: { readonly lat: number; readonly lon: number } | null): void;
  /** Where it was drawn in the frame on the screen. */
  place(at: { readonly lat: number; readonly lon: number } | null): void;
}

/** Transparent: the ring is drawn with the points. It can be tabbed to, and Enter opens the entity's card. */
export function createSelectedMarker(map: LeafletMap, onOpen: (entity: EntityFix) => void): SelectedMarker {
  const icon = divIcon({ className: 'geostream-selected', iconSize: [30, 30] });
  let entity: EntityFix | null = null;
  const real = marker([0, 0], { icon, keyboard: true, zIndexOffset: 1000 });
  real.on('keydown', ({ originalEvent }: LeafletKeyboardEvent) => {
    if (originalEvent.key === 'Enter' && entity) onOpen(entity);
  });
  return {
    name(fix, at) {
      entity = fix;
      if (!fix) {
        real.remove();
        return;
      }
      this.place(at);
      real.getElement()?.setAttribute('aria-label', `Selected: ${fix.id}, at ${degreesText(fix.lat, fix.lon)}`);
    },
    place(at) {
      if (!at || !entity) return;
      real.setLatLng([at.lat, nearestCopy(at.lon, map.getCenter().lng)]);
      if (!map.hasLayer(real)) real.addTo(map);
    },
  };
}

export type DraftMarker = (
  at: { readonly lat: number; readonly lon: number } | null,
  onMove?: (lat: number, lon: number) => void,
) => void;

const PIN = `<svg viewBox="0 0 28 38" width="28" height="38" aria-hidden="true"><path class="pin-body"
d="M14 1.5C7.1 1.5 1.5 7 1.5 13.9c0 8.6 9.4 18.6 12 21.9.3.3.7.3 1 0 2.6-3.3 12-13.3 12-21.9C26.5 7 20.9 1.5 14 1.5z"/>
<circle class="pin-eye" cx="14" cy="14" r="4.5"/></svg>`;

/** Draggable; with the keyboard, arrow keys move it by a pixel, with Shift by ten. */
export function createDraftMarker(map: LeafletMap): DraftMarker {
  const icon = divIcon({ className: 'geostream-draft', html: PIN, iconSize: [28, 38], iconAnchor: [14, 37] });
  let moved: ((lat: number, lon: number) => void) | undefined;
  let draft: Marker | null = null;

  function describe(position: LatLng): void {
    const { lat, lon } = placeOf(position.lat, position.lng);
    draft
      ?.getElement()
      ?.setAttribute('aria-label', `Where the record will be: ${degreesText(lat, lon)}. Arrow keys move it.`);
  }

  function report(): void {
    if (!draft) return;
    const position = draft.getLatLng();
    describe(position);
    const { lat, lon } = placeOf(position.lat, position.lng);
    moved?.(lat, lon);
  }

  const steps: Record<string, readonly [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };

  function onKey(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (!step || !draft || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const by = new Point(step[0], step[1]).multiplyBy(event.shiftKey ? 10 : 1);
    const zoom = map.getZoom();
    draft.setLatLng(map.unproject(map.project(draft.getLatLng(), zoom).add(by), zoom));
    report();
  }

  return (at, onMove) => {
    moved = onMove;
    if (!at) {
      draft?.remove();
      draft = null;
      return;
    }
    if (draft) {
      const now = draft.getLatLng();
      // The form's own echo of a drag must not make the marker jump to the rounded place.
      const here = placeOf(now.lat, now.lng);
      if (here.lat !== roundDegrees(at.lat) || here.lon !== roundDegrees(at.lon)) {
        draft.setLatLng([at.lat, nearestCopy(at.lon, map.getCenter().lng)]);
      }
    } else {
      draft = new Marker([at.lat, nearestCopy(at.lon, map.getCenter().lng)], {
        icon,
        draggable: true,
        autoPan: false,
        keyboard: true,
        zIndexOffset: 2000,
      }).addTo(map);
      draft.on('drag', report);
      const element = draft.getElement();
      if (element) {
        element.dataset.testid = 'draft-marker';
        DomEvent.on(element, 'keydown', (event) => onKey(event as KeyboardEvent));
      }
    }
    describe(draft.getLatLng());
  };
}
