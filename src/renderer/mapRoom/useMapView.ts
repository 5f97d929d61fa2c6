/** Where the map belongs in the page, and the marker of the inject form on it. */
import { type RefObject, useEffect, useLayoutEffect } from 'react';
import { fillPosition, useInject } from '../inject/injectState';
import { parseCoordinate } from '../inject/parseCoordinate';
import type { MapView } from '../map/mapView';
import { useMap } from '../state/mapState';
import { injectIsOpen, usePanels } from '../state/panels';
import { mapElement } from './startMap';

/** Throws what the map could not be made for. */
export function useMapView(place: RefObject<HTMLElement | null>): void {
  const map = useMap((state) => state.map);
  const failure = useMap((state) => state.failure);
  if (failure) throw failure;
  // Before the browser paints: the map has been seen where it was until now.
  useLayoutEffect(() => place.current?.append(mapElement), [place]);
  useDraft(map);
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
