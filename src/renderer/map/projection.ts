/**
 * Web Mercator (EPSG:3857) as fractions of the world: x runs from 0 at 180 W to 1 at 180 E, y from 0 in the north to
 * 1 in the south. Times `worldSize(zoom)` gives the very world pixels that Leaflet's `map.project` gives.
 * A point is projected once, when it arrives; panning and zooming is then one multiplication and one subtraction.
 */

/** The latitude at which the Mercator world is square, in degrees; beyond it points are drawn at the edge. */
export const MAX_LATITUDE = 85.0511287798;

const RADIANS = Math.PI / 180;
const QUARTER_TURN = 4 * Math.PI;

/** Width and height of the world in CSS pixels. */
export const worldSize = (zoom: number) => 256 * 2 ** zoom;

export const mercatorX = (lon: number) => lon / 360 + 0.5;

export function mercatorY(lat: number): number {
  const clamped = Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, lat));
  const sine = Math.sin(clamped * RADIANS);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / QUARTER_TURN;
}

export const longitudeOf = (x: number) => (x - 0.5) * 360;

export const latitudeOf = (y: number) => Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) / RADIANS;

/** Brings a longitude of any copy of the world into [-180, 180). */
export const wrapLongitude = (lon: number) => lon - 360 * Math.floor((lon + 180) / 360);
