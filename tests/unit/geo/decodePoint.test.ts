import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decoded, decodePoint, refusalReasons } from '../../../src/geo/decodePoint';

const bytes = (text: string) => new TextEncoder().encode(text);
const KAFKA_TIME = 1_700_000_000_000;

function decode(value: unknown, key: string | null = null): Decoded {
  return decodePoint({
    key: key === null ? null : bytes(key),
    value:
      value === null
        ? null
        : value instanceof Uint8Array
          ? value
          : bytes(typeof value === 'string' ? value : JSON.stringify(value)),
    timestamp: KAFKA_TIME,
    topic: 'ships',
    partition: 3,
  });
}

const fix = (value: unknown, key?: string) => {
  const decoded = decode(value, key);
  if (decoded.kind !== 'fix') throw new Error(`expected a fix, got ${JSON.stringify(decoded)}`);
  return decoded;
};
const reason = (value: unknown) => {
  const decoded = decode(value);
  return decoded.kind === 'refused' ? decoded.reason : decoded.kind;
};

describe('coordinates', () => {
  it.each([
    { lat: 59.7, lon: 24.7 },
    { latitude: 59.7, longitude: 24.7 },
    { lat: 59.7, lng: 24.7 },
    { lat: '59.7', lon: ' 24.7 ' },
    { lat: '+5.97e1', lon: '24.70' },
    { type: 'Point', coordinates: [24.7, 59.7, 12] },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [24.7, 59.7] }, properties: {} },
    { type: 'Point', lat: 59.7, lon: 24.7 },
  ])('are found in %j', (value) => {
    expect(fix(value)).toMatchObject({ lat: 59.7, lon: 24.7 });
  });

  it.each([
    [90, 180],
    [-90, -180],
    [0, 0],
    [-0, -0],
  ])('may be %d, %d', (lat, lon) => {
    expect(fix({ lat, lon })).toMatchObject({ kind: 'fix' });
  });

  it.each([
    ['', 'empty'],
    [new Uint8Array([0x7b, 0xff, 0xfe]), 'not-utf8'],
    ['{"lat":59.7,"lon"', 'not-json'],
    ['{"lat":NaN,"lon":1}', 'not-json'],
    ['[1,2]', 'not-object'],
    ['"text"', 'not-object'],
    ['null', 'not-object'],
    ['12', 'not-object'],
    [{ name: 'x' }, 'no-coordinates'],
    [{ lat: 1 }, 'no-coordinates'],
    [{ lon: 1 }, 'no-coordinates'],
    [{ lat: null, lon: 1 }, 'no-coordinates'],
    [{ lat: 'north', lon: 1 }, 'not-a-number'],
    [{ lat: 1, lon: '' }, 'not-a-number'],
    [{ lat: 1, lon: '0x10' }, 'not-a-number'],
    [{ lat: true, lon: 1 }, 'not-a-number'],
    [{ lat: {}, lon: [] }, 'not-a-number'],
    ['{"lat":1e999,"lon":1}', 'not-a-number'],
    [{ lat: 91, lon: 0 }, 'latitude-range'],
    [{ lat: -90.0001, lon: 0 }, 'latitude-range'],
    [{ lat: 0, lon: 180.5 }, 'longitude-range'],
    [{ type: 'Feature', geometry: null }, 'not-a-point'],
    [{ type: 'Feature', geometry: { type: 'LineString', coordinates: [] } }, 'not-a-point'],
    [{ type: 'Point', coordinates: [1] }, 'no-coordinates'],
    [{ type: 'Point', coordinates: ['a', 'b'] }, 'not-a-number'],
  ])('refuses %j as %s', (value, expected) => {
    expect(reason(value)).toBe(expected);
    expect(Object.keys(refusalReasons)).toContain(expected);
  });

  it('refuses a megabyte of nesting without falling over', () => {
    expect(reason('['.repeat(500_000) + ']'.repeat(500_000))).toBe('not-object');
    expect(reason(`{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`)).toBe('no-coordinates');
    expect(reason('['.repeat(1_000_000))).toBe('not-json');
  });
});

describe('the entity', () => {
  it('is the key, else name, id, mmsi or entity, else topic and partition', () => {
    const here = { lat: 1, lon: 2 };
    expect(fix({ ...here, name: 'n' }, 'k').entity).toBe('k');
    expect(fix({ ...here, mmsi: 'm', id: 'i', name: 'n', entity: 'e' }).entity).toBe('n');
    expect(fix({ ...here, mmsi: 230_035_780, id: 7 }).entity).toBe('7');
    expect(fix({ ...here, mmsi: 230_035_780 }).entity).toBe('230035780');
    expect(fix({ ...here, entity: 'e' }).entity).toBe('e');
    expect(fix(here).entity).toBe('ships/3');
    expect(fix({ ...here, name: '' }, '').entity).toBe('ships/3');
  });

  it('is found among the properties of a Feature, and its own id', () => {
    const geometry = { type: 'Point', coordinates: [1, 2] };
    expect(fix({ type: 'Feature', geometry, properties: { name: 'p' } }).entity).toBe('p');
    expect(fix({ type: 'Feature', geometry, properties: null, id: 'us1' }).entity).toBe('us1');
  });

  it('is never taken from what every object inherits', () => {
    expect(fix('{"lat":1,"lon":2,"__proto__":{"name":"x"}}').entity).toBe('ships/3');
    expect(reason('{"__proto__":{"lat":1,"lon":2}}')).toBe('no-coordinates');
    expect(fix({ lat: 1, lon: 2 }, '__proto__').entity).toBe('__proto__');
  });

  it('is refused when its name is absurdly long', () => {
    expect(reason({ lat: 1, lon: 2, name: 'x'.repeat(513) })).toBe('long-entity');
    expect(decode({ lat: 1, lon: 2 }, 'x'.repeat(900_000))).toMatchObject({ reason: 'long-entity' });
  });

  it('leaves the map with a null value', () => {
    expect(decode(null, 'k')).toEqual({ kind: 'removed', entity: 'k' });
    expect(decode(null)).toEqual({ kind: 'removed', entity: 'ships/3' });
  });
});

describe('time, heading and speed', () => {
  const here = { lat: 1, lon: 2 };
  it("takes the payload's time, else Kafka's", () => {
    expect(fix({ ...here, timestamp: '2014-08-15T19:00:00Z' }).time).toBe(Date.UTC(2014, 7, 15, 19));
    expect(fix({ ...here, time: 1_408_129_200 }).time).toBe(1_408_129_200_000);
    expect(fix({ ...here, ts: 1_408_129_200_363 }).time).toBe(1_408_129_200_363);
    expect(fix({ ...here, time: 'soon' }).time).toBe(KAFKA_TIME);
    expect(fix(here).time).toBe(KAFKA_TIME);
  });

  it('brings headings to [0, 360) and speeds to m/s', () => {
    expect(fix({ ...here, heading: -90 }).heading).toBe(270);
    expect(fix({ ...here, cog_deg: '360' }).heading).toBe(0);
    expect(fix(here).heading).toBeNaN();
    expect(fix({ ...here, speed: 3.18 }).speed).toBe(3.18);
    expect(fix({ ...here, sog: 10 }).speed).toBeCloseTo(5.1444, 3);
    expect(fix({ ...here, speed_kmh: 36 }).speed).toBeCloseTo(10, 9);
    expect(fix({ ...here, speed: 'fast' }).speed).toBeNaN();
  });
});

describe('any input', () => {
  it('becomes exactly one outcome, and never an exception', () => {
    fc.assert(
      fc.property(
        fc.option(fc.uint8Array({ maxLength: 40 })),
        fc.option(
          fc.oneof(
            fc.uint8Array({ maxLength: 200 }),
            fc.json().map(bytes),
            fc
              .record(
                {
                  lat: fc.jsonValue(),
                  lon: fc.jsonValue(),
                  type: fc.constantFrom('Point', 'Feature', 1),
                  geometry: fc.jsonValue(),
                  properties: fc.jsonValue(),
                  time: fc.jsonValue(),
                  name: fc.jsonValue(),
                },
                { requiredKeys: [] },
              )
              .map((value) => bytes(JSON.stringify(value))),
          ),
        ),
        (key, value) => {
          const decoded = decodePoint({ key, value, timestamp: KAFKA_TIME, topic: 't', partition: 0 });
          if (decoded.kind === 'fix') {
            expect(Math.abs(decoded.lat)).toBeLessThanOrEqual(90);
            expect(Math.abs(decoded.lon)).toBeLessThanOrEqual(180);
            expect(Number.isFinite(decoded.time)).toBe(true);
            expect(Number.isNaN(decoded.heading) || (decoded.heading >= 0 && decoded.heading < 360)).toBe(true);
          } else if (decoded.kind === 'refused') {
            expect(Object.keys(refusalReasons)).toContain(decoded.reason);
            expect(decoded.detail.length).toBeLessThanOrEqual(200);
          } else expect(value).toBeNull();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('keeps the position, however it was written', () => {
    const coordinate = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(coordinate(90), coordinate(180), fc.boolean(), (lat, lon, asText) => {
        const decoded = fix(asText ? { lat: String(lat), lon: String(lon) } : { lat, lon });
        expect(decoded.lat).toBeCloseTo(lat, 12);
        expect(decoded.lon).toBeCloseTo(lon, 12);
      }),
    );
  });
});

describe('recorded data', () => {
  const rows = (file: string) =>
    readFileSync(join(import.meta.dirname, '../../data', file), 'utf8')
      .trimEnd()
      .split('\n');

  it('is understood: 2,867 fixes of 95 ships', () => {
    const fixes = rows('ais-gulf-of-finland.ndjson').map((row) => fix(row));
    expect(fixes).toHaveLength(2_867);
    expect(new Set(fixes.map(({ entity }) => entity)).size).toBe(95);
    expect(fixes.every(({ time }) => time >= Date.UTC(2014, 7, 15, 19) && time < Date.UTC(2014, 7, 15, 19, 11))).toBe(
      true,
    );
  });

  it('is understood: 1,707 earthquakes, with their own time', () => {
    const fixes = rows('earthquakes-usgs.geojsonl').map((row) => fix(row));
    expect(fixes).toHaveLength(1_707);
    expect(fixes.every(({ time }) => time !== KAFKA_TIME)).toBe(true);
  });
});
