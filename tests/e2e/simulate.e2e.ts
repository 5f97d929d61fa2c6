import type { Page } from '@playwright/test';
import { answerFileDialog, clearMap, counts, dataFile, expect, screenshot, test, topicBox } from './app';

const openSimulate = async (page: Page) => {
  await page.getByRole('tab', { name: 'Simulate' }).click();
  return page.getByRole('region', { name: 'Simulate' });
};

test('a fleet runs over what the map shows, at its rate, until it is stopped', async ({ start }) => {
  const { page, errors } = await start();
  await clearMap(page);
  const simulate = await openSimulate(page);
  await simulate.getByLabel('Fleet topic').fill('fleet');
  await simulate.getByLabel('Entities').fill('200');
  await simulate.getByLabel('Messages a second').fill('400');
  await simulate.getByRole('button', { name: 'Start fleet' }).click();
  const fleets = simulate.getByRole('list', { name: 'Fleets' });
  await expect(fleets).toContainText(/of 400/);
  await topicBox(page, 'fleet').check();
  await expect(counts(page)).toContainText('200 entities');
  await expect(counts(page)).toContainText('0 refused');
  await fleets.getByRole('button', { name: 'Stop the fleet on fleet' }).click();
  await expect(counts(page)).toContainText('0 waiting');
  await page.waitForTimeout(1_000);
  const still = await counts(page).textContent();
  await page.waitForTimeout(1_000);
  expect(await counts(page).textContent()).toBe(still);
  expect(errors).toEqual([]);
});

test('a GPX track is played at its own pace, with progress, until it is cancelled', async ({ start }) => {
  const { electron, page } = await start();
  await clearMap(page);
  await answerFileDialog(electron, dataFile('running-mallorca.gpx'));
  const simulate = await openSimulate(page);
  await simulate.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(simulate).toContainText('GPX');
  await simulate.getByLabel('File topic').fill('run');
  await simulate.getByLabel('Speed').selectOption({ label: '60×' });
  await simulate.getByRole('button', { name: 'Play', exact: true }).click();
  const played = simulate.getByRole('list', { name: 'Files being played' });
  await expect(played).toContainText(/[1-9]\d* message/);
  await topicBox(page, 'run').check();
  await expect(counts(page)).toContainText('1 entit');
  await played.getByRole('button', { name: /^Cancel/ }).click();
  await expect(played).toContainText(/cancelled/i);
  await expect(counts(page)).toContainText('0 waiting');
  await expect(counts(page)).toContainText('0 refused');
});

test('a file that cannot be played is refused in words', async ({ start }) => {
  const { electron, page } = await start();
  await clearMap(page);
  await answerFileDialog(electron, dataFile('README.md'));
  const simulate = await openSimulate(page);
  await simulate.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(page.locator('body')).toContainText('None of the first lines is a JSON object.');
});

test('a layer starts from now, the beginning, where it was left off, a time, an offset, or the last records', async ({
  start,
}) => {
  const { page } = await start();
  await clearMap(page);
  const send = (key: string) =>
    page.evaluate(async (name) => {
      const answer = await window.geostream.call('produce.send', {
        messages: [{ topic: 'places', key: name, lat: 60, lon: 25, fields: {} }],
      });
      if (!answer.ok) throw new Error(answer.error.message);
    }, key);
  const topics = page.getByRole('region', { name: 'Topics' });
  const box = topicBox(page, 'places');
  const from = topics.getByLabel('Start from');
  await send('a');
  await send('b');

  await from.selectOption({ label: 'Now' });
  await box.check();
  await expect(page.getByRole('article', { name: 'Layer places' })).toContainText(/live/i);
  await expect(counts(page)).toContainText('0 read');
  await send('c');
  await expect(counts(page)).toContainText('1 read');
  await box.uncheck();
  await expect(counts(page)).toContainText('0 read');
  await send('d');
  await send('e');

  await from.selectOption({ label: 'Where I left off' });
  await box.check();
  await expect(counts(page)).toContainText('2 read');
  await expect(counts(page)).toContainText('0 waiting');
  await box.uncheck();

  await from.selectOption({ label: 'The beginning' });
  await box.check();
  await expect(counts(page)).toContainText('5 read');
  await expect(counts(page)).toContainText('5 entities');
  await box.uncheck();

  await from.selectOption({ label: 'The last records' });
  await topics.getByLabel(/^Records/).fill('none');
  await box.click();
  await expect(topics).toContainText('Write how many records');
  await expect(box).not.toBeChecked();
  await topics.getByLabel(/^Records/).fill('2');
  await box.check();
  await expect(counts(page)).toContainText('2 read');
  await expect(counts(page)).toContainText('2 entities');
  await screenshot(page, 'start-from');
  await box.uncheck();

  await from.selectOption({ label: 'A time' });
  await topics.getByLabel(/^Time/).fill('2020-01-01');
  await box.check();
  await expect(counts(page)).toContainText('5 read');

  // And the same for a layer that is on the map.
  await page.getByRole('button', { name: 'Options of places' }).click();
  await page.getByLabel('Start again from').selectOption({ label: 'An offset' });
  await page
    .getByRole('dialog')
    .getByLabel(/^Offset/)
    .fill('4');
  await screenshot(page, 'layer-options');
  await page.getByRole('button', { name: 'Start again', exact: true }).click();
  await expect(counts(page)).toContainText('1 read');
});
