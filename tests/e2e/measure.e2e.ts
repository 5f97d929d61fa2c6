/** A number of the records as the colour and the size of their marks: chosen in the window, seen in its pixels. */
import type { Page } from '@playwright/test';
import { measureRamp } from '../../src/renderer/map/measureRamp';
import { clearMap, colorsAt, expect, pixelOf, putOnMap, screenshot, test } from './app';

const TOPIC = 'buoys';
/** Where the buoys lie, west to east, and how deep the water is there; the last does not know. */
const BUOYS = [
  { lon: 24.9, depth: 5 },
  { lon: 25, depth: 20 },
  { lon: 25.1, depth: 45 },
  { lon: 25.2, depth: 85 },
  { lon: 25.3, depth: null },
];
const LAT = 59.8;

const messages = BUOYS.map(({ lon, depth }, i) => ({
  key: `buoy-${i}`,
  value: JSON.stringify({ lat: LAT, lon, ...(depth !== null && { depth, salinity: 100 - depth }) }),
}));

/** The colours at the middle of every buoy, "#rrggbb", as the window shows them. */
const colors = async (page: Page) => colorsAt(page, await Promise.all(BUOYS.map(({ lon }) => pixelOf(page, LAT, lon))));

const layerStream = (page: Page) =>
  page.evaluate(async () => {
    const answer = await window.geostream.call('app.snapshot', {});
    if (!answer.ok) throw new Error(answer.error.message);
    const [layer] = answer.value.layers;
    return { stream: layer?.stream ?? -1, color: layer?.style.color ?? '' };
  });

async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `${name}-${colorScheme}`);
  }
}

test('a number is chosen by its field, and shows in the colours and sizes of the marks', async ({ start }) => {
  const { page, errors } = await start();
  await page.emulateMedia({ colorScheme: 'light' });
  await clearMap(page);
  const card = await putOnMap(page, TOPIC, messages);
  await expect(card).toContainText('5 entities');
  const before = await layerStream(page);
  await expect.poll(() => colors(page)).toEqual(Array(5).fill(before.color));

  await card.getByRole('button', { name: `Options of ${TOPIC}` }).click();
  const options = page.getByRole('dialog', { name: `Options of ${TOPIC}` });
  await options.getByLabel('Colour and size').selectOption('By a number');
  const field = options.getByLabel('Field', { exact: true });
  const from = options.getByLabel('From', { exact: true });
  const to = options.getByLabel('To', { exact: true });
  const show = options.getByRole('button', { name: 'Show it' });
  await show.click();
  await expect(options).toContainText('Name the field, such as speed.');
  await field.fill('depth');
  await from.fill('9');
  await to.fill('shallow');
  await expect(options).toContainText('Write a number such as 12.5, or nothing.');
  await to.fill('9');
  await show.click();
  await expect(options).toContainText('More than 9.');
  await screenshot(page, 'measure-wrong');
  await from.fill('');
  await to.fill('');
  expect((await layerStream(page)).stream).toBe(before.stream);
  await field.press('Enter');

  // The whole topic again, with its numbers; the one without keeps the layer's colour.
  const scale = card.getByRole('figure', { name: `Scale of ${TOPIC}` });
  await expect(scale).toContainText(/depth\s*5\s*85/);
  const ramp = (...steps: number[]) => steps.map((step) => measureRamp.light[step]);
  await expect.poll(() => colors(page)).toEqual([...ramp(0, 3, 8, 15), before.color]);
  const measured = await layerStream(page);
  expect(measured.stream).not.toBe(before.stream);
  await expect(card).toContainText('5 entities');
  await inBothThemes(page, 'measure-options');

  // Other ends only paint anew.
  await from.fill('0');
  await to.fill('160');
  await options.getByLabel('Shown as').selectOption('Both');
  await show.click();
  await expect(scale).toContainText(/depth\s*0\s*160/);
  await expect.poll(() => colors(page)).toEqual([...ramp(0, 2, 4, 8), before.color]);
  expect((await layerStream(page)).stream).toBe(measured.stream);

  await page.keyboard.press('Escape');
  await expect(options).toBeHidden();
  await inBothThemes(page, 'measure-both');
  const deep = await pixelOf(page, LAT, BUOYS[3]?.lon ?? 0);
  await page.mouse.click(deep.x, deep.y);
  await expect(page.getByRole('complementary', { name: 'Entity' })).toContainText(/depth\s*85/);
  await page.getByRole('button', { name: 'Close the card' }).click();

  // Another field is another reading.
  await page.emulateMedia({ colorScheme: 'light' });
  await card.getByRole('button', { name: `Options of ${TOPIC}` }).click();
  await expect(field).toHaveValue('depth');
  await expect(from).toHaveValue('0');
  await field.fill('salinity');
  await from.fill('');
  await to.fill('');
  await options.getByLabel('Shown as').selectOption('Size');
  await show.click();
  await expect(scale).toContainText(/salinity\s*15\s*95/);
  expect((await layerStream(page)).stream).not.toBe(measured.stream);
  await expect.poll(() => colors(page)).toEqual(Array(5).fill(before.color));
  await inBothThemes(page, 'measure-size');

  await options.getByLabel('Colour and size').selectOption('By layer');
  await expect(scale).toHaveCount(0);
  expect(errors).toEqual([]);
});
