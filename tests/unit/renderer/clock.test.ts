import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock, TICK_MS } from '../../../src/renderer/state/clock';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the clock of ages', () => {
  it('runs only while somebody listens', () => {
    const clock = createClock();
    expect(vi.getTimerCount()).toBe(0);
    const ticks: string[] = [];
    const first = clock.subscribe(() => ticks.push('first'));
    const second = clock.subscribe(() => ticks.push('second'));
    vi.advanceTimersByTime(TICK_MS);
    expect(ticks).toEqual(['first', 'second']);
    expect(vi.getTimerCount()).toBe(1);
    first();
    second();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10 * TICK_MS);
    expect(ticks).toHaveLength(2);
  });

  it('is right when it is read after it has stood still', () => {
    const clock = createClock();
    vi.advanceTimersByTime(300_000);
    expect(clock.now()).toBe(1_300_000);
  });

  it('tells the same time until its next tick', () => {
    const clock = createClock();
    const end = clock.subscribe(() => undefined);
    const before = clock.now();
    vi.advanceTimersByTime(TICK_MS - 1);
    expect(clock.now()).toBe(before);
    vi.advanceTimersByTime(1);
    expect(clock.now()).toBe(before + TICK_MS);
    end();
  });
});
