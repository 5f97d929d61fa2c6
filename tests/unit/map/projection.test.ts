import { describe, expect, it } from 'vitest';
import {
  latitudeOf,
  longitudeOf,
  MAX_LATITUDE,
  mercatorX,
  mercatorY,
  worldSize,
  wrapLongitude,
} from '../../../src/renderer/map/projection';
import { tabledMercatorY } from '../../../src/renderer/map/worker/latitudeTable';

/** Leaflet 1.9.4, L.CRS.EPSG3857: SphericalMercator in metres, then its transformation to pixels. */
function leafletPoint(lat: number, lon: number, zoom: number): [number, number] {
  const R = 6378137;
  const d = Math.PI / 180;
  const max = 85.0511287798;
  const clamped = Math.max(Math.min(max, lat), -max);
  const sin = Math.sin(clamped * d);
  const [mx, my] = [R * lon * d, (R * Math.log((1 + sin) / (1 - sin))) / 2];
  const scale = 0.5 / (Math.PI * R);
  const size = 256 * 2 ** zoom;
  return [size * (scale * mx + 0.5), size * (-scale * my + 0.5)];
}

describe('the projection', () => {
  const places = [
    [0, 0],
    [59.8, 24.9],
    [-33.9, 18.4],
    [85.0511287798, 180],
    [-89.9, -180],
    [90, 179.999999],
    [1e-9, -1e-9],
  ] as const;

  it.each([2, 8, 14])("gives Leaflet's world pixels at zoom %i within a millionth", (zoom) => {
    for (const [lat, lon] of places) {
      const [x, y] = leafletPoint(lat, lon, zoom);
      expect(Math.abs(mercatorX(lon) * worldSize(zoom) - x)).toBeLessThan(1e-6);
      expect(Math.abs(mercatorY(lat) * worldSize(zoom) - y)).toBeLessThan(1e-6);
    }
  });

  it('is as good from the table: within a millionth of a pixel at zoom 18, everywhere', () => {
    let worst = 0;
    for (let lat = -90; lat <= 90; lat += 0.000_37) {
      worst = Math.max(worst, Math.abs(tabledMercatorY(lat) - mercatorY(lat)) * worldSize(18));
    }
    for (const lat of [0, -0, 90, -90, MAX_LATITUDE, -MAX_LATITUDE]) {
      worst = Math.max(worst, Math.abs(tabledMercatorY(lat) - mercatorY(lat)) * worldSize(18));
    }
    expect(worst).toBeLessThan(1e-6);
    expect(tabledMercatorY(Number.NaN)).toBeNaN();
  });

  it('is undone by its inverse', () => {
    for (const [lat, lon] of places.slice(0, 3)) {
      expect(latitudeOf(mercatorY(lat))).toBeCloseTo(lat, 9);
      expect(longitudeOf(mercatorX(lon))).toBeCloseTo(lon, 9);
    }
  });

  it('draws what lies beyond the last latitude at the edge of the map', () => {
    expect(mercatorY(90)).toBe(mercatorY(MAX_LATITUDE));
    expect(mercatorY(-90)).toBeCloseTo(1, 9);
  });

  it('wraps a longitude of any copy of the world', () => {
    expect(wrapLongitude(190)).toBe(-170);
    expect(wrapLongitude(-540)).toBe(-180);
    expect(wrapLongitude(24.9 + 3600)).toBeCloseTo(24.9, 9);
  });
});
