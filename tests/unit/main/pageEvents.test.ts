import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPageEvents, type EventSource, type EventSources } from '../../../src/main/pageEvents';
import { untold } from '../../../src/renderer/state/mainState';
import { type EventName, eventNames } from '../../../src/shared/channels';
import { noCounts } from '../../../src/shared/layerCounts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const quiet = Object.fromEntries(
  eventNames.map((name) => [name, { everyMs: 100, value: () => untold[name] }]),
) as unknown as EventSources;

function open(counts: Partial<EventSource<'counts'>>) {
  const sent: [EventName, unknown][] = [];
  const events = createPageEvents({ ...quiet, counts: { ...quiet.counts, ...counts } }, (name, payload) => {
    sent.push([name, payload]);
  });
  return { events, sent };
}

describe('what the page is told', () => {
  it('is sent when it has changed, and not when it says what the event before has said', async () => {
    let read = 1;
    const { events, sent } = open({ value: () => [{ ...noCounts('a'), read }] });
    for (let i = 0; i < 5; i++) {
      events.emit('counts');
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(sent).toHaveLength(1);
    read = 2;
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([
      ['counts', [{ ...noCounts('a'), read: 1 }]],
      ['counts', [{ ...noCounts('a'), read: 2 }]],
    ]);
  });

  it('comes no more often than its pace, and with the last value', async () => {
    let read = 0;
    const { events, sent } = open({ value: () => [{ ...noCounts('a'), read }] });
    for (read = 1; read <= 40; read++) {
      events.emit('counts');
      await vi.advanceTimersByTimeAsync(10);
    }
    read = 100;
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(sent.at(-1)).toEqual(['counts', [{ ...noCounts('a'), read: 100 }]]);
  });

  it('comes at once when it is not to wait, in place of what was waiting', async () => {
    let read = 1;
    const { events, sent } = open({ value: () => [{ ...noCounts('a'), read }] });
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(0);
    read = 2;
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(30);
    expect(sent).toHaveLength(1);
    events.emitNow('counts');
    expect(sent.at(-1)).toEqual(['counts', [{ ...noCounts('a'), read: 2 }]]);
    read = 3;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(2);
    events.emit('counts');
    events.close();
    events.emitNow('counts');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(2);
  });

  it('follows a rate until it has fallen to 0, and then rests', async () => {
    let asked = 0;
    const rates = [3, 2, 2, 1, 0];
    const { events, sent } = open({
      value: () => [{ ...noCounts('a'), rate: rates[Math.min(asked++, rates.length - 1)] ?? 0 }],
      isMoving: (counts) => counts.some(({ rate }) => rate > 0),
    });
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.map(([, payload]) => (payload as { rate: number }[])[0]?.rate)).toEqual([3, 2, 1, 0]);
    expect(asked).toBe(5);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is sent once more after a page has asked for everything: it may have missed what came meanwhile', async () => {
    const { events, sent } = open({});
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(1_000);
    events.forget();
    events.emit('counts');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(2);
  });

  it('ends with close, whatever is still waiting or moving', async () => {
    const { events, sent } = open({ isMoving: () => true });
    events.emit('counts');
    events.emit('topics');
    events.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
