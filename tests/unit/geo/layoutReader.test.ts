import { afterEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_LAYOUT_TEXT, layoutReader } from '../../../src/geo/layoutReader';
import { PointLayout } from '../../../src/geo/pointLayout';
import { PointParser } from '../../../src/geo/pointParser';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A text that ends with a record, and where that begins. */
function endingWith(record: string, length: number) {
  const bytes = encoder.encode(record);
  const text = new Uint8Array(length).fill(0x20);
  text.set(bytes, length - bytes.length);
  return { text, from: length - bytes.length };
}

/** What a parser makes of a record at the end of such a text; null when it leaves it alone. */
function read(parser: PointParser, record: string, length = encoder.encode(record).length) {
  const { text, from } = endingWith(record, length);
  parser.open(text);
  if (!parser.parse(from, length, false)) return null;
  return { name: decoder.decode(text.subarray(parser.nameFrom, parser.nameTo)), lat: parser.lat, lon: parser.lon };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('records of a layout that is known', () => {
  it('are read by it, wherever they lie', () => {
    const parser = new PointParser();
    expect(read(parser, '{"name":"a","lat":1.25,"lon":-2}')).toEqual({ name: 'a', lat: 1.25, lon: -2 });
    const reads = vi.spyOn(layoutReader, 'read');
    const full = vi.spyOn(PointLayout, 'of');
    // Where memory has to grow, and where a text with what is behind it ends with a page.
    for (const length of [50, 65_536 - 32, 65_536 - 31, 1_000_000, LONGEST_LAYOUT_TEXT]) {
      const record = { name: `ship-${length}`, lat: length / 1e6, lon: -0.000125 };
      expect(read(parser, JSON.stringify(record), length)).toEqual(record);
      expect(reads).toHaveLastReturnedWith(true);
    }
    expect(full).not.toHaveBeenCalled();
  });

  it('are read without it in a text that is too long', () => {
    const parser = new PointParser();
    const record = { name: 'b', lat: 3, lon: 4 };
    read(parser, JSON.stringify(record));
    const reads = vi.spyOn(layoutReader, 'read');
    expect(read(parser, JSON.stringify(record), LONGEST_LAYOUT_TEXT + 1)).toEqual(record);
    expect(reads).not.toHaveBeenCalled();
  });

  it('are taken for nothing else when they are cut off, or go on', () => {
    const parser = new PointParser();
    const whole = '{"name":"\u00e5\\u0041","lat":12.5,"lon":123456789.25e0,"note":"n","n":100}';
    const known = '{"name":"c","lat":12.5,"lon":123.25,"note":"n","n":100}';
    expect(read(parser, known)).not.toBeNull();
    for (const record of [known, whole]) {
      for (let length = 0; length < record.length; length++) expect(read(parser, record.slice(0, length))).toBeNull();
      expect(read(parser, `${record}}`)).toBeNull();
    }
  });

  it('do not get in each other’s way when streams take turns in the middle of a text', () => {
    const records = Array.from({ length: 40 }, (_, i) => `{"name":"a${i}","lat":${i},"lon":1}`);
    const others = Array.from({ length: 40 }, (_, i) => `{"mmsi":${i},"speed":1.5,"lon":${i},"lat":2}`);
    const sides = [records, others].map((lines) => {
      const parser = new PointParser();
      const text = encoder.encode(lines.join('\n'));
      parser.open(text);
      return { parser, lines, text, at: 0 };
    });
    for (let i = 0; i < 40; i++) {
      for (const side of sides) {
        const to = side.at + (side.lines[i]?.length ?? 0);
        expect(side.parser.parse(side.at, to, false)).toBe(true);
        side.at = to + 1;
      }
      expect(sides.map(({ parser: { lat, lon } }) => [lat, lon])).toEqual([
        [i, 1],
        [2, i],
      ]);
    }
  });
});

it('what no layout helps with is not learnt from again and again', () => {
  const parser = new PointParser();
  const learnt = vi.spyOn(PointLayout, 'of');
  for (let i = 0; i < 10_000; i++) {
    expect(read(parser, `{"name":"e","lat":1.5e0,"lon":${i % 180}}`)).toEqual({ name: 'e', lat: 1.5, lon: i % 180 });
  }
  expect(learnt.mock.calls.length).toBeGreaterThan(0);
  expect(learnt.mock.calls.length).toBeLessThan(30);
});
