/**
 * Smooth motion in the window, by either painter: every frame that the page gets is looked at on its way to the screen.
 */
import type { Page } from '@playwright/test';
import { clearMap, counts, expect, pixelOf, plainMarks, screenshot, test, topicBox } from './app';

const TOPIC = 'geostream';
const START = { lat: 59.8, lon: 24.7 };
const END = { lat: 59.9, lon: 25.1 };
/** Milliseconds between the two fixes, and so what the way takes: long enough for the slowest machine to paint amid it. */
const APART_MS = 3_000;

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Seen {
  /** Frames that came so far, and of those with anything painted, the middle of it on the page. */
  frames: number;
  places: Place[];
  /** Where the element of the selected entity stood when a frame came. */
  markers: Place[];
}

declare global {
  interface Window {
    seen: Seen;
  }
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.seen = { frames: 0, places: [], markers: [] };
    const { transferFromImageBitmap } = ImageBitmapRenderingContext.prototype;
    ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap: ImageBitmap | null) {
      const { seen } = window;
      const canvas = this.canvas as HTMLCanvasElement;
      const context = bitmap && new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      // The base map's tiles come the same way.
      if (bitmap && context && canvas.closest('.leaflet-points-pane')) {
        seen.frames++;
        context.drawImage(bitmap, 0, 0);
        const { data, width } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        let [count, x, y] = [0, 0, 0];
        for (let i = 3; i < data.length; i += 4) {
          if (data[i] === 0) continue;
          count++;
          x += ((i - 3) / 4) % width;
          y += Math.floor((i - 3) / 4 / width);
        }
        const box = canvas.getBoundingClientRect();
        if (count > 0) seen.places.push({ x: box.left + x / count, y: box.top + y / count });
        const marker = document.querySelector('.geostream-selected')?.getBoundingClientRect();
        if (marker) seen.markers.push({ x: marker.x + marker.width / 2, y: marker.y + marker.height / 2 });
      }
      Reflect.apply(transferFromImageBitmap, this, [bitmap]);
    };
  });
}

const seen = (page: Page) => page.evaluate(() => window.seen);
const forget = (page: Page) =>
  page.evaluate(() => {
    window.seen = { frames: 0, places: [], markers: [] };
  });

/** Waits until there are frames, and then until there are none for a while. */
async function untilAtRest(page: Page): Promise<Seen> {
  for (let before = -1; ; ) {
    const now = await seen(page);
    if (now.frames > 0 && now.frames === before) return now;
    before = now.frames;
    await page.waitForTimeout(1_000);
  }
}

async function send(page: Page, at: { readonly lat: number; readonly lon: number }): Promise<void> {
  const kind = await page.evaluate(
    async (message) => {
      const answer = await window.geostream.call('produce.send', { messages: [message] });
      return answer.ok ? answer.value[0]?.kind : answer.error.message;
    },
    { topic: TOPIC, key: 'ferry', ...at, fields: {} },
  );
  expect(kind).toBe('acknowledged');
}

async function chooseInMenu(page: Page, role: 'menuitemradio' | 'menuitemcheckbox', name: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Painter of the points' }).click();
  await page.getByRole(role, { name }).click();
  await expect(page.getByRole(role, { name })).toBeChecked();
}

/** Until it has gone: while it fades, a click on the map below would still be one on it. */
async function closeMenu(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
}

/** How far along the way from the start to the end, 0 to 1, and how many px beside it. */
function along(start: Place, end: Place, at: Place): { part: number; beside: number } {
  const [wayX, wayY, x, y] = [end.x - start.x, end.y - start.y, at.x - start.x, at.y - start.y];
  const length = Math.hypot(wayX, wayY);
  return { part: (x * wayX + y * wayY) / length ** 2, beside: Math.abs(x * wayY - y * wayX) / length };
}

for (const [painter, words] of [
  ['Pixels', 'Pixels, as chosen'],
  ['WebGL', 'WebGL on SwiftShader'],
] as const) {
  test(`an entity glides from fix to fix, and then nothing is drawn any more: ${painter}`, async ({ start }) => {
    const { page, errors } = await start({ switches: ['--enable-unsafe-swiftshader'] });
    await clearMap(page);
    await topicBox(page, TOPIC).check();
    await plainMarks(page, TOPIC);
    await chooseInMenu(page, 'menuitemradio', new RegExp(`^${painter}`));
    await expect(page.getByRole('status', { name: 'Painted with' })).toHaveText(words);
    await closeMenu(page);
    await chooseInMenu(page, 'menuitemcheckbox', /^Smooth motion/);
    await screenshot(page, 'motion-menu');
    await closeMenu(page);
    await watchFrames(page);

    const [from, to] = [await pixelOf(page, START.lat, START.lon), await pixelOf(page, END.lat, END.lon)];
    await send(page, START);
    const sent = Date.now();
    await expect(counts(page)).toContainText('1 entit');
    // It is counted before it is painted.
    await expect.poll(async () => (await seen(page)).places.length).toBeGreaterThan(0);
    await page.mouse.click(from.x, from.y);
    const card = page.getByRole('complementary', { name: 'Entity' });
    await expect(card).toContainText('ferry');
    await page.mouse.move(5, 5);
    const before = (await untilAtRest(page)).places.at(-1);
    expect(Math.hypot((before?.x ?? 0) - from.x, (before?.y ?? 0) - from.y)).toBeLessThan(1.5);

    await page.waitForTimeout(Math.max(0, sent + APART_MS - Date.now()));
    await forget(page);
    await send(page, END);
    // The card has the fix itself, at once.
    await expect(card).toContainText(String(END.lon));
    await screenshot(page, `motion-${painter.toLowerCase()}`);
    const { frames, places, markers } = await untilAtRest(page);
    const parts = places.map((place) => along(from, to, place));
    for (const [i, { part, beside }] of parts.entries()) {
      // A mark lies on whole pixels.
      expect(beside).toBeLessThan(1.5);
      expect(part).toBeGreaterThan((parts[i - 1]?.part ?? 0) - 0.01);
      expect(part).toBeLessThan(1.01);
    }
    expect(parts.filter(({ part }) => part > 0.1 && part < 0.9).length).toBeGreaterThan(0);
    expect(markers.filter((at) => along(from, to, at).part > 0.1 && along(from, to, at).part < 0.9)).not.toEqual([]);
    const last = places.at(-1);
    expect(Math.hypot((last?.x ?? 0) - to.x, (last?.y ?? 0) - to.y)).toBeLessThan(1.5);
    console.log(`${painter}: ${frames} frames on the way of ${APART_MS} ms`);

    // At rest nothing spins.
    await page.waitForTimeout(1_500);
    expect((await seen(page)).frames).toBe(frames);
    await expect(page.locator('.geostream-selected')).toHaveAttribute('aria-label', /ferry, at 59\.9000/);
    expect(errors).toEqual([]);
  });
}

test('smooth motion is off until it is chosen, kept over a restart, and gives way to a system that asks for less motion', async ({
  start,
}) => {
  const { page, close } = await start();
  await page.getByRole('button', { name: 'Painter of the points' }).click();
  const choice = page.getByRole('menuitemcheckbox', { name: /^Smooth motion/ });
  await expect(choice).not.toBeChecked();
  await choice.click();
  await expect(choice).toBeChecked();
  await expect(choice).toContainText('never beyond the last');
  await close();

  const again = await start();
  await again.page.emulateMedia({ reducedMotion: 'reduce' });
  await clearMap(again.page);
  await topicBox(again.page, TOPIC).check();
  await plainMarks(again.page, TOPIC);
  await again.page.getByRole('button', { name: 'Painter of the points' }).click();
  const kept = again.page.getByRole('menuitemcheckbox', { name: /^Smooth motion/ });
  await expect(kept).toBeChecked();
  await expect(kept).toContainText('Off: the system asks for reduced motion');
  await screenshot(again.page, 'motion-reduced');
  await again.page.keyboard.press('Escape');
  await watchFrames(again.page);
  const [from, to] = [await pixelOf(again.page, START.lat, START.lon), await pixelOf(again.page, END.lat, END.lon)];
  await send(again.page, START);
  await untilAtRest(again.page);
  await forget(again.page);
  await send(again.page, END);
  const { places } = await untilAtRest(again.page);
  for (const place of places) {
    const { part } = along(from, to, place);
    expect(Math.min(Math.abs(part), Math.abs(part - 1))).toBeLessThan(0.01);
  }
  expect(along(from, to, places.at(-1) ?? from).part).toBeGreaterThan(0.99);
});
