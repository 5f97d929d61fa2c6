/**
 * Reading over a network that breaks, behind a proxy that breaks it: whatever happens on the way, every record is read
 * once. Each test has a topic, a client and a proxy of its own, so they wait side by side.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cluster, clusterKinds } from './clusters.ts';
import { openScene } from './scene.ts';

describe.each(clusterKinds)('reading $name over a bad network', { timeout: 300_000, concurrent: true }, (kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());

  const behindProxies = true;

  it('goes on when connections are cut inside answers, at many places', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { partitions: 3, behindProxies });
    const random = seeded(20_000);
    const reading = read();
    for (let sent = 0; sent < 20_000; sent += 400) {
      if (random() < 0.7) proxy.cutInside('fetch', [random()]);
      // What is asked for after a cut is cut now and then, too.
      for (const request of ['metadata', 'listOffsets', 'apiVersions'] as const) {
        if (random() < 0.1) proxy.cutInside(request, [random()]);
      }
      await ledger.send(400);
      // Many small answers, rather than one that has it all.
      await reading.until(() => reading.records.length >= sent - 400);
    }
    await ledger.isRead(reading);
    expect(proxy.cutsInside).toBeGreaterThanOrEqual(20);
    expect(reading.events).toEqual([]);
    expect(ledger.count).toBe(20_000);
  });

  it('goes on when every connection is reset, again and again', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies });
    const reading = read();
    for (let round = 1; round <= 5; round++) {
      await ledger.send(1_000);
      await reading.until(() => reading.records.length > (round - 1) * 1_000);
      proxy.cut();
    }
    await ledger.isRead(reading);
  });

  it('goes on when the connections were reset while it was held up', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies });
    const reading = read();
    await ledger.send(100);
    await ledger.isRead(reading);
    reading.hold();
    await ledger.send(100);
    await reading.until(() => reading.held > 0);
    proxy.cut();
    await vi.waitFor(() => expect(proxy.connections).toBe(0));
    reading.release();
    await ledger.send(100);
    await ledger.isRead(reading);
  });

  it('goes on when they were reset while it was held up amid a backlog, the next answer under way', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies, partitions: 1 });
    await ledger.send(60, { bytes: 100_000 });
    const reading = read();
    reading.hold();
    for (let round = 0, before = -1; round < 3; round++) {
      await reading.until(() => reading.held > 0 && reading.records.length > before);
      // However much there is: of a partition, one answer at a time is handed over.
      expect(reading.held).toBe(1);
      expect(reading.records.length).toBeLessThan(ledger.count);
      proxy.cut();
      await vi.waitFor(() => expect(proxy.connections).toBe(0));
      before = reading.records.length;
      reading.release();
      reading.hold();
    }
    reading.release();
    await ledger.isRead(reading);
  });

  it('says that the network refuses, and goes on when it is back', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies });
    await ledger.send(100);
    const reading = read();
    await reading.until(() => reading.records.length === 100 && reading.state?.kind === 'reading');
    await proxy.refuse();
    await ledger.send(100);
    await reading.until(() => reading.state?.kind === 'retrying');
    expect(words(reading.state)).toMatch(/nothing listens|closed the connection/i);
    await reading.until(() => /nothing listens/i.test(words(reading.state)));
    await proxy.accept();
    await reading.until(() => reading.state?.kind === 'reading');
    await ledger.isRead(reading);
  });

  it('says that the broker does not answer when the network is silent, and goes on when it is back', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies });
    await ledger.send(100);
    const reading = read();
    await reading.until(() => reading.records.length === 100 && reading.state?.kind === 'reading');
    proxy.stall();
    await ledger.send(100);
    await reading.until(() => reading.state?.kind === 'retrying');
    expect(words(reading.state)).toMatch(/not answer/i);
    proxy.flow();
    await reading.until(() => reading.state?.kind === 'reading');
    await ledger.isRead(reading);
  });

  it('starts once a silent network speaks', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies });
    await ledger.send(100);
    proxy.stall();
    const reading = read();
    await reading.until(() => reading.state?.kind === 'retrying');
    expect(words(reading.state)).toMatch(/not answer/i);
    proxy.flow();
    await ledger.isRead(reading);
    expect(reading.state?.kind).toBe('reading');
  });

  it('takes late answers as they are', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { behindProxies });
    proxy.delay(400);
    const reading = read();
    for (let round = 0; round < 3; round++) await ledger.send(500);
    await ledger.isRead(reading);
    await reading.until(() => reading.told.length > 0);
    expect(reading.told).toEqual(['reading']);
  });

  it('reads over a slow link an answer that takes longer than a silence may', async (context) => {
    const { ledger, proxy, read } = await openScene(context, cluster, { partitions: 4, behindProxies });
    // One answer with a megabyte of each partition: some 13 s on the way.
    await ledger.send(4_000, { bytes: 1_000 });
    proxy.limit(300_000);
    const reading = read();
    await reading.until(() => reading.records.length > 0, 60_000);
    proxy.limit(Number.POSITIVE_INFINITY);
    await ledger.isRead(reading);
    expect(reading.told).toEqual(['reading']);
  });
});

const words = (state: { kind: string; error?: { message: string } } | undefined) => state?.error?.message ?? '';

/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
