/** The base map in the window: land is land and sea is sea, at each of its scales, in both themes, without a network. */
import { palettes } from '../../src/renderer/map/baseMap/palette';
import { clearMap, colorsAt, expect, pixelOf, screenshot, test } from './app';

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
