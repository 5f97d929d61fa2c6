/** Positions and areas in words, and the arithmetic between a pixel of the map and a position (Web Mercator). */
import type { Area, View } from '../../shared/contract';

const side = (value: number, positive: string, negative: string) => (value < 0 ? negative : positive);

/** "59.70000° N": five digits are about a metre. */
export const latitudeWords = (lat: number, digits = 5): string =>
  `${Math.abs(lat).toFixed(digits)}° ${side(lat, 'N', 'S')}`;
export const longitudeWords = (lon: number, digits = 5): string =>
  `${Math.abs(lon).toFixed(digits)}° ${side(lon, 'E', 'W')}`;

export const positionWords = (lat: number, lon: number, digits = 5): string =>
  `${latitudeWords(lat, digits)}, ${longitudeWords(lon, digits)}`;

/** As many digits as tell the area's edges apart, and no more. */
function areaDigits(area: Area): number {
  const extent = Math.min(Math.abs(area.north - area.south), Math.abs(area.east - area.west));
  if (extent >= 5) return 1;
  return extent >= 0.5 ? 2 : 4;
}

/** "59.1° N to 60.3° N, 22.0° E to 27.9° E". */
export function areaWords(area: Area): string {
  const digits = areaDigits(area);
  const lat = `${latitudeWords(area.south, digits)} to ${latitudeWords(area.north, digits)}`;
  return `${lat}, ${longitudeWords(area.west, digits)} to ${longitudeWords(area.east, digits)}`;
}

/** Into [-180, 180): the map repeats the world to the left and right. */
export function wrapLongitude(lon: number): number {
  if (lon >= -180 && lon <= 180) return lon;
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** An area as the contract takes it: within the world, and the whole of it when the map shows it more than once. */
export function withinTheWorld(area: Area): Area {
  const clamp = (lat: number) => Math.max(-90, Math.min(90, lat));
  const whole = area.east - area.west >= 360;
  return {
    south: clamp(area.south),
    north: clamp(area.north),
    west: whole ? -180 : wrapLongitude(area.west),
    east: whole ? 180 : wrapLongitude(area.east),
  };
}

/** The position under a point of the map, given in px from the map's centre. Null beyond the poles. */
export function positionAt(view: View, dx: number, dy: number): { lat: number; lon: number } | null {
  const world = 256 * 2 ** view.zoom;
  const sin = Math.sin((view.lat * Math.PI) / 180);
  const centreY = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
  const y = centreY + dy / world;
  if (y < 0 || y > 1) return null;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return { lat, lon: wrapLongitude(view.lon + (dx / world) * 360) };
}

/** A coordinate as the form shows it: at most six digits (a decimetre), without trailing zeros. */
export const coordinateText = (value: number): string => String(Number(value.toFixed(6)));
