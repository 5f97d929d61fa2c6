/** Puts the map on the page once the snapshot says where it starts, and keeps it in step with the rest. */
import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect } from 'react';
import { channels } from '../../shared/channels';
import type { Layer } from '../../shared/contract';
import { fillPosition, useInject } from '../inject/injectState';
import { parseCoordinate } from '../inject/parseCoordinate';
import { createMapView } from '../map/createMapView';
import type { MapView } from '../map/mapView';
import { ask, command } from '../state/command';
import { useLimits } from '../state/limits';
import { useMain } from '../state/mainState';
import { useMap } from '../state/mapState';
import { useSmoothMotion } from '../state/motion';
import { painterTold, usePainter } from '../state/painter';
import { injectIsOpen, usePanels } from '../state/panels';
import { usePicture } from '../state/picture';
import { followed, select, useSelection } from '../state/selection';
import { toast } from '../state/toasts';

const SAVE_VIEW_MS = 500;
const REDRAW_AGAIN_MS = 1_500;

export function useMapView(element: RefObject<HTMLElement | null>): void {
  const ready = useMain((state) => state.startView !== null);
  const scheme = useComputedColorScheme('light');
  const map = useMap((state) => state.map);

  // The scheme is only what the map starts with; the effect below tells it of changes.
  useEffect(() => {
    const view = useMain.getState().startView;
    if (!element.current || !view) return;
    return putOnPage(element.current, scheme);
  }, [ready]);

  useEffect(() => map?.setTheme(scheme), [map, scheme]);
  const trailFixes = useLimits((state) => state.trailFixes);
  useEffect(() => map?.setTrailFixes(trailFixes), [map, trailFixes]);
  const picture = usePicture((state) => state.wish);
  useEffect(() => map?.setPicture(picture), [map, picture]);
  const { smooth } = useSmoothMotion();
  useEffect(() => map?.setSmooth(smooth), [map, smooth]);
  useEffect(() => (map ? followLayers(map) : undefined), [map]);
  const pictureLosses = useMain((state) => state.pictureLosses);
  useEffect(() => (map && pictureLosses > 0 ? redrawTwice(map) : undefined), [map, pictureLosses]);
  useDraft(map);
}

/** The map hears of layers before the panels are rendered anew: the first points of a layer must not wait for those. */
function followLayers(map: MapView): () => void {
  const show = (layers: readonly Layer[]) =>
    map.setLayers(layers.map(({ stream, topic, style }) => ({ stream, topic, style })));
  show(useMain.getState().layers);
  return useMain.subscribe(({ layers }, before) => {
    if (layers !== before.layers) show(layers);
  });
}

/** Once now, and once when the process that holds the pictures has surely been started again. */
function redrawTwice(map: MapView): () => void {
  map.redraw();
  const again = setTimeout(map.redraw, REDRAW_AGAIN_MS);
  return () => clearTimeout(again);
}

function putOnPage(element: HTMLElement, theme: 'light' | 'dark'): () => void {
  const view = useMain.getState().startView;
  if (!view) return () => undefined;
  let saving: ReturnType<typeof setTimeout> | undefined;
  let firstPoint = false;
  const map = createMapView(element, {
    view,
    theme,
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
        if (firstPoint) return;
        firstPoint = true;
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
        void command('points.connect', {});
      },
      onError: (message) => toast({ level: 'error', message, action: 'Reload the window to try again.', reload: true }),
    },
  });
  useMap.setState({ map, view, visible: map.visibleArea() });

  const takePort = (event: MessageEvent<unknown>) => {
    if (event.source !== window || event.data !== channels.pointsPort) return;
    const [port] = event.ports;
    if (port) map.connect(port);
  };
  window.addEventListener('message', takePort);
  void command('points.connect', {});

  const room = new ResizeObserver(() => {
    map.resized();
    const size = { width: element.clientWidth, height: element.clientHeight };
    useMap.setState({ visible: map.visibleArea(), size });
  });
  room.observe(element);

  return () => {
    room.disconnect();
    window.removeEventListener('message', takePort);
    clearTimeout(saving);
    useMap.setState({ map: null, hover: null, cell: null, pointer: null });
    map.close();
  };
}

/** The marker of the inject form, wherever its two coordinates point to while it can be seen. */
function useDraft(map: MapView | null): void {
  const open = usePanels(injectIsOpen);
  const latText = useInject((state) => state.form.lat);
  const lonText = useInject((state) => state.form.lon);
  useEffect(() => {
    const lat = parseCoordinate(latText, 'lat');
    const lon = parseCoordinate(lonText, 'lon');
    if (open && lat.ok && lon.ok) map?.setDraft({ lat: lat.value, lon: lon.value }, fillPosition);
    else map?.setDraft(null);
  }, [map, open, latText, lonText]);
}
