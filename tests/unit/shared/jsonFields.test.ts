import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsJson } from '../../../src/shared/jsonFields';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { inner: nested(depth - 1) });

describe('fields of a message', () => {
  it('fit when JSON can write them', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        expect(fitsJson(fields)).toBe(true);
      }),
    );
  });

  it('whatever fits can be written', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (fields) => {
        if (fitsJson(structuredClone(fields))) JSON.stringify(structuredClone(fields));
      }),
    );
  });

  it('do not fit when they go round in a circle, are nested too deep, or hold BigInts', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const fields of [circle, nested(250), { a: 1n }, { a: Object(1n) }, { a: new BigInt64Array(1) }]) {
      expect(fitsJson(fields)).toBe(false);
    }
    expect(fitsJson(nested(150))).toBe(true);
  });

  it('do not fit when little memory would become endless text', () => {
    let twice: unknown = 1;
    for (let i = 0; i < 60; i++) twice = [twice, twice];
    expect(fitsJson({ twice })).toBe(false);
    expect(fitsJson({ holes: new Array(1_000_000) })).toBe(false);
    expect(fitsJson({ bytes: new Uint8Array(1_000_000) })).toBe(false);
  });
});
