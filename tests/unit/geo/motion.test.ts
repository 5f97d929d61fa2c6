import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom, visibleSpeed, wanderingFleet, widthOf } from '../../../src/geo/motion';

const gulf = { south: 59.45, west: 23.4, north: 60.25, east: 26.6 };

describe('a wandering fleet', () => {
  it('takes the same courses for the same seed, and others for another', () => {
    const run = (seed: number) => {
      const fleet = wanderingFleet(5, gulf, seed);
      return Array.from({ length: 50 }, (_, i) => fleet.step(i % 5, 1));
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('moves with every step, at a speed that is seen', () => {
    const fleet = wanderingFleet(1, gulf, 1);
    const a = fleet.step(0, 0);
    const b = fleet.step(0, 1);
    expect([b.lat, b.lon]).not.toEqual([a.lat, a.lon]);
    expect(visibleSpeed(gulf)).toBeGreaterThan(100);
  });

  it('stays inside its area, also across the antimeridian and at the poles', () => {
    const areas = fc.record({
      south: fc.double({ min: -90, max: 89, noNaN: true }),
      height: fc.double({ min: 0, max: 60, noNaN: true }),
      west: fc.double({ min: -180, max: 180, noNaN: true }),
      east: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(
        areas,
        fc.nat(),
        fc.double({ min: 0, max: 100, noNaN: true }),
        ({ south, height, west, east }, seed, seconds) => {
          const area = { south, west, north: Math.min(90, south + height), east };
          const fleet = wanderingFleet(3, area, seed);
          for (let i = 0; i < 30; i++) {
            const { lat, lon, heading, speed } = fleet.step(i % 3, seconds);
            expect(lat).toBeGreaterThanOrEqual(area.south - 1e-9);
            expect(lat).toBeLessThanOrEqual(area.north + 1e-8);
            expect(Math.abs(lon)).toBeLessThanOrEqual(180);
            const fromWest = (((lon - west) % 360) + 360) % 360;
            expect(Math.min(fromWest, 360 - fromWest) < 1e-6 || fromWest <= widthOf(area) + 1e-6).toBe(true);
            expect(heading).toBeGreaterThanOrEqual(0);
            expect(heading).toBeLessThan(360);
            expect(speed).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it('draws numbers in [0, 1)', () => {
    const random = seededRandom(0xffffffff);
    for (let i = 0; i < 1_000; i++) {
      const value = random();
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
    }
  });
});
