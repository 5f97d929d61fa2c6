/** What dies comes back, and what was acknowledged is there. */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
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
  // It has been told to end; the system may have it for some ms more than the app's first process.
  await expect.poll(() => isRunning(pid ?? 0)).toBe(false);
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

test('a folder that the built-in broker cannot use is told in words, and used as soon as it can be', async ({
  start,
  userData,
}) => {
  await writeFile(join(userData, 'broker'), 'a file where the folder should be');
  const { page } = await start();
  await expect(page.locator('body')).toContainText('a file of that name is in its place');
  await expect(page.locator('body')).toContainText('--user-data-dir');
  await rm(join(userData, 'broker'));
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/^connected/i);
  await expect(counts(page)).toContainText(/[1-9][\d,]* shown/);
});

test('a port where nothing, or something else, listens is told in words', async ({ start, userData }) => {
  const nothing = await start({ userData: `${userData}-nothing`, env: { KAFKA_URI: '127.0.0.1', KAFKA_PORT: '1' } });
  await expect(nothing.page.locator('body')).toContainText('Nothing listens at that address');
  await expect(nothing.page.locator('body')).toContainText('Check that Kafka runs there');
  await nothing.close();

  const server = createServer((socket) => socket.on('error', () => undefined).on('data', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mute = await start({ userData: `${userData}-mute`, env: { KAFKA_URI: '127.0.0.1', KAFKA_PORT: String(port) } });
  await expect(mute.page.locator('body')).toContainText('does not answer as Kafka does');
  await mute.close();
  server.close();
});

test('the window comes back in its size, and on a screen', async ({ start, userData }) => {
  const first = await start();
  await first.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ width: 1000, height: 700 }),
  );
  await first.page.waitForTimeout(500);
  await first.close();
  const file = join(userData, 'settings.json');
  const settings = JSON.parse(await readFile(file, 'utf8')) as { window: { width: number; height: number; x: number } };
  expect(settings.window).toMatchObject({ width: 1000, height: 700 });
  settings.window.x = 50_000;
  await writeFile(file, JSON.stringify(settings));
  const second = await start();
  const bounds = await second.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(bounds).toMatchObject({ width: 1000, height: 700 });
  expect(bounds?.x).toBeLessThan(2_000);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
