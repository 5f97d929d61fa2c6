// What a benchmark row says of its figures: ratio, goal, and whether the goal was met.
import { describe, expect, it } from 'vitest';
import { placeNumber, placeOfStep, probePlace, sentToSeen, worldPixel } from '../../bench/latency/probe.mjs';
import { type Goal, goalWords, growthOver, lessIsBetter, moreIsBetter } from '../../bench/rows.mjs';
import { lineThrough } from '../../bench/soak/line.mjs';

const measured = (own: number, reference: number, goal: Goal) => ({
  row: 'r',
  case: 'c',
  unit: 'ms',
  values: [own],
  reference: { name: 'bare', values: [reference] },
  goal,
});

describe('a row', () => {
  it('is met up to the reference and what the goal allows on top of it', () => {
    const row = lessIsBetter(measured(45, 20, { overReference: 25 }));
    expect(row).toMatchObject({ ratio: 20 / 45, goalRatio: 20 / 45, met: true });
    expect(goalWords(row)).toBe('goal at most the reference + 25 ms: met');
    expect(lessIsBetter(measured(45.1, 20, { overReference: 25 })).met).toBe(false);
  });

  it('states a goal in its own unit as a ratio, too', () => {
    expect(lessIsBetter(measured(400, 600, { atMost: 300 }))).toMatchObject({ goalRatio: 2, ratio: 1.5, met: false });
    expect(moreIsBetter(measured(400, 100, { ratio: 3 }))).toMatchObject({ goalRatio: 3, ratio: 4, met: true });
    expect(lessIsBetter(measured(1, 1, null))).toMatchObject({ goalRatio: null, met: null });
  });

  it('of a growth is 1 without growth, a half where memory has doubled, and above 1 where it shrank', () => {
    expect(growthOver(measured(0, 500, null)).ratio).toBe(1);
    expect(growthOver(measured(500, 500, null)).ratio).toBe(0.5);
    expect(growthOver(measured(-100, 500, null)).ratio).toBe(1.25);
  });

  it('finds nothing beside nothing equal', () => {
    expect(lessIsBetter(measured(0, 0, null)).ratio).toBe(1);
    expect(lessIsBetter(measured(0, 2, null)).ratio).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the probe of the latency row', () => {
  it('is recognised at each of its places, and nowhere between them', () => {
    const view = { lat: 59.81, lon: 24.88, zoom: 9 };
    const centre = worldPixel(view, view.zoom);
    for (let step = 0; step < 130; step++) {
      const at = worldPixel(probePlace(step), view.zoom);
      expect(placeNumber({ x: at.x - centre.x + 1, y: at.y - centre.y - 1 }, view)).toBe(placeOfStep(step));
    }
    const middle = worldPixel({ lat: 59.8, lon: 24.9 }, view.zoom);
    expect(placeNumber({ x: middle.x - centre.x, y: middle.y - centre.y }, view)).toBe(-1);
  });

  const sent = Array.from({ length: 12 }, (_, i) => ({ step: i + 1, at: i * 200 }));

  it('is timed from each step that was sent to the sight of its place', () => {
    const sights = sent.map(({ step, at }) => ({ place: placeOfStep(step), at: at + 30 + step }));
    expect(sentToSeen(sent, sights)).toEqual(sent.map(({ step }) => 30 + step));
  });

  it('counts a step that no frame showed as seen with the later one', () => {
    const sights = [
      { place: 1, at: 20 },
      { place: 3, at: 450 },
    ];
    expect(sentToSeen(sent, sights)).toEqual([20, 250, 50]);
  });

  it('takes no sight for a step that had not been sent by then', () => {
    expect(sentToSeen(sent, [{ place: 2, at: 150 }])).toEqual([]);
    expect(sentToSeen(sent, [{ place: -1, at: 9_000 }])).toEqual([]);
  });
});

it('the line of least squares has the slope of points on a line, and evens out those beside it', () => {
  expect(lineThrough([2, 3, 4], [10, 13, 16])).toEqual({ slope: 3, first: 10 });
  const { slope, first } = lineThrough([0, 1, 2, 3], [1, 0, 1, 0]);
  expect(slope).toBeCloseTo(-0.2);
  expect(first).toBeCloseTo(0.8);
});
