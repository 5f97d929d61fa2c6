/** The density view in the window: its colours, what its scale and the pointer say of them, and when it takes the place of marks. */
import type { Page } from '@playwright/test';
import { seededRandom } from '../../src/geo/motion';
import { CELL, densityRamp, rampStepOf, stepOf } from '../../src/renderer/map/densityScale';
import { clearMap, colorsAt, expect, type Place, pixelOf, putOnMap, screenshot, test } from './app';

const TOPIC = 'crowd';
/** Alone at sea, so many in one place: they can be counted. */
const ALONE = { lat: 59.62, lon: 24.35, count: 37 };
/** The others, round harbours. */
const HARBOURS = [
  { lat: 60.15, lon: 24.95, spread: 0.06 },
  { lat: 59.45, lon: 24.75, spread: 0.04 },
  { lat: 59.85, lon: 24.9, spread: 0.3 },
];
const OTHERS = 21_000;
/** So far has the wheel to be turned for one level of zoom, px. */
const LEVEL = 60;

function* places(): Generator<{ lat: number; lon: number }> {
  for (let i = 0; i < ALONE.count; i++) yield ALONE;
  // The same crowd in every run.
  const random = seededRandom(20_260_101);
  const bell = () => random() + random() + random() - 1.5;
  for (let i = 0; i < OTHERS; i++) {
    const harbour = HARBOURS[i % HARBOURS.length];
    if (harbour) yield { lat: harbour.lat + bell() * harbour.spread, lon: harbour.lon + 2 * bell() * harbour.spread };
  }
}

const messages = () => [...places()].map((place, i) => ({ key: `boat-${i}`, value: JSON.stringify(place) }));

/** The colour of the window at a place, "#rrggbb". */
const colorAt = async (page: Page, place: Place) => (await colorsAt(page, [place]))[0];

async function choose(page: Page, ...names: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'Painter of the points' }).click();
  for (const name of names) {
    const item = page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) }).first();
    await item.click();
    await expect(item).toBeChecked();
  }
}

/** A menu that still fades away lies over the map, and takes the pointer's moves. */
async function closeMenu(page: Page): Promise<void> {
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
}

test('the map shows how many are where: as colours, as a scale in numbers, and under the pointer', async ({
  start,
}) => {
  const { page, errors, close } = await start({ switches: ['--enable-unsafe-swiftshader'] });
  await page.emulateMedia({ colorScheme: 'light' });
  await clearMap(page);
  const card = await putOnMap(page, TOPIC, messages());
  await expect(card).toContainText('21,037 entities');
  const legend = page.getByRole('figure', { name: 'Scale of the density' });
  await expect(legend).toBeHidden();

  await choose(page, 'Density Ho');
  await screenshot(page, 'density-menu');
  await closeMenu(page);
  await expect(legend).toContainText(/Entities per cell of 8 px\s*about 1\.2 km in the middle of the map/);
  await expect(legend).toContainText(/1\s*2–4\s*5–9\s*10–19\s*20–49/);
  const place = await pixelOf(page, ALONE.lat, ALONE.lon);
  const steps = await legend.getByRole('listitem').count();
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    const color = densityRamp[theme][rampStepOf(stepOf(ALONE.count), steps)];
    await expect.poll(() => colorAt(page, place)).toBe(color);
    await screenshot(page, `density-${theme}`);
  }

  const tip = page.getByRole('tooltip');
  await page.mouse.move(place.x, place.y);
  await expect(tip).toContainText(/37 entities in this cell\s*about 1\.2 km wide/);
  await page.mouse.move(place.x + 4 * CELL, place.y);
  await expect(tip).toBeHidden();
  // Further in it is still 37, of a smaller place, and the scale says so.
  await page.mouse.move(place.x, place.y);
  await page.mouse.wheel(0, -LEVEL);
  await expect(legend).toContainText('about 620 m in the middle of the map');
  const closer = await pixelOf(page, ALONE.lat, ALONE.lon);
  await page.mouse.move(closer.x + 1, closer.y);
  await expect(tip).toContainText(/37 entities in this cell\s*about 620 m wide/);
  await screenshot(page, 'density-hover');
  await page.mouse.wheel(0, LEVEL);
  await expect(legend).toContainText('about 1.2 km');

  await choose(page, 'WebGL');
  await expect(page.getByRole('status', { name: 'Painted with' })).toHaveText('WebGL on SwiftShader');
  await closeMenu(page);
  const back = await pixelOf(page, ALONE.lat, ALONE.lon);
  await expect.poll(() => colorAt(page, back)).toBe(densityRamp.light[rampStepOf(stepOf(ALONE.count), steps)]);
  await screenshot(page, 'density-webgl');

  // A layer that is not shown is not counted.
  await card.getByRole('button', { name: /Hide/ }).click();
  await page.mouse.move(back.x + 60, back.y);
  await page.mouse.move(back.x, back.y);
  await expect.poll(() => colorAt(page, back)).not.toBe(densityRamp.light[rampStepOf(stepOf(ALONE.count), steps)]);
  await expect(tip).toBeHidden();
  await card.getByRole('button', { name: /Show/ }).click();

  await choose(page, 'Pixels', 'Marks');
  await closeMenu(page);
  await expect(legend).toBeHidden();
  await page.mouse.move(back.x + 60, back.y);
  await page.mouse.move(back.x, back.y);
  await expect(tip).toContainText('boat-');
  // In a crowd by itself, and not where only a few are in the view.
  await choose(page, 'Density in a crowd');
  await closeMenu(page);
  await expect(legend).toBeVisible();
  await page.mouse.move(back.x, back.y);
  for (let i = 0; i < 3; i++) {
    await page.mouse.wheel(0, -LEVEL);
    await page.waitForTimeout(700);
  }
  await expect(legend).toBeHidden();
  expect(errors).toEqual([]);
  await close();

  const again = await start();
  await again.page.getByRole('button', { name: 'Painter of the points' }).click();
  await expect(again.page.getByRole('menuitemradio', { name: /^Density in a crowd/ })).toBeChecked();
});
