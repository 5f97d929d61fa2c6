import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerAddress, counts, expect, screenshot, test } from './app';

test('the first start shows a fleet that moves, says that it is simulated, and stops with one click', async ({
  start,
}) => {
  const { page, errors, userData } = await start();
  const message = page.getByRole('region', { name: 'First start' });
  await expect(message).toContainText('simulated');
  await expect(message).toContainText(await brokerAddress(page));
  await expect(counts(page)).toContainText(/[1-9][\d,]* shown/);
  await expect(counts(page)).toContainText('60 entities');

  // Movement: the map's picture changes while nobody touches anything.
  const map = page.getByTestId('map');
  const before = await map.screenshot();
  await expect.poll(async () => (await map.screenshot()).equals(before)).toBe(false);
  await screenshot(page, 'first-start');

  await message.getByRole('button', { name: /stop/i }).click();
  await expect(message).toBeHidden();
  await page.waitForTimeout(1_000); // what was on its way arrives
  const still = await counts(page).textContent();
  await page.waitForTimeout(1_500);
  expect(await counts(page).textContent()).toBe(still);
  expect(errors).toEqual([]);
  // What was compiled ahead is what this Electron takes.
  const logs = join(userData, 'logs');
  const said = await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')));
  expect(said.join('')).toContain('GeoStream');
  expect(said.join('')).not.toContain('code cache');
});

test('the fleet stays stopped at the next start, and the view, panels and layers come back', async ({ start }) => {
  const first = await start();
  await first.page.getByRole('region', { name: 'First start' }).getByRole('button', { name: /stop/i }).click();
  await first.page.getByRole('tab', { name: 'Simulate' }).click();
  const map = first.page.getByTestId('map');
  const zoom = Number(await map.getAttribute('data-zoom'));
  await first.page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(map).toHaveAttribute('data-zoom', String(zoom + 1));
  await first.page.waitForTimeout(1_000); // views are remembered a moment after they came to rest
  await first.close();

  const { page } = await start();
  await expect(page.getByTestId('map')).toHaveAttribute('data-zoom', String(zoom + 1));
  await expect(page.getByRole('tab', { name: 'Simulate' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('article', { name: 'Layer geostream.simulated' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText(/connected/i);
  await expect(page.getByRole('region', { name: 'First start' })).toBeHidden();
  await expect(counts(page)).toContainText('0 read');
});
