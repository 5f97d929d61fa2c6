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

describe('topics at rest', () => {
  it('are looked at less and less often, and at the quick pace again once something was produced', async () => {
    const { details, asked, told, produce } = watch();
    details.inView(['a']);
    await vi.advanceTimersByTimeAsync(60_000);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(32_000);
    expect(asked.length - before).toBe(4);
    produce(5);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(told.at(-1)).toEqual([{ name: 'a', records: 5, rate: expect.any(Number) }]);
    const behind = asked.length;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(asked.length - behind).toBe(2);
    // The rate has fallen to 0, and that was told.
    expect(told.at(-1)).toEqual([{ name: 'a', records: 5, rate: 0 }]);
    details.close();
  });

  it('are looked at again at once when records flow, and not more often than that', async () => {
    const { details, asked } = watch();
    details.inView(['a']);
    await vi.advanceTimersByTimeAsync(60_000);
    const before = asked.length;
    for (let i = 0; i < 100; i++) {
      details.stir();
      await vi.advanceTimersByTimeAsync(16);
    }
    expect(asked.length - before).toBe(1);
    details.close();
  });

  it('never rest while a leader is away', async () => {
    const { details, asked, setAway } = watch();
    details.inView(['a']);
    setAway(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(31);
    details.close();
  });

  it('are the same in whatever order the cluster answers', async () => {
    let turn = 0;
    const told: TopicDetail[][] = [];
    const details = watchTopicDetails(
      {
        topicOffsets: async (topics) => {
          const found = topics.map((name) => ({ name, records: 1, end: 1 }));
          turn += 1;
          return turn % 2 === 0 ? found : found.reverse();
        },
      },
      (found) => told.push(found),
    );
    details.inView(['a', 'b']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.map((one) => one.map(({ name, rate }) => [name, rate]))).toEqual([
      [
        ['a', null],
        ['b', null],
      ],
      [
        ['a', 0],
        ['b', 0],
      ],
    ]);
    details.close();
  });
});

describe('a rate', () => {
  it('is not told over the time in which nobody looked', async () => {
    const { details, told, produce } = watch();
    details.inView(['a']);
    await vi.advanceTimersByTimeAsync(100);
    details.inView([]);
    produce(1_000);
    await vi.advanceTimersByTimeAsync(100_000);
    details.inView(['a']);
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toEqual([{ name: 'a', records: 1_000, rate: null }]);
    details.close();
  });

  it('is not told over too short a time, nor across a topic made anew', () => {
    const first = nextSeen(undefined, 100, 0);
    expect(first.rate).toBeNull();
    expect(nextSeen(first, 200, 500)).toBe(first);
    expect(nextSeen(first, 200, 2_000).rate).toBe(50);
    expect(nextSeen(first, 10, 2_000).rate).toBeNull();
  });
});
