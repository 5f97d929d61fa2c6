/** Who paints the map of the real app: what automatic says, WebGL by choice, and what is seen when its process dies. */
import type { Page } from '@playwright/test';
import { clearMap, counts, expect, pixelOf, screenshot, test, topicBox } from './app';

const AT = { lat: 59.9, lon: 25.1 };
/** Inland, west of Helsinki. */
const LAND = { lat: 60.2, lon: 24.3 };

const menuButton = (page: Page) => page.getByRole('button', { name: 'Painter of the points' });
const painting = (page: Page) => page.getByRole('status', { name: 'Painted with' });

async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('menuitemradio', { name: new RegExp(`^${name}`) }).click();
}

/** Painted pixels of what is on the page now in one of the map's panes, within 12 CSS pixels of a place. */
async function paintedNear(page: Page, pane: 'points' | 'tile', lat: number, lon: number): Promise<number> {
  const at = await pixelOf(page, lat, lon);
  return page.evaluate(
    ({ pane, x, y }) => {
      const copy = new OffscreenCanvas(24, 24).getContext('2d');
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>(`.leaflet-${pane}-pane canvas`)) {
        const box = canvas.getBoundingClientRect();
        copy?.drawImage(canvas, x - box.left - 12, y - box.top - 12, 24, 24, 0, 0, 24, 24);
      }
      const data = copy?.getImageData(0, 0, 24, 24).data ?? [];
      let painted = 0;
      for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) painted++;
      return painted;
    },
    { pane, ...at },
  );
}

async function send(page: Page, key: string, lat: number, lon: number): Promise<void> {
  const kind = await page.evaluate(
    async (message) => {
      const answer = await window.geostream.call('produce.send', { messages: [message] });
      return answer.ok ? answer.value[0]?.kind : answer.error.message;
    },
    { topic: 'geostream', key, lat, lon, fields: {} },
  );
  expect(kind).toBe('acknowledged');
}

async function expectToFind(page: Page, key: string, lat: number, lon: number): Promise<void> {
  await expect.poll(() => paintedNear(page, 'points', lat, lon)).toBeGreaterThan(20);
  const at = await pixelOf(page, lat, lon);
  await page.mouse.move(at.x + 40, at.y + 40);
  await page.mouse.move(at.x, at.y);
  await expect(page.getByRole('tooltip')).toContainText(key);
}

test('the painter can be chosen, without a restart, and is found again after one; when WebGL dies the map stays', async ({
  start,
}) => {
  // Electron 42 and newer ask for this before WebGL runs in software.
  const { electron, page, errors, close } = await start({ switches: ['--enable-unsafe-swiftshader'] });
  await clearMap(page);
  await topicBox(page, 'geostream').check();
  await send(page, 'first', AT.lat, AT.lon);
  await expect(counts(page)).toContainText('1 entit');

  await menuButton(page).click();
  await expect(page.getByRole('menuitemradio', { name: /^Automatic/ })).toBeChecked();
  await expect(painting(page)).toHaveText(/^Pixels: this system has no graphics processor/);
  await choose(page, 'WebGL');
  await expect(painting(page)).toHaveText('WebGL on SwiftShader');
  await screenshot(page, 'painter');
  await page.keyboard.press('Escape');
  await expectToFind(page, 'first', AT.lat, AT.lon);
  await send(page, 'second', AT.lat - 0.1, AT.lon);
  await expectToFind(page, 'second', AT.lat - 0.1, AT.lon);
  await screenshot(page, 'painter-webgl');
  expect(await paintedNear(page, 'tile', LAND.lat, LAND.lon)).toBe(24 * 24);

  // The process that WebGL runs in dies, and nothing moves: what is on the screen has to come back by itself.
  await electron.evaluate(({ app }) => {
    const gpu = app.getAppMetrics().find(({ type }) => type === 'GPU');
    if (!gpu) throw new Error('there is no GPU process');
    process.kill(gpu.pid, 'SIGKILL');
  });
  await menuButton(page).click();
  await expect(painting(page)).toHaveText('Pixels: WebGL on SwiftShader stopped: its context was lost');
  await page.keyboard.press('Escape');
  await expectToFind(page, 'first', AT.lat, AT.lon);
  await expectToFind(page, 'second', AT.lat - 0.1, AT.lon);
  await expect.poll(() => paintedNear(page, 'tile', LAND.lat, LAND.lon)).toBe(24 * 24);
  await screenshot(page, 'painter-lost');

  await menuButton(page).click();
  await choose(page, 'Pixels');
  await expect(painting(page)).toHaveText('Pixels, as chosen');
  expect(errors).toEqual([]);
  await close();

  const again = await start();
  await menuButton(again.page).click();
  await expect(again.page.getByRole('menuitemradio', { name: /^Pixels/ })).toBeChecked();
  await expect(painting(again.page)).toHaveText('Pixels, as chosen');
  await again.close();
});
