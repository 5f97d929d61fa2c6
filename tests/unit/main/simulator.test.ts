import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KafkaError } from '../../../src/main/kafka/kafkaError';
import { createSimulator } from '../../../src/main/produce/simulator';
import { fakeKafkaClient } from './fakeKafkaClient';

const spec = { topic: 'fleet', entities: 10, area: { south: 59, west: 24, north: 60, east: 25 }, rate: 100, seed: 1 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function simulate(client = fakeKafkaClient()) {
  const simulator = createSimulator({ client: () => client, onChange: () => undefined, onSent: () => undefined });
  return { client, simulator };
}

describe('the simulator', () => {
  it('shows every entity at once, then sends at the wished-for rate', async () => {
    const { client, simulator } = simulate();
    const { id } = simulator.start(spec, false);
    await vi.advanceTimersByTimeAsync(0);
    expect(new Set(client.sent.map(({ record }) => record.key)).size).toBe(10);
    await vi.advanceTimersByTimeAsync(10_000);
    const [fleet] = simulator.list();
    expect(fleet?.sent).toBeGreaterThanOrEqual(10 + 990);
    expect(fleet?.sent).toBeLessThanOrEqual(10 + 1_010);
    expect(fleet?.achievedRate).toBeGreaterThan(90);
    expect(JSON.parse(String(client.sent[0]?.record.value))).toMatchObject({
      name: 'sim-01',
      lat: expect.any(Number),
      lon: expect.any(Number),
      message_id: expect.any(String),
      timestamp: expect.any(String),
      simulated: true,
    });
    simulator.stop(id);
    await vi.advanceTimersByTimeAsync(1_000);
    const { length } = client.sent;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.sent).toHaveLength(length);
  });

  it('keeps a slow rate', async () => {
    const { client, simulator } = simulate();
    simulator.start({ ...spec, entities: 1, rate: 0.5 }, false);
    await vi.advanceTimersByTimeAsync(20_100);
    expect(client.sent.length).toBeGreaterThanOrEqual(10);
    expect(client.sent.length).toBeLessThanOrEqual(12);
    simulator.close();
  });

  it('never counts a failed send as sent, says why, and goes on', async () => {
    const client = fakeKafkaClient();
    client.refuse = () => new Error('broker away');
    const { simulator } = simulate(client);
    simulator.start(spec, false);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(simulator.list()[0]).toMatchObject({
      state: 'retrying',
      sent: 0,
      reason: expect.stringContaining('broker away'),
    });
    expect(simulator.list()[0]?.failed).toBeGreaterThan(0);
    client.refuse = () => undefined;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(simulator.list()[0]).toMatchObject({ state: 'running', reason: null });
    simulator.close();
  });

  it('does not pile up sends when the cluster is slow', async () => {
    const client = fakeKafkaClient();
    let open = 0;
    let most = 0;
    client.send = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      open -= 1;
      return [];
    };
    const { simulator } = simulate(client);
    simulator.start({ ...spec, rate: 10_000 }, false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(most).toBeLessThanOrEqual(3);
    simulator.close();
  });

  it('counts what was acknowledged of a send that failed in part', async () => {
    const client = fakeKafkaClient();
    client.refuse = ([record]) => (record?.key === 'sim-03' ? new Error('too large') : undefined);
    let told = 0;
    const simulator = createSimulator({
      client: () => client,
      onChange: () => undefined,
      onSent: (records) => {
        told += records;
      },
    });
    simulator.start(spec, false);
    await vi.advanceTimersByTimeAsync(5_000);
    const [fleet] = simulator.list();
    expect(fleet?.sent).toBe(client.sent.length);
    expect(told).toBe(client.sent.length);
    expect(fleet?.failed).toBeGreaterThan(0);
    simulator.close();
  });

  it.each(['READ_ONLY', 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'])(
    'ends with the reason when the cluster will take nothing more: %s',
    async (code) => {
      const client = fakeKafkaClient();
      let calls = 0;
      client.refuse = () => {
        calls += 1;
        return new KafkaError(code, 'It is not allowed.', 'Ask for it.', false);
      };
      const { simulator } = simulate(client);
      simulator.start(spec, false);
      await vi.advanceTimersByTimeAsync(0);
      const before = calls;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(simulator.list()[0]).toMatchObject({
        state: 'stopped',
        sent: 0,
        failed: 10,
        reason: '10 of 10 records were not acknowledged. It is not allowed. Ask for it.',
      });
      expect(calls).toBe(before);
    },
  );

  it('ends every fleet that runs for a given reason, which stays', async () => {
    const client = fakeKafkaClient();
    const { simulator } = simulate(client);
    const { id } = simulator.start(spec, false);
    simulator.stop(id);
    simulator.start(spec, false);
    const { send } = client;
    client.send = async (topic, records) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      client.refuse = () => new Error('closed');
      return send(topic, records);
    };
    await vi.advanceTimersByTimeAsync(100);
    simulator.stopAll('GeoStream no longer uses Test.');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(simulator.list()).toMatchObject([
      { state: 'stopped', reason: null },
      { state: 'stopped', reason: 'GeoStream no longer uses Test.' },
    ]);
  });

  it('refuses an upside-down area, and a fleet that is not there', () => {
    const { simulator } = simulate();
    expect(() => simulator.start({ ...spec, area: { south: 60, west: 24, north: 59, east: 25 } }, false)).toThrow(
      /southern edge/,
    );
    expect(() => simulator.stop('none')).toThrow(/no longer there/);
  });
});
