import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TopicOffsets } from '../../../src/main/kafka/kafkaClient';
import { nextSeen, watchTopicDetails } from '../../../src/main/topicDetails';
import type { TopicDetail } from '../../../src/shared/contract';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const asked: string[][] = [];
  const told: TopicDetail[][] = [];
  let end = 0;
  let away = false;
  const details = watchTopicDetails(
    {
      topicOffsets: async (topics): Promise<TopicOffsets[]> => {
        asked.push([...topics]);
        if (away) throw new Error('away');
        return topics.map((name) => ({ name, records: end, end }));
      },
    },
    (found) => told.push(found),
  );
  return {
    details,
    asked,
    told,
    produce: (records: number) => {
      end += records;
    },
    setAway: (next: boolean) => {
      away = next;
    },
  };
}

describe('the details of topics', () => {
  it('are asked for the rows in view only, and not at all without any', async () => {
    const { details, asked } = watch();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual([]);
    details.inView(['a', 'b']);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([['a', 'b']]);
    details.inView([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(1);
    details.close();
  });

  it('tell what is produced a second between two looks', async () => {
    const { details, told, produce } = watch();
    details.inView(['a']);
    await vi.advanceTimersByTimeAsync(0);
    produce(500);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([[{ name: 'a', records: 0, rate: null }], [{ name: 'a', records: 500, rate: 250 }]]);
    details.close();
  });

  it('are unknown while a leader is away, and come back', async () => {
    const { details, told, setAway } = watch();
    details.inView(['a']);
    await vi.advanceTimersByTimeAsync(0);
    setAway(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.at(-1)).toEqual([{ name: 'a', records: null, rate: null }]);
    setAway(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.at(-1)).toEqual([{ name: 'a', records: 0, rate: null }]);
    details.close();
  });

  it('are looked at once at a time, however often they are asked for', async () => {
    const { details, asked } = watch();
    details.inView(['a']);
    for (let i = 0; i < 10; i++) details.look();
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toHaveLength(2);
    details.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(2);
  });
});

describe('a rate', () => {
  it('is not told over too short a time, nor across a topic made anew', () => {
    const first = nextSeen(undefined, 100, 0);
    expect(first.rate).toBeNull();
    expect(nextSeen(first, 200, 500)).toBe(first);
    expect(nextSeen(first, 200, 2_000).rate).toBe(50);
    expect(nextSeen(first, 10, 2_000).rate).toBeNull();
  });
});
