import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessageFields } from '../../../src/renderer/inject/parseMessageFields';

const fields = (text: string) => {
  const parsed = parseMessageFields(text);
  return parsed.ok ? parsed.fields : parsed.message;
};

describe('message fields', () => {
  it('are none when nothing is written', () => {
    expect(fields('  \n ')).toEqual({});
  });

  it('may be one JSON object', () => {
    expect(fields('{"speed": 7.2, "tags": ["a", null]}')).toEqual({ speed: 7.2, tags: ['a', null] });
  });

  it('may be lines name = value', () => {
    const text =
      'speed = 7.2\r\n\r\nname=Ada = B\nmmsi = 007\non = true\nnone = null\nlist = [1, 2]\nquoted = "12"\nempty =';
    expect(fields(text)).toEqual({
      speed: 7.2,
      name: 'Ada = B',
      mmsi: '007',
      on: true,
      none: null,
      list: [1, 2],
      quoted: '12',
      empty: '',
    });
  });

  it('keep integers that a number would round as text', () => {
    expect(fields('id = 12345678901234567890')).toEqual({ id: '12345678901234567890' });
  });

  it.each([
    ['speed', 'Line 1: write name = value.'],
    ['a = 1\n= 2', 'Line 2: write name = value.'],
    ['a = 1\na = 2', 'Line 2: there are two fields named "a".'],
    ['__proto__ = 1', 'Line 1: A field cannot be named "__proto__".'],
    ['lat = 1', 'Line 1: "lat" comes from the Latitude field: take it out here.'],
    ['a = [1,', 'Line 1, column 8: A value is expected, but the text ends.'],
    ['{"lng": 1}', '"lng" comes from the Longitude field: take it out here.'],
    ['[1]', 'Write one JSON object, { … }, or lines name = value.'],
    ['{"a": }', 'Line 1, column 7: A value is expected, but there is "}".'],
  ])('say what is wrong with %j', (text, words) => {
    expect(fields(text)).toBe(words);
  });

  it('take "constructor" and the like as ordinary names', () => {
    const read = fields('constructor = 1\ntoString = 2');
    expect(Object.entries(read)).toEqual([
      ['constructor', 1],
      ['toString', 2],
    ]);
  });

  it('never throw, and never touch a prototype', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '"', '=', '\n', 'a', '1', '[', ':', ',', '__proto__', ' ') }),
        (text) => {
          parseMessageFields(text);
          return ({} as Record<string, unknown>).a === undefined;
        },
      ),
    );
  });

  it('are refused when they are longer than Kafka takes, before anything in them is', () => {
    const tooLong = { ok: false, message: 'At most 1,000,000 characters.' };
    expect(parseMessageFields('{"lat": }'.padEnd(1_000_001))).toEqual(tooLong);
    expect(parseMessageFields('{"a":1}'.padEnd(1_000_000))).toMatchObject({ ok: true });
  });
});
