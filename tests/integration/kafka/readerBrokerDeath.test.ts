/** Reading from a broker that dies and comes back: every record is read once, and what is gone is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterKinds } from './clusters.ts';
import { openScene } from './scene.ts';

describe.each(clusterKinds)('reading $name, which dies', { timeout: 300_000 }, (kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());

  it('goes on, three times in a row: in the middle of a backlog, and when all was read', async (context) => {
    const { ledger, read } = await openScene(context, cluster);
    const reading = read();
    for (const moment of ['backlog', 'idle', 'backlog'] as const) {
      if (moment === 'backlog') reading.hold();
      // More than two answers hold.
      await ledger.send(5_000, { bytes: 1_000 });
      if (moment === 'backlog') await reading.until(() => reading.held > 0);
      else await ledger.isRead(reading);
      await cluster.kill();
      expect(reading.records.length < ledger.count).toBe(moment === 'backlog');
      reading.release();
      await reading.until(() => reading.state?.kind === 'retrying');
      const { state } = reading;
      expect(state?.kind === 'retrying' && state.error.message).toMatch(/nothing listens|closed the connection/i);
      expect(state?.kind === 'retrying' && state.error.action).toMatch(/^Check that/);
      // Whoever comes now begins when the broker does.
      const late = read({ stop: { kind: 'end' } });
      await late.until(() => late.state?.kind === 'retrying');
      await cluster.restart();
      for (const one of [reading, late]) await ledger.isRead(one);
      await reading.until(() => reading.state?.kind === 'reading');
      await late.until(() => late.told.includes('done'));
      expect(late.events).toEqual([]);
    }
    await ledger.send(100);
    await ledger.isRead(reading);
    expect(reading.events).toEqual([]);
  });
});
