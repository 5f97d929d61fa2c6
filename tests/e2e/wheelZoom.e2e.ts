import type { Page } from '@playwright/test';
import { mercatorX, mercatorY, worldSize } from '../../src/renderer/map/projection';
import { clearMap, expect, test } from './app';

/** From the middle of the map to the pointer, px. */
const BESIDE = { x: 110, y: -70 };

test('the wheel, two fingers and a pinch zoom by what they say, round the pointer, and stop at the ends', async ({
  start,
}) => {
  const { page, errors } = await start();
  await clearMap(page);
  const map = page.getByTestId('map');
  const zoom = async () => Number(await map.getAttribute('data-zoom'));
  const box = await map.boundingBox();
  if (!box) throw new Error('there is no map');
  await page.mouse.move(box.x + box.width / 2 + BESIDE.x, box.y + box.height / 2 + BESIDE.y);
  const first = await zoom();

  const place = await underPointer(page);
  await turn(page, -120, 1);
  await expect.poll(zoom).toBe(first + 1);
  await turn(page, -10, 12);
  await expect.poll(zoom).toBe(first + 2);
  await page.keyboard.down('Control');
  await turn(page, (-100 * Math.LN2) / 30, 30);
  await expect.poll(zoom).toBe(first + 3);
  await turn(page, (200 * Math.LN2) / 30, 30);
  await expect.poll(zoom).toBe(first + 1);
  await page.keyboard.up('Control');
  // No further zoom is on its way, and the page itself has not grown.
  await page.waitForTimeout(500);
  expect(await zoom()).toBe(first + 1);
  expect(await page.evaluate(() => [window.visualViewport?.scale, document.body.clientWidth === innerWidth])).toEqual([
    1,
    true,
  ]);
  // Leaflet keeps what is under the pointer there to the pixel.
  const after = await underPointer(page);
  expect(Math.abs(after.x - place.x)).toBeLessThan(2 / worldSize(first));
  expect(Math.abs(after.y - place.y)).toBeLessThan(2 / worldSize(first));

  // Notch after notch, while each zoom is under way.
  await turn(page, -120, 30);
  await expect.poll(zoom).toBe(18);
  await turn(page, 120, 30);
  await expect.poll(zoom).toBe(1);
  expect(errors).toEqual([]);
});

async function turn(page: Page, deltaY: number, events: number): Promise<void> {
  for (let i = 0; i < events; i++) {
    await page.mouse.wheel(0, deltaY);
    await page.waitForTimeout(16);
  }
}

/** World fractions of what is under the pointer. */
async function underPointer(page: Page): Promise<{ x: number; y: number }> {
  const { lat, lon, zoom } = await page.getByTestId('map').evaluate((element) => ({ ...element.dataset }));
  const world = worldSize(Number(zoom));
  return { x: mercatorX(Number(lon)) + BESIDE.x / world, y: mercatorY(Number(lat)) + BESIDE.y / world };
}
