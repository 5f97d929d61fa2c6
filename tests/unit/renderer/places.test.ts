import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaWords,
  coordinateText,
  positionAt,
  positionWords,
  withinTheWorld,
  wrapLongitude,
} from '../../../src/renderer/words/places';

describe('places', () => {
  it('are said with their hemispheres', () => {
    expect(positionWords(59.7, -24.9)).toBe('59.70000° N, 24.90000° W');
    expect(areaWords({ south: 57.9, west: 21.1, north: 60.6, east: 29.9 })).toBe(
      '57.90° N to 60.60° N, 21.10° E to 29.90° E',
    );
    expect(areaWords({ south: -60, west: -180, north: 75, east: 180 })).toBe(
      '60.0° S to 75.0° N, 180.0° W to 180.0° E',
    );
  });

  it('are brought into the world, however often the map repeats it', () => {
    expect(
      [wrapLongitude(384.9), wrapLongitude(-190), wrapLongitude(180), wrapLongitude(-180)].map((x) => +x.toFixed(9)),
    ).toEqual([24.9, 170, 180, -180]);
    expect(withinTheWorld({ south: -95, west: -400, north: 95, east: 400 })).toEqual({
      south: -90,
      west: -180,
      north: 90,
      east: 180,
    });
    expect(withinTheWorld({ south: -1, west: 170, north: 1, east: 190 })).toEqual({
      south: -1,
      west: 170,
      north: 1,
      east: -170,
    });
  });

  it('are under a pixel as Web Mercator has them', () => {
    const view = { lat: 0, lon: 0, zoom: 1 };
    expect(positionAt(view, 0, 0)).toEqual({ lat: 0, lon: 0 });
    expect(positionAt(view, 128, 0)?.lon).toBeCloseTo(90, 9);
    expect(positionAt(view, 0, -256)?.lat).toBeCloseTo(85.0511, 3);
    expect(positionAt(view, 0, -300)).toBeNull();
  });

  it('at the centre of the view are the view itself', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -85, max: 85, noNaN: true }),
        fc.double({ min: -179, max: 179, noNaN: true }),
        (lat, lon) => {
          const at = positionAt({ lat, lon, zoom: 7 }, 0, 0);
          expect(at?.lat).toBeCloseTo(lat, 8);
          expect(at?.lon).toBeCloseTo(lon, 8);
        },
      ),
    );
  });

  it('go into the form without useless digits', () => {
    expect([59.8123456789, 24.9, -0.00000001, 60].map(coordinateText)).toEqual(['59.812346', '24.9', '0', '60']);
  });
});
