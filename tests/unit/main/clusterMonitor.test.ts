import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchCluster } from '../../../src/main/clusterMonitor';
import { KafkaError } from '../../../src/main/kafka/kafkaError';
import type { ConnectionState, Topic } from '../../../src/shared/contract';
import { fakeKafkaClient } from './fakeKafkaClient';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const states: ConnectionState['kind'][] = [];
  const lists: string[][] = [];
  let topics: Topic[] = [];
  let failure: Error | undefined;
  let looks = 0;
  let detailLooks = 0;
  const monitor = watchCluster({
    client: {
      ...fakeKafkaClient(),
      listTopics: async () => {
        looks += 1;
        if (failure) throw failure;
        return topics;
      },
      topicOffsets: async (names) => {
        detailLooks += 1;
        return names.map((name) => ({ name, records: 0, end: 0 }));
      },
    },
    onState: ({ kind }) => states.push(kind),
    onTopics: (found) => lists.push(found.map(({ name }) => name)),
    onDetails: () => undefined,
    onStorage: () => undefined,
  });
  return {
    monitor,
    states,
    lists,
    setTopics: (names: string[]) => {
      topics = names.map((name) => ({ name, partitions: 1 }));
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
    /** How often the cluster was asked within so many ms: for its topics, and for their details. */
    asksWithin: async (ms: number) => {
      const before = { looks, detailLooks };
      await vi.advanceTimersByTimeAsync(ms);
      return { topics: looks - before.looks, details: detailLooks - before.detailLooks };
    },
  };
}

describe('the watch over a cluster', () => {
  it('tells its state once, and the topics when they change', async () => {
    const { monitor, states, lists, setTopics } = watch();
    setTopics(['a']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states).toEqual(['connected']);
    setTopics(['a', 'b']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lists.at(-1)).toEqual(['a', 'b']);
    expect(lists.length).toBeLessThanOrEqual(3);
    monitor.close();
  });

  it('says that it tries again, and when the cluster is back', async () => {
    const { monitor, states, fail } = watch();
    await vi.advanceTimersByTimeAsync(100);
    fail(new KafkaError('ECONNREFUSED', 'Nothing listens.', 'Start it.', true));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(states.at(-1)).toBe('retrying');
    fail(undefined);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(states.at(-1)).toBe('connected');
    monitor.close();
  });

  it('tells its state anew after an outage that was too short for it to see', async () => {
    const { monitor, states } = watch();
    await vi.advanceTimersByTimeAsync(100);
    monitor.recheck();
    await vi.advanceTimersByTimeAsync(0);
    expect(states).toEqual(['connected', 'connected']);
    monitor.close();
  });

  it('does not knock again with a password that was refused, until it is asked to', async () => {
    const { monitor, states, fail } = watch();
    fail(new KafkaError('SASL_AUTHENTICATION_FAILED', 'Refused.', 'Check it.', false));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states).toEqual(['connected', 'failed']);
    fail(undefined);
    await monitor.refresh();
    expect(states).toEqual(['connected', 'failed', 'connected']);
    monitor.close();
  });

  it('asks nothing more once it is closed', async () => {
    const { monitor, states, fail } = watch();
    await vi.advanceTimersByTimeAsync(100);
    monitor.close();
    fail(new Error('away'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states).toEqual(['connected']);
  });
});

describe('the pace of the looks', () => {
  it('is calm while nothing changes, and no slower for the list of topics', async () => {
    const { monitor, asksWithin, setTopics, lists } = watch();
    monitor.inView(['a']);
    await vi.advanceTimersByTimeAsync(40_000);
    const { topics, details } = await asksWithin(40_000);
    expect(topics).toBe(20);
    expect(details).toBe(5);
    setTopics(['made-elsewhere']);
    expect((await asksWithin(2_000)).details).toBeGreaterThan(0);
    expect(lists.at(-1)).toEqual(['made-elsewhere']);
    monitor.close();
  });

  it('is quick again for the details as soon as records flow', async () => {
    const { monitor, asksWithin } = watch();
    monitor.inView(['a']);
    await vi.advanceTimersByTimeAsync(60_000);
    monitor.stir();
    expect((await asksWithin(6_000)).details).toBe(3);
    monitor.close();
  });

  it('is slow while nobody sees the window, and all is looked at when somebody does again', async () => {
    const { monitor, asksWithin, setTopics, lists } = watch();
    monitor.inView(['a']);
    await vi.advanceTimersByTimeAsync(2_500);
    monitor.seen(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await asksWithin(60_000)).toEqual({ topics: 6, details: 0 });
    setTopics(['meanwhile']);
    monitor.seen(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(lists.at(-1)).toEqual(['meanwhile']);
    const { topics, details } = await asksWithin(10_000);
    expect(topics).toBe(5);
    expect(details).toBeGreaterThan(2);
    monitor.close();
  });

  it('does not knock again with a refused password because the window is seen', async () => {
    const { monitor, asksWithin, fail } = watch();
    fail(new KafkaError('SASL_AUTHENTICATION_FAILED', 'Refused.', 'Check it.', false));
    await vi.advanceTimersByTimeAsync(10_000);
    monitor.seen(false);
    monitor.seen(true);
    expect((await asksWithin(10_000)).topics).toBe(0);
    monitor.close();
  });
});

describe('a look that is asked for while another is under way', () => {
  it('follows it, so that what was just created is in the list', async () => {
    const { monitor, setTopics } = watch();
    const first = monitor.refresh();
    setTopics(['new']);
    const [, second] = await Promise.all([first, monitor.refresh()]);
    expect(second.map(({ name }) => name)).toEqual(['new']);
    monitor.close();
  });
});
