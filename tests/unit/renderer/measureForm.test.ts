import { describe, expect, it } from 'vitest';
import { formOf, type MeasureForm, readMeasure } from '../../../src/renderer/topics/measureForm';
import { figure } from '../../../src/renderer/words/numbers';
import { layerMeasure } from '../../../src/shared/contract';

const form = (changed: Partial<MeasureForm>): MeasureForm => ({ ...formOf(null), of: 'number', ...changed });

describe('the number that a layer is to show', () => {
  it('is none while the layer has its own colour, whatever else was typed', () => {
    expect(readMeasure(form({ of: 'layer', from: 'x' }))).toEqual({ ok: true, measure: null });
  });

  it('follows the numbers seen where no end is typed', () => {
    expect(readMeasure(form({ field: ' speed ', by: 'both', from: ' ', to: '1,200.5' }))).toEqual({
      ok: true,
      measure: { field: 'speed', by: 'both', min: null, max: 1200.5 },
    });
  });

  it('is refused in words, each at its field', () => {
    expect(readMeasure(form({ from: 'low' }))).toEqual({
      ok: false,
      field: 'Name the field, such as speed.',
      from: 'Write a number such as 12.5, or nothing.',
    });
    expect(readMeasure(form({ field: 'f'.repeat(201) }))).toEqual({ ok: false, field: 'At most 200 characters.' });
    expect(readMeasure(form({ field: 'f', from: '5', to: '5' }))).toEqual({ ok: false, to: 'More than 5.' });
    expect(readMeasure(form({ field: 'f', from: '5', to: '-6' }))).toMatchObject({ ok: false, to: 'More than 5.' });
  });

  it.each([
    { field: 'depth', by: 'size', min: -1.5, max: 40 },
    { field: 'depth', by: 'color', min: 1e-7, max: 1e21 },
    { field: 'depth', by: 'both', min: null, max: null },
  ] as const)('comes back from the form as it went in: %j', (measure) => {
    expect(readMeasure(formOf(measure))).toEqual({ ok: true, measure });
  });

  it('is checked again by the contract', () => {
    const good = { field: 'depth', by: 'color', min: 1, max: 2 };
    expect(layerMeasure.safeParse(good).success).toBe(true);
    for (const wrong of [{ max: 1 }, { field: '' }, { field: 'f'.repeat(201) }, { by: 'hue' }, { min: Number.NaN }]) {
      expect(layerMeasure.safeParse({ ...good, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
    }
  });
});

it('is shown with as many digits as a Float32 is sure of', () => {
  expect([12.300000190734863, -4120, 0, 1_234_567].map(figure)).toEqual(['12.3', '-4,120', '0', '1,234,570']);
  expect([1.2e12, 3e-6].map(figure)).toEqual(['1.2E12', '3E-6']);
});
