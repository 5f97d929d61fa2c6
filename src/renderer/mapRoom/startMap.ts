/**
 * Makes the map as soon as the snapshot says where it starts, before the rest of the page is there, and keeps it in step
 * with what the person and the main process want. It lives as long as the page does.
 */
import type { Layer, View } from '../../shared/contract';
import { fillPosition } from '../inject/injectState';
import { createMapView } from '../map/createMapView';
import type { MapView } from '../map/mapView';
import { ask } from '../state/command';
import { useLimits } from '../state/limits';
import { useMain } from '../state/mainState';
import { useMap } from '../state/mapState';
import { isSmooth, reducedMotion, useMotion } from '../state/motion';
import { painterTold, usePainter } from '../state/painter';
import { injectIsOpen, usePanels } from '../state/panels';
import { usePicture } from '../state/picture';
import { askForPoints, takePoints } from '../state/pointsPort';
import { followed, select, useSelection } from '../state/selection';
import { toast } from '../state/toasts';

const SAVE_VIEW_MS = 500;
const REDRAW_AGAIN_MS = 1_500;

const reduced = reducedMotion();
const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** What the map is in; the page puts it where it belongs. */
export const mapElement = document.createElement('div');
mapElement.className = 'frame-fill';

/** A map that cannot be made is told as `failure` in its state. */
export function startMap(): void {
  const start = (view: View) => {
    try {
      openRooms();
      makeMap(mapElement, view);
    } catch (error) {
      useMap.setState({ failure: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  const { startView } = useMain.getState();
  if (startView) {
    start(startView);
    return;
  }
  const end = useMain.subscribe(({ startView }) => {
    if (!startView) return;
    end();
    start(startView);
  });
}

/** In the window as index.html has it; if the page has come already, it has put the map in its place itself. */
function openRooms(): void {
  const room = document.querySelector('.frame-map');
  if (mapElement.isConnected || !room) return;
  const { left, right } = usePanels.getState();
  document.querySelector('.frame-left')?.toggleAttribute('hidden', !left);
  document.querySelector('.frame-right')?.toggleAttribute('hidden', !right);
  room.replaceChildren(mapElement);
}

/** Calls back at once, and whenever what is picked of a state becomes another one. */
function keep<S, T>(
  store: { getState(): S; subscribe(listener: (state: S) => void): unknown },
  pick: (state: S) => T,
  use: (value: T) => void,
): void {
  let value = pick(store.getState());
  use(value);
  store.subscribe((state) => {
    const next = pick(state);
    if (next === value) return;
    value = next;
    use(value);
  });
}

/** The map hears of layers before the panels are rendered anew: the first points of a layer must not wait for those. */
function follow(map: MapView): void {
  keep(useLimits, ({ trailFixes }) => trailFixes, map.setTrailFixes);
  keep(usePicture, ({ wish }) => wish, map.setPicture);
  keep(
    useMain,
    ({ layers }) => layers,
    (layers: readonly Layer[]) => map.setLayers(layers.map(({ stream, topic, style }) => ({ stream, topic, style }))),
  );
  keep(
    useMain,
    ({ pictureLosses }) => pictureLosses,
    (losses) => {
      if (losses === 0) return;
      map.redraw();
      // Once more when the process that holds the pictures has surely been started again.
      setTimeout(map.redraw, REDRAW_AGAIN_MS);
    },
  );
  const tellMotion = () => map.setSmooth(isSmooth());
  keep(useMotion, ({ smooth }) => smooth, tellMotion);
  reduced.addEventListener('change', tellMotion);
  dark.addEventListener('change', () => map.setTheme(dark.matches ? 'dark' : 'light'));
}

function makeMap(element: HTMLElement, view: View): void {
  let saving: ReturnType<typeof setTimeout> | undefined;
  const map = createMapView(element, {
    view,
    theme: dark.matches ? 'dark' : 'light',
    painter: usePainter.getState().wish,
    listeners: {
      onView: (moved, visible) => {
        useMap.setState({ view: moved, visible });
        clearTimeout(saving);
        saving = setTimeout(() => void ask('view.save', moved), SAVE_VIEW_MS);
      },
      onHover: (entity, x, y) => useMap.setState({ hover: entity && { entity, x, y } }),
      onCell: (entities, x, y) => useMap.setState({ cell: entities === null ? null : { entities, x, y } }),
      onPick: (entity) => {
        const layer = useMain.getState().layers.find(({ stream }) => stream === entity.stream);
        if (layer) select(entity, layer.topic);
      },
      onMapClick: (lat, lon) => {
        if (injectIsOpen(usePanels.getState())) fillPosition(lat, lon);
      },
      onSelection: (fix) => useSelection.setState(({ selected }) => ({ selected: followed(selected, fix) })),
      onStats: (stats) => useMap.setState({ stats }),
      onPainter: painterTold,
      onFirstPoint: () => {
        performance.mark('geostream:first-point');
        useMap.setState({ pointsShown: true });
      },
      onRestart: (why) => {
        console.error(`the map's drawing worker failed and was started again: ${why}`);
        toast({
          level: 'error',
          message: `The map's drawing worker failed (${why}) and was started again.`,
          action: 'Every layer is read anew from where it started.',
        });
        askForPoints();
      },
      onError: (message) => toast({ level: 'error', message, action: 'Reload the window to try again.', reload: true }),
    },
  });
  follow(map);
  useMap.setState({ map, view, visible: map.visibleArea() });

  takePoints(map.connect);

  const room = new ResizeObserver(() => {
    map.resized();
    const size = { width: element.clientWidth, height: element.clientHeight };
    useMap.setState({ visible: map.visibleArea(), size });
  });
  room.observe(element);
}
