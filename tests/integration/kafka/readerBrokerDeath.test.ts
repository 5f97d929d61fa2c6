/** Reading from a broker that dies and comes back: every record is read once, and what is gone is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterKinds } from './clusters.ts';
import { openScene } from './scene.ts';

describe.each(clusterKinds)('reading $name, which dies', { timeout: 120_000 }, (kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await kind.start();
  }, 120_000);
  afterAll(() => cluster?.close());

  it('goes on in the middle of a backlog, three times in a row, and when it was idle', async (context) => {
    const { ledger, read } = await openScene(context, cluster);
    const reading = read();
    for (let death = 1; death <= 3; death++) {
      reading.hold();
      // More than two answers hold.
      await ledger.send(5_000, { bytes: 1_000 });
      await reading.until(() => reading.held > 0);
      await cluster.kill();
      expect(reading.records.length).toBeLessThan(ledger.count);
      reading.release();
      await reading.until(() => reading.state?.kind === 'retrying');
      await cluster.restart();
      await ledger.isRead(reading);
      await reading.until(() => reading.state?.kind === 'reading');
    }
    await cluster.kill();
    await reading.until(() => reading.state?.kind === 'retrying');
    const { state } = reading;
    expect(state?.kind === 'retrying' && state.error.message).toMatch(/nothing listens|closed the connection/i);
    expect(state?.kind === 'retrying' && state.error.action).toMatch(/\w/);
    await cluster.restart();
    await reading.until(() => reading.state?.kind === 'reading');
    await ledger.send(100);
    await ledger.isRead(reading);
    expect(reading.events).toEqual([]);
  });

  it('starts when the broker does', async (context) => {
    const { ledger, read } = await openScene(context, cluster);
    await ledger.send(100);
    await cluster.kill();
    const reading = read();
    await reading.until(() => reading.state?.kind === 'retrying');
    await cluster.restart();
    await ledger.isRead(reading);
  });
});
