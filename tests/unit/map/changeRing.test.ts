import { describe, expect, it } from 'vitest';
import { ChangeRing } from '../../../src/renderer/map/worker/changeRing';

/** What somebody who has read up to `from` is told. */
function told(ring: ChangeRing, from: number): number[] | null {
  const changes = ring.since(from);
  return changes === null ? null : Array.from({ length: changes }, (_, i) => ring.entityAt(from + i));
}

describe('the changes of a store', () => {
  it('are told to everybody who reads, from where they have read to, in their order', () => {
    const ring = new ChangeRing();
    for (const entity of [7, 3, 7]) ring.note(entity);
    const later = ring.count;
    ring.note(5);
    expect(told(ring, 0)).toEqual([7, 3, 7, 5]);
    expect(told(ring, later)).toEqual([5]);
    expect(told(ring, ring.count)).toEqual([]);
  });

  it('are no longer known one by one when there were too many, or when anybody may have changed', () => {
    const ring = new ChangeRing();
    for (let i = 0; i < 1_024; i++) ring.note(i);
    expect(told(ring, 0)?.at(-1)).toBe(1_023);
    ring.note(1_024);
    expect(told(ring, 0)).toBeNull();
    expect(told(ring, 1)?.[0]).toBe(1);
    const from = ring.count;
    ring.noteAll();
    expect(told(ring, from)).toBeNull();
    expect(told(ring, ring.count)).toEqual([]);
  });

  it('have more room where there are more entities, and are forgotten when it is made', () => {
    const ring = new ChangeRing();
    ring.note(1);
    ring.fit(1_024);
    expect(told(ring, 0)).toEqual([1]);
    ring.fit(5_000);
    expect(told(ring, 0)).toBeNull();
    const from = ring.count;
    for (let i = 0; i < 5_000; i++) ring.note(i);
    expect(told(ring, from)).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  });
});
