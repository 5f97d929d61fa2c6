import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCoordinate, parsePair } from '../../../src/renderer/inject/parseCoordinate';

const value = (text: string, axis: 'lat' | 'lon' = 'lat') => {
  const read = parseCoordinate(text, axis);
  return read.ok ? read.value : read.message;
};

describe('a coordinate', () => {
  it.each([
    ['59.7', 59.7],
    [' -24.9 ', -24.9],
    ['−24.9', -24.9],
    ['+1', 1],
    ['.5', 0.5],
    ['90', 90],
    ['-90', -90],
    ['-0', 0],
    ['59.7°', 59.7],
    ['59.7 N', 59.7],
    ['59.7S', -59.7],
    ['S 59.7', -59.7],
  ])('reads %s as %d', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it.each([
    ['59°42\'30"N', 59 + 42 / 60 + 30 / 3600],
    ['59° 42′ 30.5″ N', 59 + 42 / 60 + 30.5 / 3600],
    ["59° 42.5' S", -(59 + 42.5 / 60)],
    ['N 59 42 30', 59 + 42 / 60 + 30 / 3600],
    ["-59°30'", -59.5],
  ])('reads %s in degrees, minutes and seconds', (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 10);
  });

  it('takes longitudes to 180 and latitudes to 90', () => {
    expect(value('180', 'lon')).toBe(180);
    expect(value('180.0001', 'lon')).toBe('Longitude is between -180 and 180.');
    expect(value('91')).toBe('Latitude is between -90 and 90.');
    expect(value('-90.00001')).toBe('Latitude is between -90 and 90.');
  });

  it.each([
    ['', /Latitude is missing/],
    ['north', /not a number/],
    ['NaN', /not a number/],
    ['Infinity', /not a number/],
    ['1e1', /without an exponent/],
    ['0x10', /not a number/],
    ['59,7', /decimals with a point: 59\.7/],
    ['59 42', /could be a pair/],
    ['59.7 E', /N or S, not in E/],
    ['-59.7 S', /sign or a letter/],
    ["59°61'N", /below 60/],
    ['5N9', /letter first or last/],
    ['1.2.3', /not a number/],
  ])('refuses %j and says why', (text, words) => {
    expect(value(text)).toMatch(words);
  });

  it('never gives a value outside of the world, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseCoordinate(text, 'lat');
        return read.ok ? Math.abs(read.value) <= 90 : read.message !== '';
      }),
    );
  });

  it('reads back every number in its range', () => {
    fc.assert(
      fc.property(fc.double({ min: -90, max: 90, noNaN: true }), (degrees) => {
        const text = degrees.toFixed(7);
        expect(value(text)).toBe(Number(text) + 0);
      }),
    );
  });
});

describe('a pair', () => {
  it.each([
    ['59.7, 24.9'],
    ['59.7,24.9'],
    ['59.7;24.9'],
    ['59.7 24.9'],
    ['(59.7, 24.9)'],
    ['[59.7, 24.9]'],
    ['59.7 N, 24.9 E'],
    ['24.9E, 59.7N'],
    ['59.7N 24.9E'],
    ['N59.7 E24.9'],
    ['59°42\'0"N 24°54\'0"E'],
  ])('is found in %s', (text) => {
    const pair = parsePair(text);
    expect(pair?.lat).toBeCloseTo(59.7, 10);
    expect(pair?.lon).toBeCloseTo(24.9, 10);
  });

  it.each(['59.7', '59,7', '59 42', '1, 2, 3', '91.5, 24.9', '', ',', '59.7,'])('is not found in %j', (text) => {
    expect(parsePair(text)).toBeNull();
  });
});
