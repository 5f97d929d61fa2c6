/** The soak's verdict on memory: what it takes for a leak, and what it takes for none. */
import { describe, expect, it } from 'vitest';
import { judgeMemory, type Sample } from '../../soak/memory.ts';

/** Two hours' worth of minutes; what each holds is given by how far the run has come, 0 to 1. */
function samples(of: (share: number, index: number) => Partial<Sample>): Sample[] {
  return Array.from({ length: 120 }, (_, index) => ({
    seconds: index * 60,
    inUse: 10,
    resident: 90,
    kept: 100,
    ...of(index / 119, index),
  }));
}

const faultsOf = (some: readonly Sample[]) => judgeMemory(some).faults.join('\n');

describe('the memory of a broker', () => {
  it('is flat where it only warms up, wavers, or has a peak', () => {
    expect(faultsOf(samples(() => ({})))).toBe('');
    expect(faultsOf(samples((share) => ({ inUse: share < 0.25 ? 5 + share * 20 : 10 })))).toBe('');
    expect(faultsOf(samples((_, index) => ({ inUse: 10 + (index % 7) / 5, resident: 90 + (index % 11) * 3 })))).toBe(
      '',
    );
    expect(faultsOf(samples((_, index) => ({ resident: index === 115 ? 300 : 90 })))).toBe('');
  });

  it('grows where a little more is in use in each quarter, though the resident memory hides it', () => {
    expect(faultsOf(samples((share) => ({ inUse: 10 + share * 3 })))).toContain('in use grew by');
    expect(faultsOf(samples((share) => ({ inUse: 10 + share })))).toBe('');
  });

  it('grows where it is resident and yet not in use', () => {
    expect(faultsOf(samples((share) => ({ resident: 90 + share * 60 })))).toContain('resident grew by');
    const short = samples((share) => ({ resident: 90 + share * 60 })).map((one) => ({
      ...one,
      seconds: one.seconds / 60,
    }));
    expect(judgeMemory(short).faults).toEqual([]);
    expect(judgeMemory(short).lines.join('\n')).toContain('not judged in so short a run');
  });

  it('is flat where it stays within the bounds though there is more to keep; beyond them that may be the cause', () => {
    const more = samples((share) => ({ kept: share * 100, inUse: 10 + share }));
    expect(judgeMemory(more).faults).toEqual([]);
    expect(judgeMemory(more).lines.join('\n')).toContain('more to keep');
    expect(faultsOf(samples((share) => ({ kept: share * 100, inUse: 10 + share * 3 })))).toMatch(
      /in use grew by .* it had more to keep/,
    );
  });

  it('is not judged where the broker has less and less to keep, or nobody looked often enough', () => {
    expect(faultsOf(samples((share) => ({ kept: 100 - share * 80 })))).toContain('nothing can be said');
    expect(faultsOf(samples(() => ({})).slice(0, 11))).toContain('too few');
  });

  it('says that it did not look where there is no /proc', () => {
    const { lines, faults } = judgeMemory(samples(() => ({ resident: undefined })));
    expect(faults).toEqual([]);
    expect(lines.join('\n')).toContain('only Linux has');
  });
});
