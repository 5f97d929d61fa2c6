/** What dies comes back, and what was acknowledged is there. */

import type { Page } from '@playwright/test';
import { Kafka, logLevel } from 'kafkajs';
import { brokerAddress, counts, expect, type RunningApp, test } from './app';

const brokerPid = ({ electron }: RunningApp) =>
  electron.evaluate(
    ({ app }) =>
      app.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('GeoStream broker'))?.pid,
  );

const snapshotOf = async (page: Page) => {
  const answer = await page.evaluate(() => window.geostream.call('app.snapshot', {}));
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
};

test('the broker is killed while a fleet runs: it comes back, the stream goes on, what was acknowledged is there', async ({
  start,
}) => {
  const app = await start();
  const { page } = app;
  await expect(counts(page)).toContainText(/[1-9]\d{2,} shown/);
  const address = await brokerAddress(page);
  const before = await snapshotOf(page);
  const acknowledged = before.simulations[0]?.sent ?? 0;
  const pid = await brokerPid(app);
  if (pid === undefined) throw new Error('the broker has no process');
  process.kill(pid, 'SIGKILL');

  await expect.poll(async () => (await brokerPid(app)) ?? pid).not.toBe(pid);
  expect(await brokerAddress(page)).toBe(address);
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/connected/i);
  const read = before.counts.reduce((sum, layer) => sum + layer.read, 0);
  await expect
    .poll(async () => (await snapshotOf(page)).counts.reduce((sum, layer) => sum + layer.read, 0), { timeout: 30_000 })
    .toBeGreaterThan(read + 200);

  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const [offsets] = await admin.fetchTopicOffsets('geostream.simulated');
  await admin.disconnect();
  expect(Number(offsets?.high)).toBeGreaterThanOrEqual(acknowledged);

  // Nothing was skipped and nothing came twice: read is exactly what the topic holds since the layer's start.
  await page.getByRole('region', { name: 'First start' }).getByRole('button', { name: /stop/i }).click();
  await expect
    .poll(async () => {
      const { counts: layers } = await snapshotOf(page);
      return layers.map(({ waiting }) => waiting);
    })
    .toEqual([0, 0]);
  const { counts: layers } = await snapshotOf(page);
  const fleet = layers.find(({ topic }) => topic === 'geostream.simulated');
  expect(fleet && fleet.read - fleet.shown - fleet.late - fleet.removed - fleet.refused).toBe(0);
});

test('closing the window ends every process, and leaves no consumer group behind', async ({ start }) => {
  const app = await start();
  await expect(counts(app.page)).toContainText(/[1-9][\d,]* shown/);
  const address = await brokerAddress(app.page);
  const pid = await brokerPid(app);
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  // Reading leaves no group with members; "where I left off" is the one group, and empty.
  const { groups } = await admin.listGroups();
  expect(groups.map(({ groupId }) => groupId).filter((group) => group !== 'geostream')).toEqual([]);
  await admin.disconnect();
  await app.close();
  expect(() => process.kill(pid ?? 0, 0)).toThrow();
  const again = await start();
  await expect(again.page.getByRole('region', { name: 'Connection' })).toContainText(/connected/i);
});

test('a cluster from KAFKA_URI and KAFKA_PORT is used, and a wrong one is told in words', async ({
  start,
  userData,
}) => {
  const first = await start();
  const [host = '', port = ''] = (await brokerAddress(first.page)).split(':');
  const guest = await start({ userData: `${userData}-guest`, env: { KAFKA_URI: host, KAFKA_PORT: port } });
  await expect(guest.page.getByRole('region', { name: 'Connection' })).toContainText(/connected/i);
  // Nothing is simulated on a cluster that is not the app's own; its topic is shown.
  expect((await snapshotOf(guest.page)).simulations).toEqual([]);
  await expect(guest.page.getByRole('article', { name: 'Layer geostream', exact: true })).toBeVisible();
  await expect(guest.page.getByRole('checkbox', { name: 'geostream.simulated', exact: true })).toBeVisible();
  await guest.close();

  const lost = await start({ userData: `${userData}-lost`, env: { KAFKA_URI: 'localhost', KAFKA_PORT: 'ninety' } });
  await expect(lost.page.locator('body')).toContainText('KAFKA_PORT is "ninety"');
});

test('two instances run side by side, each with a broker of its own', async ({ start, userData }) => {
  const one = await start();
  const two = await start({ userData: `${userData}-second` });
  const first = await brokerAddress(one.page);
  await expect.poll(() => brokerAddress(two.page).catch(() => first)).not.toBe(first);
  await expect(counts(two.page)).toContainText(/[1-9][\d,]* shown/);
});
