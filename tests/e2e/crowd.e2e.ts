/**
 * A crowd in the window, of which a few at a time move: what is painted of the changes alone is what a painting of
 * everybody gives, and whoever has moved is found where they are now.
 */
import type { Page } from '@playwright/test';
import { seededRandom } from '../../src/geo/motion';
import { clearMap, colorsAt, expect, type Place, pixelOf, plainMarks, putOnMap, screenshot, test } from './app';

const TOPIC = 'crowd';
/** More than 20,000: from then on it is a crowd. */
const CROWD = 21_000;
const MIDDLE = { lat: 59.7, lon: 24.9 };
const MOVES = 8;
/** Of the crowd, in each move. */
const MOVED = 400;
/** Far from the crowd, a way of its own, one place for each move. */
const aloneAt = (move: number) => ({ lat: 60.2 - 0.03 * move, lon: 24.1 + 0.04 * move });

function* crowd(random: () => number, ids: Iterable<number>) {
  const bell = () => random() + random() + random() - 1.5;
  for (const id of ids) {
    yield { name: `boat-${id}`, lat: MIDDLE.lat + 0.12 * bell(), lon: MIDDLE.lon + 0.3 * bell() };
  }
}

const counted = (length: number) => Array.from({ length }, (_, i) => i);

async function send(page: Page, records: readonly { name: string; lat: number; lon: number }[]): Promise<void> {
  const messages = records.map(({ name, lat, lon }) => ({ topic: TOPIC, key: name, lat, lon, fields: {} }));
  const kinds = await page.evaluate(async (messages) => {
    const answer = await window.geostream.call('produce.send', { messages });
    return answer.ok ? [...new Set(answer.value.map(({ kind }) => kind))] : [answer.error.message];
  }, messages);
  expect(kinds).toEqual(['acknowledged']);
}

test('of a crowd that moves here and there, everybody is seen and found where they are', async ({ start }) => {
  const { page, errors, close } = await start({});
  await page.emulateMedia({ colorScheme: 'light' });
  await clearMap(page);
  // The same crowd in every run.
  const random = seededRandom(20_260_101);
  const first = [...crowd(random, counted(CROWD)), { name: 'alone', ...aloneAt(0) }];
  const messages = first.map((record) => ({ key: record.name, value: JSON.stringify(record) }));
  const card = await putOnMap(page, TOPIC, messages);
  await expect(card).toContainText('21,001 entities');
  const color = await plainMarks(page, TOPIC);

  const tip = page.getByRole('tooltip');
  let before: Place | null = null;
  for (let move = 1; move <= MOVES; move++) {
    const moved = counted(MOVED).map((i) => (i * 53 + move * 997) % CROWD);
    await send(page, [...crowd(random, moved), { name: 'alone', ...aloneAt(move) }]);
    const place = await pixelOf(page, aloneAt(move).lat, aloneAt(move).lon);
    await expect.poll(async () => (await colorsAt(page, [place]))[0]).toBe(color);
    await page.mouse.move(place.x, place.y);
    await expect(tip).toContainText('alone');
    if (before) {
      expect((await colorsAt(page, [before]))[0]).not.toBe(color);
      await page.mouse.move(before.x, before.y);
      await expect(tip).toBeHidden();
    }
    before = place;
  }
  await page.mouse.move(0, 0);
  await screenshot(page, 'crowd');

  // Another theme and back again: everybody is painted anew.
  const middle = await pixelOf(page, MIDDLE.lat, MIDDLE.lon);
  const places = counted(4_000).map((i) => ({
    x: middle.x - 150 + (i % 80) * 3.75,
    y: middle.y - 90 + Math.floor(i / 80) * 3.6,
  }));
  const kept = await colorsAt(page, places);
  expect(kept.filter((one) => one === color).length).toBeGreaterThan(500);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => colorsAt(page, places)).not.toEqual(kept);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => colorsAt(page, places)).toEqual(kept);
  expect(errors).toEqual([]);
  await close();
});
