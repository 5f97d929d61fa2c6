/** What a reader makes of the records that a cluster holds: transactions, compaction, codecs, quotas, stops. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compression } from '../../../src/shared/contract';
import { runJava } from '../../apacheKafka/javaProgram.ts';
import { apacheKafka, type Cluster, clusterKinds, skipUnlessServed } from './clusters.ts';
import { readLog, startProducer, withAdmin } from './producingClient.ts';
import { openScene } from './scene.ts';

describe.each(clusterKinds)('reading the records of $name', { timeout: 300_000, concurrent: true }, (kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());

  /** Of the app; a test beside reads by a group of its own. */
  const groups = () =>
    withAdmin(cluster.bootstrap, async (admin) => {
      const found = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
      return found.filter((name) => !name.startsWith('read-'));
    });

  it('leaves no group behind, but the one that holds where it left off', async (context) => {
    const { topic, client, groupId, ledger, read } = await openScene(context, cluster);
    await ledger.send(100);
    for (const start of ['beginning', 'committed'] as const) await ledger.isRead(read({ start: { kind: start } }));
    expect(await groups()).toEqual([]);
    await client.commit(topic, new Map(ledger.ends));
    const reading = read({ start: { kind: 'committed' } });
    await reading.until(() => reading.state?.kind === 'reading');
    reading.close();
    expect(await groups()).toEqual([groupId]);
  });

  it('reads batches of every codec beside each other in one partition', async (context) => {
    const { ledger, read } = await openScene(context, cluster, { partitions: 1 });
    for (let round = 0; round < 3; round++) {
      for (const codec of compression.options) {
        await ledger.send(1, { compression: codec, bytes: 100 });
        await ledger.send(200, { compression: codec, bytes: 100 });
      }
    }
    const reading = read();
    await ledger.isRead(reading);
    expect(reading.told.filter((words) => words !== 'reading')).toEqual([]);
    const middle = new Map([[0, Math.floor(ledger.count / 2)]]);
    await ledger.isRead(read({ start: { kind: 'positions', topicId: null, positions: middle } }), middle);
  });

  it('reads records that are larger than its share of an answer, in every partition', async (context) => {
    const { ledger, read } = await openScene(context, cluster, {
      partitions: 6,
      config: { configEntries: [{ name: 'max.message.bytes', value: '4000000' }] },
    });
    await ledger.send(12, { bytes: 1_500_000 });
    await ledger.send(60);
    const reading = read({ stop: { kind: 'end' } });
    await reading.until(() => reading.told.includes('done'));
    await ledger.isRead(reading);
  });

  it('stops before a time to come, at the first record that is not before it', async (context) => {
    const { newLedger, ledger, read } = await openScene(context, cluster);
    const producer = await startProducer(context, cluster.bootstrap);
    const at = Date.now() + 1_800_000;
    const records = (first: number) =>
      Array.from({ length: 100 }, (_, index) => ({ partition: index % 2, timestamp: String(first + index) }));
    const reading = read({ stop: { kind: 'time', at } });
    await ledger.sendBy(producer, records(at - 1_000));
    await ledger.isRead(reading);
    await ledger.sendBy(producer, records(at - 100));
    await newLedger().sendBy(producer, records(at));
    await reading.until(() => reading.told.includes('done'));
    await ledger.isRead(reading);
  });

  it('stops at a time to come where no record comes any more', async (context) => {
    const { ledger, read } = await openScene(context, cluster, { partitions: 3 });
    await ledger.send(100, { only: [0, 1] });
    const reading = read({ stop: { kind: 'time', at: Date.now() + 500 } });
    await reading.until(() => reading.told.includes('done'));
    await ledger.isRead(reading);
  });

  it('sees committed transactions only, and stops behind the marks that they leave', async (context) => {
    await skipUnlessServed(context, kind, cluster, 'AddPartitionsToTxn');
    const { topic, ledger, newLedger, read } = await openScene(context, cluster);
    const transactionalId = `${topic}-writer`;
    const producer = await startProducer(context, cluster.bootstrap, { transactionalId });
    const unseen = newLedger();
    const both = Array.from({ length: 40 }, (_, index) => ({ partition: index % 2 }));
    const reading = read();
    const outcomes = ['commit', 'abort', 'abort', 'commit', 'abort'] as const;
    for (const outcome of outcomes) {
      await ledger.send(20);
      const transaction = await producer.transaction();
      await (outcome === 'commit' ? ledger : unseen).sendBy(transaction, both);
      await transaction[outcome]();
    }
    await ledger.isRead(reading);
    // Up to where the last mark is, which no record is.
    // Apache Kafka answers that a transaction has ended before it has written that into each partition.
    const written = outcomes.length * (20 + both.length + 2);
    const ends = await vi.waitFor(
      async () => {
        const ends = await withAdmin(cluster.bootstrap, (admin) => admin.fetchTopicOffsets(topic));
        expect(ends.reduce((sum, { high }) => sum + Number(high), 0)).toBe(written);
        return ends;
      },
      { timeout: 10_000 },
    );
    await reading.until(() => ends.every(({ partition, high }) => reading.next.get(partition) === Number(high)));
    const toTheEnd = read({ stop: { kind: 'end' } });
    await toTheEnd.until(() => toTheEnd.told.includes('done'));
    await ledger.isRead(toTheEnd);

    const open = await producer.transaction();
    await ledger.sendBy(open, both);
    const before = toTheEnd.records.length;
    const other = newLedger();
    await other.send(1);
    const meanwhile = read({ stop: { kind: 'end' } });
    await meanwhile.until(() => meanwhile.told.includes('done'));
    expect(meanwhile.records).toHaveLength(before);
    await open.commit();
    await reading.until(() => reading.records.length === before + both.length + 1);
    expect(reading.events).toEqual([]);
    expect(new Set(reading.states.map(({ kind: state }) => state))).toEqual(new Set(['reading']));
  });

  it('reads what compaction has left, from before and from within its holes', async (context) => {
    const { topic, ledger, read } = await openScene(context, cluster, {
      partitions: 1,
      config: {
        configEntries: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'min.cleanable.dirty.ratio', value: '0.01' },
          { name: 'segment.ms', value: '100' },
        ],
      },
    });
    const producer = await startProducer(context, cluster.bootstrap);
    for (let round = 0; round < 6; round++) {
      const keys = Array.from({ length: 100 }, (_, index) => `k${(index * 7 + round) % (10 + round * 15)}`);
      await ledger.sendBy(
        producer,
        keys.map((key) => ({ partition: 0, key })),
      );
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    const left = () => readLog(cluster.bootstrap, topic);
    const held = await vi.waitFor(
      async () => {
        const found = await left();
        expect(found.length).toBeLessThan(300);
        // The cleaner goes over a log in several rounds: it is done once two looks agree, with some of its pauses between.
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        expect(await left()).toEqual(found);
        return found;
      },
      { timeout: 90_000, interval: 500 },
    );
    const reading = read({ stop: { kind: 'end' } });
    await reading.until(() => reading.told.includes('done'));
    const places = held.map(({ partition, offset }) => `${partition}:${offset}`);
    expect(reading.offsets.slice(-100)).toEqual(places.slice(-100));
    expect(reading.values).toEqual(held.map(({ value }) => value));
    const holes = Array.from({ length: 500 }, (_, offset) => offset).filter(
      (offset) => !places.includes(`0:${offset}`),
    );
    for (const from of [holes[0] ?? 0, holes[Math.floor(holes.length / 2)] ?? 0]) {
      const inHole = read({
        start: { kind: 'positions', topicId: null, positions: new Map([[0, from]]) },
        stop: { kind: 'end' },
      });
      await inHole.until(() => inHole.told.includes('done'));
      expect(inHole.offsets).toEqual(places.filter((place) => Number(place.split(':')[1]) >= from));
      expect(inHole.events).toEqual([]);
    }
    expect(reading.events).toEqual([]);
  });

  it('says that a quota holds it back, and reads on', async (context) => {
    if (kind !== apacheKafka) {
      const reason = 'the built-in broker has no quotas';
      console.warn(`skipped: ${context.task.name}: ${reason}`);
      context.skip(reason);
    }
    const { ledger, read } = await openScene(context, cluster, { clientId: 'slow' });
    const allow = async (bytesPerSecond: number) => {
      const { code, stdout, stderr } = await runJava('kafka.admin.ConfigCommand', [
        ...['--bootstrap-server', cluster.bootstrap.join(','), '--alter', '--entity-type', 'clients'],
        ...['--entity-name', 'slow', '--add-config', `consumer_byte_rate=${bytesPerSecond}`],
      ]);
      expect(code, stdout + stderr).toBe(0);
    };
    // Less than one batch: nothing comes at all.
    await allow(100_000);
    await ledger.send(4_000, { bytes: 1_000 });
    const reading = read();
    await reading.until(() => reading.state?.kind === 'throttled');
    expect(reading.records).toEqual([]);
    await allow(1_500_000);
    await ledger.isRead(reading);
    await reading.until(() => reading.state?.kind === 'reading');
    expect(new Set(reading.states.map(({ kind: state }) => state))).toEqual(new Set(['reading', 'throttled']));
    for (const state of reading.states) if (state.kind === 'throttled') expect(state.ms).toBeGreaterThan(0);
  });
});
