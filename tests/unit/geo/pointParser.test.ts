import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePoint } from '../../../src/geo/decodePoint';
import { seededRandom } from '../../../src/geo/motion';
import { PointParser } from '../../../src/geo/pointParser';

const encoder = new TextEncoder();
const KAFKA_TIME = 1_700_000_000_000;
const MEASURE = 'depth';

let parser = new PointParser(MEASURE);

const numbers = ['lat', 'lon', 'time', 'heading', 'speed', 'measure'] as const;
const decoder = new TextDecoder();

/** Amid other bytes, as a value is in a batch: nothing outside may be read. */
const around = new Uint8Array(4_096).fill(0x39);
const BEFORE = 10;

/**
 * False when the fast parser leaves the value to `decodePoint`; true when it took it, and made the same of it to the
 * last bit. Throws when it did not.
 */
function agrees(value: Uint8Array, length = value.length): boolean {
  around.set(value, BEFORE);
  around.fill(0x39, BEFORE + length, BEFORE + length + 20);
  parser.open(around);
  if (!parser.parse(BEFORE, BEFORE + length, false)) return false;
  const record = { key: null, value: value.subarray(0, length), timestamp: KAFKA_TIME, topic: 'ships', partition: 3 };
  const wanted = decodePoint(record, MEASURE);
  const { nameFrom, nameTo, name } = parser;
  const entity = name ?? (nameFrom < 0 ? 'ships/3' : decoder.decode(around.subarray(nameFrom, nameTo)));
  const mine = { ...parser, time: Number.isNaN(parser.time) ? KAFKA_TIME : parser.time };
  if (
    wanted.kind !== 'fix' ||
    wanted.entity !== entity ||
    numbers.some((field) => !Object.is(wanted[field], mine[field]))
  ) {
    throw new Error(
      `${decoder.decode(record.value)}: ${JSON.stringify({ ...mine, entity })}, not ${JSON.stringify(wanted)}`,
    );
  }
  return true;
}

const taken = (text: string) => agrees(encoder.encode(text));

describe('what is common is taken', () => {
  it.each([
    '{"name":"me","lat":59.8,"lon":24.9}',
    ' { "lat" : -0 , "lon" : 180 } \n',
    '{"latitude":59.80012345678912,"longitude":-24.900000000000002,"id":17}',
    '{"lat":null,"latitude":1,"lng":2,"name":"","mmsi":230035780}',
    '{"lat":"59.7","lon":" 24.7 ","ts":"1700000000"}',
    '{"lat":1,"lon":2,"timestamp":"2014-08-15T19:00:00.363Z","course":-90,"sog":10}',
    '{"lat":1,"lon":2,"time":"2014-08-15 19:00:00.363123"}',
    '{"lat":1,"lon":2,"time":"2014-08-15T19:00:00+03:00","speed":"x","speed_kmh":36}',
    '{"lat":1,"lon":2,"time":true,"heading":"12","depth":"7.5"}',
    '{"lat":1e1,"lon":2E-1,"depth":1e400}',
    '{"lat":1,"lon":2,"name":"Räpina","note":"a \\"quoted\\" \\u00e4 text"}',
    '{"lat":1,"lon":2,"lat":3,"more":{"deep":[1,{"lat":9},[]],"x":{}},"list":[]}',
    '{"type":"Point","coordinates":[24.7,59.7,3],"id":"a"}',
    '{"type":"Feature","geometry":{"type":"Point","coordinates":[24.7,59.7]},"properties":{"name":"a","depth":3}}',
    '{"type":"car","lat":1,"lon":2,"__proto__":{"lat":7},"constructor":1}',
    '{"lat":1,"lon":2,"properties":{"name":"inner","speed":3}}',
    '{"lat":1,"lon":2,"id":0.1}',
  ])('%s', (text) => {
    expect(taken(text)).toBe(true);
  });

  it.each(['ais-gulf-of-finland.ndjson', 'earthquakes-usgs.geojsonl'])('every line of %s', (file) => {
    const lines = readFileSync(join(import.meta.dirname, '../../data', file), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => !taken(line))).toEqual([]);
  });
});

describe('records of one layout', () => {
  const layouts = [
    (i: number) => `{"name":"a${i}","lat":${i / 7},"lon":${-i / 3},"x":null,"on":true,"speed":${i}}`,
    (i: number) => `{"lat":"1","lon":${i},"name":"","id":${i}}`,
    (i: number) => `{"type":"${i % 3 === 0 ? 'Point' : 'ferry'}","coordinates":null,"lat":${i},"lon":${i * 2}}`,
    (i: number) => `{"lat":${i % 9 === 0 ? 91 : i},"lon":1,"name":"${i % 2 === 0 ? 'é' : 'e'}","time":"${i}"}`,
    (i: number) =>
      `{"mmsi":${i}.5,"lat":1,"lon":2,"heading":"${i}","depth":${i % 5 === 0 ? '1e999' : i},"sog":1e${i * 9}}`,
    (i: number) => `{"lat":1,"lon":2,"time":"2026-11-26T0${i % 10}:00:00Z","note":"${i % 4 === 0 ? '\\u0041' : 'b'}"}`,
  ];
  it.each(layouts)('and the values in them: %#', (text) => {
    for (let i = 0; i < 60; i++) taken(text(i));
  });

  it('in turns, more of them than are kept', () => {
    for (let i = 0; i < 3_000; i++) {
      expect(taken(`{"f${i % 20}":${i},"lat":1,"lon":2,"name":"n${i}"}`)).toBe(true);
    }
  });
});

describe('what is unusual is left to JSON.parse', () => {
  it.each([
    '',
    'null',
    '[1,2]',
    '{"lat":1,"lon":2',
    '{"lat":1,"lon":2}}',
    '{"lat":1,"lon":2,}',
    '{"lat":01,"lon":2}',
    '{"lat":1.,"lon":2}',
    '{"lat":+1,"lon":2}',
    '{"lat":1,"lon":.5}',
    '{"lat":1,"lon":2}\u0000',
    '{"l\\u0061t":1,"lon":2}',
    '{"lat":1,"lon":2,"name":"a\\nb"}',
    '{"lat":91,"lon":2}',
    '{"lat":1,"lon":"east"}',
    '{"lat":1,"lon":2,"x":[1,]}',
    '{"lat":1,"lon":2,"x":"\t"}',
    '{"lat":1,"lon":2,"x":tru}',
    '{"type":"Point","coordinates":["24","59"]}',
    '{"type":"Feature","geometry":{"type":"Line","coordinates":[24.7,59.7]}}',
    `{"lat":1,"lon":2,"x":${'['.repeat(40)}${']'.repeat(40)}}`,
  ])('%s', (text) => {
    expect(taken(text)).toBe(false);
  });

  it('and so is what is no UTF-8', () => {
    const value = encoder.encode('{"lat":1,"lon":2,"x":"??"}');
    for (const pair of [
      [0xc0, 0x80],
      [0xed, 0xa0],
      [0xff, 0x20],
      [0x80, 0x80],
      [0xf5, 0x80],
    ]) {
      value.set(pair, value.length - 4);
      expect(agrees(value)).toBe(false);
    }
  });
});

describe('numbers', () => {
  const longer = (text: string) => agrees(encoder.encode(`{"lat":1,"lon":2,"depth":${text}}`));

  it('are the nearest double, however they are written', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, fc.integer({ min: 0, max: 20 }), (value, places) => {
        longer(JSON.stringify(value));
        if (Math.abs(value) < 1e21) longer(value.toFixed(places));
        longer(value.toExponential(places));
      }),
      { numRuns: 10_000 },
    );
  });

  it('of 15 to 20 digits, near ties too', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 100_000; i++) {
      const length = 14 + Math.floor(random() * 7);
      let digits = String(1 + Math.floor(random() * 9));
      while (digits.length < length) digits += Math.floor(random() * 10);
      const point = Math.floor(random() * (length + 1));
      longer(
        point === 0 ? `0.${digits}` : point === length ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`,
      );
    }
    // 2^53 + 1 lies midway between two doubles, and so do its like.
    for (const tie of [
      '9007199254740993',
      '9007199254740995',
      '900719925474099.3',
      '4503599627370496.5',
      '0.5000000000000000001',
    ]) {
      longer(tie);
    }
  });
});

/** Records of many shapes, most of them points. */
function someRecord(random: () => number): string {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const number = () => {
    const value = (random() - 0.5) * 10 ** Math.floor(random() * 4);
    return pick([
      String(value),
      value.toFixed(5),
      value.toFixed(0),
      value.toExponential(3),
      JSON.stringify(String(value)),
    ]);
  };
  const text = () =>
    JSON.stringify(pick(['a', '', 'Viking XPRS', 'Räpina', '船', 'a"b', 'tab\t', '12', '2024-02-30T00:00:00Z']));
  const time = () => {
    const iso = new Date(1.7e12 * random()).toISOString();
    return pick([
      JSON.stringify(iso),
      JSON.stringify(iso.replace('T', ' ').replace('Z', '')),
      JSON.stringify(iso.replace('Z', '+02:00')),
      String(Math.floor(random() * 2e12)),
      String(random() * 2e9),
      text(),
    ]);
  };
  const other = () =>
    pick([number, text, () => 'null', () => 'true', () => '[1,[2,{"a":null}]]', () => '{"lat":5,"b":{}}'])();
  const fields: (() => string)[] = [
    () => `"lat":${number()}`,
    () => `"lon":${number()}`,
    () => `${pick(['"latitude"', '"lng"', '"longitude"'])}:${number()}`,
    () => `${pick(['"name"', '"id"', '"mmsi"', '"entity"'])}:${pick([text, number, other])()}`,
    () => `${pick(['"timestamp"', '"time"', '"ts"'])}:${time()}`,
    () => `${pick(['"heading"', '"cog"', '"track"', '"speed"', '"sog"', '"speed_kmh"'])}:${pick([number, other])()}`,
    () => `"depth":${pick([number, other])()}`,
    () => `${pick(['"x"', '"y z"', '"__proto__"', '"é"', '"a\\nb"'])}:${other()}`,
  ];
  const list = (least: number) => {
    const chosen = fields.filter((_, i) => i < least || random() < 0.5).map((field) => field());
    if (random() < 0.5) chosen.reverse();
    return chosen.join(pick([',', ', ', ',\n  ']));
  };
  switch (Math.floor(random() * 6)) {
    case 0:
      return `{"type":"Point","coordinates":[${number()},${number()}],${list(0) || '"z":1'}}`;
    case 1: {
      const geometry = `"geometry":{"type":"Point","coordinates":[${number()}, ${number()},1]}`;
      return `{"type":"Feature",${geometry},"properties":{${list(0)}},"id":${pick([text, number])()}}`;
    }
    case 2:
      return `{${list(2)},"properties":${pick([() => `{${list(0)}}`, other])()}}`;
    default:
      return `{${list(2)}}`;
  }
}

describe('a million records', () => {
  it('generated and mutated: what the fast parser takes is the same to the last bit', () => {
    const random = seededRandom(20_261_126);
    const bytes = encoder.encode('{}[]",:.-+eE0123456789\\ntrfu \u0000é');
    const generated = 50_000;
    const mutants = 20;
    const mutated = new Uint8Array(4_000);
    let [acceptedWhole, acceptedMutants] = [0, 0];
    for (let i = 0; i < generated; i++) {
      const value = encoder.encode(someRecord(random));
      const { length } = value;
      // The second time it is read by its layout, and so are the mutants that keep to it.
      parser = new PointParser(MEASURE);
      if (agrees(value)) acceptedWhole += 1;
      agrees(value);
      for (let j = 0; j < mutants; j++) {
        const at = Math.floor(random() * length);
        const byte = bytes[Math.floor(random() * bytes.length)] as number;
        const kind = random();
        mutated.set(value);
        let cut = length;
        if (kind < 0.4) mutated[at] = byte;
        else if (kind < 0.65) {
          mutated.set(value.subarray(at + 1), at);
          cut = length - 1;
        } else if (kind < 0.95) {
          mutated.set(value.subarray(at), at + 1);
          mutated[at] = byte;
          cut = length + 1;
        } else cut = at;
        if (agrees(mutated, cut)) acceptedMutants += 1;
      }
    }
    // Not a test of nothing: most whole records are taken, and of the mutants some, but not all.
    expect(acceptedWhole).toBeGreaterThan(0.4 * generated);
    expect(acceptedMutants).toBeGreaterThan(0.05 * mutants * generated);
    expect(acceptedMutants).toBeLessThan(0.9 * mutants * generated);
  }, 300_000);
});
