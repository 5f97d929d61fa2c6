import { describe, expect, it } from 'vitest';
import { areaOf, nearestCopy, placeOf } from '../../../src/renderer/map/viewArea';

describe('places and areas', () => {
  it('brings a click in any copy of the world into the one world, with 6 decimals', () => {
    expect(placeOf(59.87654321, 384.912345678)).toEqual({ lat: 59.876543, lon: 24.912346 });
    expect(placeOf(-91, -190)).toEqual({ lat: -90, lon: 170 });
  });

  it('goes to the nearest copy of a place', () => {
    expect(nearestCopy(-170, 175)).toBe(190);
    expect(nearestCopy(24, 380)).toBe(384);
  });

  it('gives an area with west before east wherever the view is', () => {
    expect(areaOf(50, 380, 60, 390)).toEqual({ south: 50, west: 20, north: 60, east: 30 });
    expect(areaOf(-20, 170, 20, 200)).toEqual({ south: -20, west: -190 + 10, north: 20, east: -160 });
    expect(areaOf(-95, -400, 95, 400)).toEqual({ south: -90, west: -180, north: 90, east: 180 });
  });
});
