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
  const monitor = watchCluster({
    client: {
      ...fakeKafkaClient(),
      listTopics: async () => {
        if (failure) throw failure;
        return topics;
      },
    },
    onState: ({ kind }) => states.push(kind),
    onTopics: (found) => lists.push(found.map(({ name }) => name)),
    onDetails: () => undefined,
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
