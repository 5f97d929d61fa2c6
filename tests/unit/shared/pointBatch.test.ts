import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePointBatch, encodePointBatch, type PointBatch, PointBatchError } from '../../../src/shared/pointBatch';

const batches: fc.Arbitrary<PointBatch> = fc.integer({ min: 0, max: 50 }).chain((count) => {
  const doubles = fc.array(fc.double(), { minLength: count, maxLength: count }).map((v) => Float64Array.from(v));
  const floats = fc.array(fc.float(), { minLength: count, maxLength: count }).map((v) => Float32Array.from(v));
  const absent = fc.constant(new Float32Array(count).fill(Number.NaN));
  const maybe = fc.oneof(floats, absent);
  const uints = (max: number) => fc.array(fc.nat({ max }), { minLength: count, maxLength: count });
  return fc.record({
    stream: fc.nat(),
    sequence: fc.nat(),
    count: fc.constant(count),
    lon: doubles,
    lat: doubles,
    time: doubles,
    offset: uints(2 ** 31 - 1).map((v) => Float64Array.from(v)),
    entity: uints(2 ** 31 - 1).map((v) => Uint32Array.from(v)),
    heading: maybe,
    speed: maybe,
    measure: maybe,
    partition: uints(65_535).map((v) => Uint16Array.from(v)),
    flags: uints(255).map((v) => Uint8Array.from(v)),
    firstNewEntity: fc.nat(),
    newEntities: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }),
    isBacklog: fc.boolean(),
  });
});

describe('a point batch', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        expect(decodePointBatch(encodePointBatch(batch))).toEqual(batch);
      }),
    );
  });

  it('leaves out what no point has', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const something = new Float32Array(batch.count).fill(1);
        const all = encodePointBatch({ ...batch, heading: something, speed: something, measure: something });
        const nothing = new Float32Array(batch.count).fill(Number.NaN);
        const some = encodePointBatch({ ...batch, heading: something, speed: nothing, measure: nothing });
        expect(all.byteLength - some.byteLength).toBe(8 * batch.count);
      }),
    );
  });

  it('keeps offsets exact up to 2^53', () => {
    const offset = Float64Array.from([2 ** 53 - 1]);
    const one = { stream: 1, sequence: 0, count: 1, firstNewEntity: 0, newEntities: ['a'], isBacklog: false };
    const batch: PointBatch = {
      ...one,
      offset,
      lon: new Float64Array(1),
      lat: new Float64Array(1),
      time: new Float64Array(1),
      entity: new Uint32Array(1),
      heading: new Float32Array(1),
      speed: new Float32Array(1),
      measure: new Float32Array(1),
      partition: new Uint16Array(1),
      flags: new Uint8Array(1),
    };
    expect(decodePointBatch(encodePointBatch(batch)).offset[0]).toBe(9_007_199_254_740_991);
  });

  it('is refused when it is cut, or is something else', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (batch, cut) => {
        const whole = encodePointBatch(batch);
        const at = cut % whole.byteLength;
        if (at >= whole.byteLength - 3) return; // what may be missing is padding
        expect(() => decodePointBatch(whole.slice(0, at))).toThrow(PointBatchError);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(() => decodePointBatch(noise.slice().buffer)).toThrow(PointBatchError);
      }),
    );
  });
});
