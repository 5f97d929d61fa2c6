/** What a reader makes of the records that a cluster holds: transactions, compaction, codecs, quotas, stops. */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writableCompressions } from '../../../src/main/kafka/codecs';
import { runJava } from '../../apacheKafka/javaProgram.ts';
import { apacheKafka, type Cluster, clusterKinds, skipUnlessServed } from './clusters.ts';
import { readLog, startProducer, withAdmin } from './producingClient.ts';
import { openScene } from './scene.ts';

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat && !process.env.CI) console.warn('skipped: LZ4 and Zstandard beside the other codecs, without kcat');

describe.each(clusterKinds)('reading the records of $name', { timeout: 300_000 }, (kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());

  const groups = () =>
    withAdmin(cluster.bootstrap, async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId));

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
    const { topic, ledger, read } = await openScene(context, cluster, { partitions: 1 });
    const others = (['lz4', 'zstd'] as const).filter((codec) => !writableCompressions().includes(codec));
    for (let round = 0; round < 3; round++) {
      for (const compression of writableCompressions()) {
        await ledger.send(1, { compression, bytes: 100 });
        await ledger.send(200, { compression, bytes: 100 });
      }
      if (!hasKcat && !process.env.CI) continue;
      for (const codec of others) {
        const values = Array.from({ length: 200 }, () => ledger.nextValue());
        execFileSync('kcat', ['-P', '-b', cluster.bootstrap.join(','), '-t', topic, '-p', '0', '-z', codec], {
          input: `${values.join('\n')}\n`,
        });
        for (const value of values) ledger.add(0, ledger.ends.get(0) ?? 0, value);
      }
    }
    const reading = read();
    await ledger.isRead(reading);
    expect(reading.told.filter((words) => words !== 'reading')).toEqual([]);
    const middle = new Map([[0, Math.floor(ledger.count / 2)]]);
    await ledger.isRead(read({ start: { kind: 'positions', topicId: null, positions: middle } }), middle);
  });

  it('stops before a time to come: in partitions where that comes, and in those where nothing does', async (context) => {
    const { topic, newLedger, ledger, read } = await openScene(context, cluster, { partitions: 3 });
    const producer = await startProducer(context, cluster.bootstrap);
    const at = Date.now() + 1_500;
    const records = (count: number, partition: number, timestamp: (index: number) => number) =>
      Array.from({ length: count }, (_, index) => ({ partition, timestamp: String(timestamp(index)) }));
    await ledger.sendBy(
      producer,
      records(50, 0, (index) => at - 50 + index),
    );
    const reading = read({ stop: { kind: 'time', at } });
    await reading.until(() => reading.state?.kind === 'reading');
    // The second partition has records up to the time, the third has none at all.
    await ledger.sendBy(
      producer,
      records(50, 1, (index) => at - 50 + index),
    );
    await newLedger().sendBy(
      producer,
      records(50, 0, (index) => at + index),
    );
    await reading.until(() => reading.told.includes('done'));
    await ledger.isRead(reading);
    expect(Math.max(...reading.records.map(({ timestamp }) => timestamp))).toBe(at - 1);
    const [first] = await withAdmin(cluster.bootstrap, (admin) => admin.fetchTopicOffsets(topic));
    expect(first).toMatchObject({ high: expect.stringMatching(/^(50|100)$/) });
  });

  it('sees committed transactions only, and stops behind the marks that they leave', async (context) => {
    await skipUnlessServed(context, kind, cluster, 'AddPartitionsToTxn');
    const { topic, ledger, newLedger, read } = await openScene(context, cluster);
    const transactionalId = `${topic}-writer`;
    const producer = await startProducer(context, cluster.bootstrap, { transactionalId });
    const unseen = newLedger();
    const both = Array.from({ length: 40 }, (_, index) => ({ partition: index % 2 }));
    const reading = read();
    for (const outcome of ['commit', 'abort', 'abort', 'commit', 'abort'] as const) {
      await ledger.send(20);
      const transaction = await producer.transaction();
      await (outcome === 'commit' ? ledger : unseen).sendBy(transaction, both);
      await transaction[outcome]();
    }
    await ledger.isRead(reading);
    // Up to where the last mark is, which no record is.
    const ends = await withAdmin(cluster.bootstrap, (admin) => admin.fetchTopicOffsets(topic));
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
    if (kind !== apacheKafka) {
      const reason = 'the built-in broker does not compact';
      console.warn(`skipped: ${context.task.name}: ${reason}`);
      context.skip(reason);
    }
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
    await expect.poll(async () => (await left()).length, { timeout: 90_000, interval: 500 }).toBeLessThan(300);
    const held = await left();
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
    const quota = ['--entity-type', 'clients', '--entity-name', 'slow', '--add-config', 'consumer_byte_rate=1000000'];
    const { code, stdout, stderr } = await runJava('kafka.admin.ConfigCommand', [
      ...['--bootstrap-server', cluster.bootstrap.join(','), '--alter', ...quota],
    ]);
    expect(code, stdout + stderr).toBe(0);
    await ledger.send(12_000, { bytes: 1_000 });
    const reading = read();
    await reading.until(() => reading.state?.kind === 'throttled');
    const throttled = reading.states.find((state) => state.kind === 'throttled');
    expect(throttled?.ms).toBeGreaterThan(0);
    await ledger.isRead(reading);
    await reading.until(() => reading.state?.kind === 'reading');
    expect(new Set(reading.states.map(({ kind: state }) => state))).toEqual(new Set(['reading', 'throttled']));
  });
});
