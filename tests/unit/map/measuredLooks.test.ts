import { describe, expect, it } from 'vitest';
import { measureRamp, measureSizes, RAMP_STEPS } from '../../../src/renderer/map/measureRamp';
import { EntityStore } from '../../../src/renderer/map/worker/entityStore';
import { Looks, PER_KIND } from '../../../src/renderer/map/worker/looks';
import { MeasuredLooks, measuredLooks, scaleOf } from '../../../src/renderer/map/worker/measuredLooks';
import { TrailRing } from '../../../src/renderer/map/worker/trailRing';
import { layerStyle } from '../../../src/shared/contract';
import { batchOf } from './batches';

const seen = (least: number, most: number) => ({ measured: { least, most } });
const setting = (min: number | null, max: number | null) => ({ field: 'depth', by: 'color', min, max }) as const;

/** Steps from the bottom of the scale; -1: as a mark without a number. */
const stepOf = (value: number, low: number, high: number, steps = 16) =>
  (new MeasuredLooks(1_000 - PER_KIND, 1_000, steps, { low, high }).startOf(value) - 1_000) / PER_KIND;

describe('the scale of a number', () => {
  it('goes as far as the numbers that were seen, and where an end is set, to that', () => {
    expect(scaleOf(setting(null, null), seen(2, 8))).toEqual({ low: 2, high: 8 });
    expect(scaleOf(setting(0, null), seen(2, 8))).toEqual({ low: 0, high: 8 });
    expect(scaleOf(setting(0, 5), seen(2, 8))).toEqual({ low: 0, high: 5 });
    expect(scaleOf(setting(0, 5), { measured: null })).toEqual({ low: 0, high: 5 });
    expect(scaleOf(setting(0, null), { measured: null })).toBeNull();
  });

  it('lies at the end that is set when all numbers lie beyond it', () => {
    expect(scaleOf(setting(100, null), seen(2, 8))).toEqual({ low: 100, high: 100 });
    expect(scaleOf(setting(null, 1), seen(2, 8))).toEqual({ low: 1, high: 1 });
  });

  it('is cut into equal steps, and what lies beyond an end is at that end', () => {
    expect([0, 0.99, 1, 7.5, 15, 16].map((value) => stepOf(value, 0, 16))).toEqual([0, 0, 1, 7, 15, 15]);
    expect([-1, 17, -3.4e38, 3.4e38].map((value) => stepOf(value, 0, 16))).toEqual([0, 15, 0, 15]);
    expect([-10, 0, 10].map((value) => stepOf(value, -10, 10, 5))).toEqual([0, 2, 4]);
  });

  it('has one number in the middle, and those beside it at the ends', () => {
    expect([4, 5, 6].map((value) => stepOf(value, 5, 5))).toEqual([0, 8, 15]);
  });

  it('does not hold marks without a number', () => {
    expect(stepOf(Number.NaN, 0, 16)).toBe(-1);
    expect(stepOf(Number.NaN, 5, 5)).toBe(-1);
  });

  it('keeps every step inside the table, however large the ends and the numbers are', () => {
    const ends = [-1.7e308, -3.4e38, -1, 0, 1e-45, 1, 3.4e38, 1.7e308];
    for (const low of ends) {
      for (const high of ends.filter((end) => end >= low)) {
        for (const value of ends.map(Math.fround)) {
          if (!Number.isFinite(value)) continue;
          const step = stepOf(value, low, high);
          expect(Number.isInteger(step) && step >= 0 && step < 16, `${value} from ${low} to ${high}`).toBe(true);
        }
      }
    }
  });
});

describe('the looks of numbers', () => {
  const style = (color: string, by: 'color' | 'size' | 'both') =>
    layerStyle.parse({
      color,
      visible: true,
      trails: false,
      fadeAfterMs: null,
      hideAfterMs: null,
      measure: { field: 'depth', by, min: 0, max: 1 },
    });
  const store = new EntityStore(new TrailRing(16));

  it('are shared by layers, but for sizes, which have the colour of their layer', () => {
    const looks = new Looks();
    const lowest = (color: string, by: 'color' | 'size' | 'both') =>
      measuredLooks(looks, style(color, by), store)?.startOf(0);
    expect(lowest('#ff0000', 'color')).toBe(lowest('#0000ff', 'color'));
    expect(lowest('#ff0000', 'both')).toBe(lowest('#0000ff', 'both'));
    expect(lowest('#ff0000', 'color')).not.toBe(lowest('#ff0000', 'both'));
    expect(lowest('#ff0000', 'size')).not.toBe(lowest('#0000ff', 'size'));
  });

  it('are none for a layer without a number to show, or before one was seen', () => {
    const plain = { ...style('#ff0000', 'color'), measure: null };
    expect(measuredLooks(new Looks(), plain, store)).toBeNull();
    const automatic = { ...plain, measure: setting(null, null) };
    expect(measuredLooks(new Looks(), automatic, store)).toBeNull();
    const fed = new EntityStore(new TrailRing(16));
    fed.apply(batchOf([{ entity: 0, time: 1, measure: 3 }]), 1);
    expect(measuredLooks(new Looks(), automatic, fed)).not.toBeNull();
  });
});

/** Lightness L of OKLab (Ottosson, 2020), 0 to 1. */
function lightness(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

describe.each(['light', 'dark'] as const)('the ramp of the %s theme', (theme) => {
  const steps = measureRamp[theme].map(lightness);

  it('gets lighter by the same amount with every step, so that its order needs no hue', () => {
    expect(steps).toHaveLength(RAMP_STEPS);
    const whole = (steps.at(-1) ?? 0) - (steps[0] ?? 0);
    expect(whole).toBeGreaterThan(0.35);
    for (let i = 1; i < steps.length; i++) {
      expect((steps[i] ?? 0) - (steps[i - 1] ?? 0)).toBeCloseTo(whole / (RAMP_STEPS - 1), 2);
    }
  });

  it('stands out from the map at both ends', () => {
    const ground = lightness(theme === 'light' ? '#e4e9eb' : '#16212c');
    for (const step of steps) expect(Math.abs(step - ground)).toBeGreaterThan(0.18);
  });
});

it('has sizes that grow, round the usual one', () => {
  expect([...measureSizes].sort((a, b) => a - b)).toEqual([...measureSizes]);
  expect(measureSizes[0]).toBeLessThan(1);
  expect(measureSizes.at(-1)).toBeGreaterThan(1);
});
