import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE, TrailRing } from '../../../src/renderer/map/worker/trailRing';

function times(ring: TrailRing, track: number): number[] {
  const list: number[] = [];
  for (let place = ring.newest(track); place !== NONE; place = ring.older(place)) list.push(ring.time(place));
  return list;
}

describe('the trail ring', () => {
  it('evicts what arrived first, whoever it belongs to', () => {
    const ring = new TrailRing(4);
    const [a, b] = [ring.open(), ring.open()];
    ring.add(a, 0.1, 0.1, 1);
    ring.add(a, 0.2, 0.1, 2);
    ring.add(b, 0.3, 0.1, 3);
    ring.add(b, 0.4, 0.1, 4);
    ring.add(b, 0.5, 0.1, 5);
    expect(times(ring, a)).toEqual([2]);
    expect(times(ring, b)).toEqual([5, 4, 3]);
    ring.add(b, 0.6, 0.1, 6);
    expect(times(ring, a)).toEqual([]);
    expect(ring.fixes).toBe(4);
  });

  it('keeps places to a centimetre', () => {
    const ring = new TrailRing(4);
    const track = ring.open();
    ring.add(track, 0.123456789, 0.987654321, 1);
    ring.add(track, 1, 0, 2);
    expect(ring.x(ring.newest(track))).toBeCloseTo(1, 9);
    const first = ring.older(ring.newest(track));
    expect(Math.abs(ring.x(first) - 0.123456789)).toBeLessThan(2 ** -32);
    expect(Math.abs(ring.y(first) - 0.987654321)).toBeLessThan(2 ** -32);
  });

  it('takes the same fix only once, and two places at the same time both', () => {
    const ring = new TrailRing(8);
    const track = ring.open();
    ring.add(track, 0.1, 0.1, 5);
    ring.add(track, 0.1, 0.1, 5);
    ring.add(track, 0.2, 0.1, 5);
    expect(times(ring, track)).toEqual([5, 5]);
  });

  it('lets the oldest fix of a full track go, and has no room for a still older one', () => {
    const ring = new TrailRing(100, 3);
    const track = ring.open();
    for (const time of [10, 20, 30, 40]) ring.add(track, time / 100, 0, time);
    expect(times(ring, track)).toEqual([40, 30, 20]);
    ring.add(track, 0.05, 0, 5);
    expect(times(ring, track)).toEqual([40, 30, 20]);
    ring.add(track, 0.25, 0, 25);
    expect(times(ring, track)).toEqual([40, 30, 25]);
  });

  it('gives the number of a dropped track out again, empty', () => {
    const ring = new TrailRing(8);
    const track = ring.open();
    ring.add(track, 0, 0, 1);
    ring.drop(track);
    expect(ring.fixes).toBe(0);
    expect(ring.open()).toBe(track);
    expect(times(ring, track)).toEqual([]);
  });

  it('stays in order and inside its bounds under any sequence of additions and drops', () => {
    const step = fc.record({ track: fc.nat(3), time: fc.nat(30), drop: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const ring = new TrailRing(8, 5);
        const tracks = Array.from({ length: 4 }, () => ring.open());
        for (const [i, { track, time, drop }] of steps.entries()) {
          if (drop && i % 7 === 0) {
            ring.drop(tracks[track] ?? 0);
            tracks[track] = ring.open();
          } else ring.add(tracks[track] ?? 0, i / 1000, 0, time);
          let total = 0;
          for (const own of tracks) {
            const list = times(ring, own);
            expect(list).toEqual([...list].sort((a, b) => b - a));
            expect(list.length).toBe(ring.count(own));
            expect(list.length).toBeLessThanOrEqual(5);
            total += list.length;
          }
          expect(total).toBe(ring.fixes);
          expect(total).toBeLessThanOrEqual(8);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('puts what is late where it belongs, behind those of the same time, however it came', () => {
    const stretch = fc.record({
      track: fc.nat(1),
      from: fc.nat(60),
      length: fc.nat(12),
      step: fc.integer({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 12 }), (stretches) => {
        const ring = new TrailRing(1_000, 1_000);
        const tracks = [ring.open(), ring.open()];
        const expected: { time: number; x: number }[][] = [[], []];
        let number = 0;
        for (const { track, from, length, step } of stretches) {
          for (let i = 0; i < length; i++) {
            const [time, x] = [from + i * step, ++number / 1_024];
            ring.add(tracks[track] ?? 0, x, 0, time);
            const list = expected[track] ?? [];
            list.splice(list.findLastIndex((fix) => fix.time <= time) + 1, 0, { time, x });
          }
        }
        for (const [i, track] of tracks.entries()) {
          const kept: { time: number; x: number }[] = [];
          for (let place = ring.newest(track); place !== NONE; place = ring.older(place)) {
            kept.unshift({ time: ring.time(place), x: ring.x(place) });
          }
          expect(kept).toEqual(expected[i]);
        }
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('opens as many tracks as there are entities', () => {
    const ring = new TrailRing(4096);
    const tracks = Array.from({ length: 3000 }, () => ring.open());
    for (const track of tracks) ring.add(track, 0.5, 0.5, track);
    expect(times(ring, 2999)).toEqual([2999]);
    expect(ring.count(1024)).toBe(1);
  });
});
