import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, type LogDetails, limitRate } from '../../../src/broker/logger.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the log', () => {
  it('is not filled by what clients repeat: so many lines of one message, then their number', () => {
    const lines: [string, LogDetails | undefined][] = [];
    const note = (message: string, details?: LogDetails) => void lines.push([message, details]);
    const log = limitRate({ info: note, warn: note, error: note });
    for (let number = 1; number <= 1000; number += 1) log.warn('closed', { number });
    log.warn('something else');
    expect(lines).toHaveLength(41);
    expect(lines.at(-1)).toEqual(['something else', undefined]);
    vi.advanceTimersByTime(10_000);
    expect(lines.slice(41)).toEqual([['closed', { andMoreOfThese: 960, withinMs: 10_000 }]]);
    log.warn('closed', { number: 1001 });
    expect(lines.at(-1)).toEqual(['closed', { number: 1001 }]);
  });

  it('is one line for each message, whatever names clients give to things', () => {
    for (const form of ['json', 'text'] as const) {
      let written = '';
      const log = createLogger(form, (line) => {
        written += line;
      });
      log.warn('a topic was refused', { topic: `two\nlines${'x'.repeat(30_000)}`, count: 3 });
      expect(written.trimEnd()).not.toContain('\n');
      expect(written.length).toBeLessThan(5000);
      if (form === 'json') expect(JSON.parse(written)).toMatchObject({ event: 'log', level: 'warn', count: 3 });
      else expect(written).toContain(' warn a topic was refused topic="two\\nlines');
    }
  });
});
