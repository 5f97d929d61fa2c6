/** The base map in the window: land is land and sea is sea, at each of its scales, in both themes, without a network. */
import type { Page } from '@playwright/test';
import { palettes } from '../../src/renderer/map/baseMap/palette';
import { clearMap, colorsAt, expect, pixelOf, screenshot, test } from './app';

/** A zoom that is looked at takes so many times as long. */
const SLOWER = 60;

/** Between the lines of the graticule, and beside the names. */
const PLACES = [
  { zoom: 9, what: '1:10 million, smoothed', land: { lat: 59.4, lon: 25.13 }, sea: { lat: 59.83, lon: 24.62 } },
  { zoom: 8, what: '1:10 million', land: { lat: 59.36, lon: 25.13 }, sea: { lat: 59.83, lon: 24.62 } },
  { zoom: 6, what: '1:50 million', land: { lat: 61.8, lon: 26.3 }, sea: { lat: 58.3, lon: 20.2 } },
  { zoom: 3, what: '1:110 million', land: { lat: 62.5, lon: 26.3 }, sea: { lat: 67.5, lon: 2.5 } },
];

test('the base map has land and sea where they are, at each of its scales and in both themes', async ({ start }) => {
  const { page, errors } = await start();
  await clearMap(page);
  const map = page.getByTestId('map');
  for (const { zoom, what, land, sea } of PLACES) {
    while (Number(await map.getAttribute('data-zoom')) > zoom) {
      const before = await map.getAttribute('data-zoom');
      await page.getByRole('button', { name: 'Zoom out' }).click();
      await expect(map).not.toHaveAttribute('data-zoom', before ?? '');
    }
    const at = [await pixelOf(page, land.lat, land.lon), await pixelOf(page, sea.lat, sea.lon)];
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      const colors = [palettes[theme].land, palettes[theme].sea];
      await expect.poll(() => colorsAt(page, at), { message: `${what}, ${theme}` }).toEqual(colors);
    }
    await screenshot(page, `base-map-${zoom}`);
  }
  expect(errors).toEqual([]);
});

test('amid a zoom the base map is whole, and no line shows where two of its tiles meet', async ({ start }) => {
  const { page, errors } = await start();
  await clearMap(page);
  const map = page.getByTestId('map');
  await expect.poll(() => bare(page), { message: 'before it' }).toEqual([]);
  const moving = map.locator('.leaflet-zoom-anim');

  // Leaflet ends a zoom by a timer of its own, whether the animation has come to its end or not.
  await page.evaluate((slower) => {
    const { setTimeout } = window;
    Object.assign(window, {
      setTimeout: (run: () => void, ms = 0) => setTimeout(run, ms === 250 ? ms * slower : ms),
    });
  }, SLOWER);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Animation.enable');
  await devTools.send('Animation.setPlaybackRate', { playbackRate: 1 / SLOWER });
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(moving).toHaveCount(1);
  const next = map.locator('.leaflet-tile-container').last().locator('.leaflet-tile');
  await expect(next).not.toHaveCount(0);
  await expect(next.and(map.locator(':not(.leaflet-tile-loaded)'))).toHaveCount(0);
  await page.waitForTimeout((250 * SLOWER) / 16);
  expect(await bare(page)).toEqual([]);

  const box = await map.boundingBox();
  if (!box) throw new Error('the map has no place in the window');
  const along = (from: number, length: number, step: number) =>
    Array.from({ length: Math.floor(length / step) }, (_, i) => Math.ceil(from) + i * step);
  const [columns, rows] = [along(box.x, box.width - 1, 16), along(box.y, box.height - 1, 16)];
  const [xs, ys] = [along(box.x, box.width - 1, 1), along(box.y, box.height - 1, 1)];
  const lines = [...columns.map((x) => ys.map((y) => ({ x, y }))), ...rows.map((y) => xs.map((x) => ({ x, y })))];
  const colors = await colorsAt(page, lines.flat());
  await expect(moving).toHaveCount(1);
  await screenshot(page, 'base-map-amid-zoom');

  /** Of how many lines across it a place is darker than its two neighbours, by more than any line that is drawn. */
  const darker = new Map<string, number>();
  let at = 0;
  for (const [i, line] of lines.entries()) {
    const light = line.map(() => lightness(colors[at++] ?? ''));
    for (let k = 1; k < light.length - 1; k++) {
      if ((light[k] ?? 0) + 20 > Math.min(light[k - 1] ?? 0, light[k + 1] ?? 0)) continue;
      const where = i < columns.length ? `row ${line[k]?.y}` : `column ${line[k]?.x}`;
      darker.set(where, (darker.get(where) ?? 0) + 1);
    }
  }
  expect([...darker].filter(([, count]) => count > columns.length / 4)).toEqual([]);
  expect(errors).toEqual([]);
});

/** Places of the map on which no tile lies, CSS pixels. */
const bare = (page: Page) =>
  page.evaluate(() => {
    const map = document.querySelector('[data-testid="map"]');
    if (!map) throw new Error('there is no map');
    const { left, top, right, bottom } = map.getBoundingClientRect();
    const tiles = [...map.querySelectorAll('.leaflet-tile-loaded')].map((tile) => tile.getBoundingClientRect());
    const places: { x: number; y: number }[] = [];
    for (let x = left + 1; x < right; x += 16) {
      for (let y = top + 1; y < bottom; y += 16) {
        const isIn = (tile: DOMRect) => x >= tile.left && x < tile.right && y >= tile.top && y < tile.bottom;
        if (!tiles.some(isIn)) places.push({ x, y });
      }
    }
    return places;
  });

/** Of a colour "#rrggbb", 0 to 255. */
function lightness(color: string): number {
  const value = Number.parseInt(color.slice(1), 16);
  return ((value >> 16) + ((value >> 8) & 255) + (value & 255)) / 3;
}
