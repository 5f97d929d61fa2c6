/** What happens to a topic while it is on the map is told in words, and loses nothing that can still be read. */
import type { Page } from '@playwright/test';
import { brokerAddress, clearMap, counts, createTopic, expect, screenshot, test, topicBox } from './app';
import { produce, withAdmin } from './cluster';

const ships = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: `ship-${from + i}`,
    value: JSON.stringify({ lat: 59 + i / 100, lon: 24 + i / 100 }),
  }));

const card = (page: Page, topic: string) => page.getByRole('article', { name: `Layer ${topic}` });

test('a topic that is deleted under its layer is missed in words, and read anew when it is made anew', async ({
  start,
}) => {
  const { page } = await start();
  await clearMap(page);
  const address = await brokerAddress(page);
  await createTopic(page, 'ferries');
  await produce(address, 'ferries', ships(0, 40));
  await topicBox(page, 'ferries').check();
  await expect(card(page, 'ferries')).toContainText('Live');

  await withAdmin(address, (admin) => admin.deleteTopics({ topics: ['ferries'] }));
  await expect(card(page, 'ferries')).toContainText('Retrying: The topic does not exist on this cluster.');
  await screenshot(page, 'topic-deleted');

  // More records than the old one had: by offsets alone, nobody could tell the two apart.
  await withAdmin(address, (admin) => admin.createTopics({ topics: [{ topic: 'ferries' }] }));
  await produce(address, 'ferries', ships(1_000, 90));
  await expect(counts(page)).toContainText('90 read · 90 shown · 0 late · 0 removed · 0 refused · 0 waiting');
  await expect(page.getByText('ferries was deleted and made anew')).toBeVisible();
  await expect(card(page, 'ferries')).toContainText('90 entities');
  await screenshot(page, 'topic-made-anew');
});
