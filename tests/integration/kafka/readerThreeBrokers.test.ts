/**
 * Reading from three brokers, of which one is away: its partitions wait, and say so, while the others are read; and
 * every record is read once. What is written goes straight to the brokers, what is read comes through proxies.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { withAdmin } from './producingClient.ts';
import type { Reading } from './readingClient.ts';
import { openScene } from './scene.ts';

const { available } = await apacheKafkaOrSkipReason();

describe.skipIf(!available)('reading from three brokers', { timeout: 300_000 }, () => {
  let cluster: ApacheKafka;
  beforeAll(async () => {
    cluster = await startApacheKafka({ brokers: 3 });
  }, 180_000);
  afterAll(() => cluster?.close());

  const leaders = (topic: string) =>
    withAdmin(cluster.bootstrap, async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = topics[0]?.partitions ?? [];
      return new Map(partitions.map(({ partitionId, leader }) => [partitionId, leader]));
    });
  const partly = (reading: Reading) => (reading.state?.kind === 'partly' ? [...reading.state.partitions].sort() : []);

  /** A topic with this number of replicas, all partitions of one broker, and all others. */
  async function openTopic(context: Parameters<typeof openScene>[0], replicationFactor: number) {
    const { topic, ledger, proxies, read } = await openScene(context, cluster, {
      partitions: 6,
      behindProxies: true,
      config: {
        replicationFactor,
        configEntries: [{ name: 'min.insync.replicas', value: String(Math.min(2, replicationFactor)) }],
      },
    });
    const led = await leaders(topic);
    const dying = led.get(0) ?? 0;
    const [its, others] = [true, false].map((isIts) =>
      [...led].filter(([, leader]) => (leader === dying) === isIts).map(([partition]) => partition),
    ) as [number[], number[]];
    const broker = cluster.brokers.find(({ nodeId }) => nodeId === dying)!;
    return { topic, ledger, read, its, others, broker, ofBroker: proxies[dying - 1]! };
  }

  it.concurrent.for(['refuse', 'stall'] as const)(
    'reads the others when the network to one is lost: %s',
    async (how, context) => {
      const { ledger, others, its, ofBroker, read } = await openTopic(context, 3);
      const reading = read();
      await ledger.send(600);
      await ledger.isRead(reading);
      await reading.until(() => reading.state?.kind === 'reading');
      await ofBroker[how]();
      // The cluster knows nothing of it: the leader stays.
      await reading.until(() => reading.state?.kind === 'partly');
      expect(partly(reading)).toEqual(its);
      await ledger.send(300, { only: others });
      await ledger.isRead(reading);
      await ledger.send(300, { only: its });
      await ofBroker[how === 'refuse' ? 'accept' : 'flow']();
      await ledger.isRead(reading);
      await reading.until(() => reading.state?.kind === 'reading');
      expect(reading.states.map(({ kind }) => kind)).not.toContain('retrying');
      expect(reading.events).toEqual([]);
    },
  );

  it.concurrent('follows partitions that move to another broker', async (context) => {
    const { topic, ledger, its, broker, read } = await openTopic(context, 1);
    const reading = read();
    await ledger.send(600);
    await ledger.isRead(reading);
    const target = cluster.brokers.find(({ nodeId }) => nodeId !== broker.nodeId)!.nodeId;
    await withAdmin(cluster.bootstrap, (admin) =>
      admin.alterPartitionReassignments({
        topics: [{ topic, partitionAssignment: its.map((partition) => ({ partition, replicas: [target] })) }],
      }),
    );
    for (let round = 0; round < 5; round++) await ledger.send(100);
    const moved = async () => expect([...(await leaders(topic)).values()]).not.toContain(broker.nodeId);
    await vi.waitFor(moved, { timeout: 90_000, interval: 100 });
    await ledger.send(600);
    await ledger.isRead(reading);
    await reading.until(() => reading.state?.kind === 'reading');
    expect(reading.events).toEqual([]);
  });

  it('goes on over the death and the return of a leader that has replicas', async (context) => {
    const { ledger, others, its, broker, read } = await openTopic(context, 3);
    const reading = read();
    await ledger.send(600);
    await ledger.isRead(reading);
    await broker.kill();
    await ledger.send(300, { only: others });
    await ledger.isRead(reading);
    await ledger.send(600);
    await ledger.isRead(reading);
    await reading.until(() => reading.state?.kind === 'reading');
    await broker.start();
    await ledger.send(600);
    await ledger.isRead(reading);
    expect(reading.events).toEqual([]);
    for (const state of reading.states) {
      expect(state.kind).not.toBe('retrying');
      if (state.kind === 'partly') expect(its).toEqual(expect.arrayContaining([...state.partitions]));
    }
  });

  it('says which partitions wait for the return of their only replica, and reads the others meanwhile', async (context) => {
    const { ledger, others, its, broker, read } = await openTopic(context, 1);
    const reading = read();
    await ledger.send(600);
    await ledger.isRead(reading);
    await broker.kill();
    await reading.until(() => reading.state?.kind === 'partly');
    expect(partly(reading)).toEqual(its);
    for (let round = 0; round < 5; round++) {
      await ledger.send(200, { only: others });
      await ledger.isRead(reading);
      expect(partly(reading)).toEqual(its);
    }
    // Whoever comes now sees the same.
    const late = read();
    await late.until(() => late.state?.kind === 'partly');
    expect(partly(late)).toEqual(its);
    const held = ledger.count - reading.offsets.filter((place) => its.includes(Number(place.split(':')[0]))).length;
    await late.until(() => late.records.length === held);
    await broker.start();
    await ledger.send(600);
    for (const one of [reading, late]) {
      await ledger.isRead(one);
      await one.until(() => one.state?.kind === 'reading');
      expect(one.events).toEqual([]);
      expect(one.states.map(({ kind }) => kind)).not.toContain('retrying');
    }
  });
});
