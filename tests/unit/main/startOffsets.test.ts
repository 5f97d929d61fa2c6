import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastRecords } from '../../../src/main/kafka/startOffsets';

describe('the last records of a topic', () => {
  it('are shared evenly between the partitions; what a short one cannot give, the others do', () => {
    const span = {
      earliest: new Map([
        [0, 0],
        [1, 90],
        [2, 50],
      ]),
      latest: new Map([
        [0, 100],
        [1, 92],
        [2, 150],
      ]),
    };
    expect([...lastRecords(10, span)].sort()).toEqual([
      [0, 96],
      [1, 90],
      [2, 146],
    ]);
  });

  it('are as many as were asked for, or all that there are, and never outside of what is held', () => {
    const partitions = fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(partitions, fc.integer({ min: 1, max: 30_000 }), (held, records) => {
        const earliest = new Map(held.map(([low], partition) => [partition, low]));
        const latest = new Map(held.map(([low, count], partition) => [partition, low + count]));
        const starts = lastRecords(records, { earliest, latest });
        let given = 0;
        for (const [partition, start] of starts) {
          expect(start).toBeGreaterThanOrEqual(earliest.get(partition) ?? Number.NaN);
          given += (latest.get(partition) ?? Number.NaN) - start;
        }
        const all = held.reduce((sum, [, count]) => sum + count, 0);
        expect(given).toBe(Math.min(records, all));
      }),
    );
  });
});
