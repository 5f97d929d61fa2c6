/** Between Leaflet's endless row of worlds and the one world that the rest of the app speaks of. */
import type { Area } from '../../shared/contract';
import { wrapLongitude } from './projection';

/** Degrees with 6 decimals, 0.1 m: as much as a click can mean. */
export const roundDegrees = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

/** A place that was clicked, in any copy of the world: latitude in [-90, 90], longitude in [-180, 180]. */
export function placeOf(lat: number, lon: number): { lat: number; lon: number } {
  return { lat: roundDegrees(Math.min(90, Math.max(-90, lat))), lon: roundDegrees(wrapLongitude(lon)) };
}

/** The longitude of the copy of a place that is nearest to `near`, so that going there is never a trip round the world. */
export const nearestCopy = (lon: number, near: number) => lon + 360 * Math.round((near - lon) / 360);

/**
 * What a view shows, as an area with west < east: in the copy of the world that holds the view's centre, cut at the
 * antimeridian when the view reaches across it.
 */
export function areaOf(south: number, west: number, north: number, east: number): Area {
  const centre = (west + east) / 2;
  const shift = wrapLongitude(centre) - centre;
  const cut = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));
  return {
    south: cut(south, 90),
    west: cut(west + shift, 180),
    north: cut(north, 90),
    east: cut(east + shift, 180),
  };
}
