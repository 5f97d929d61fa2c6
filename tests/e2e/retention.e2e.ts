/** How long a topic keeps its records: seen and set in the window, with what it does said before it is done. */
import type { Page } from '@playwright/test';
import { brokerAddress, clearMap, expect, screenshot, test, topicBox } from './app';
import { produce, withAdmin } from './cluster';

const HOUR = 3_600_000;
const TOPIC = 'ferries';

/** Sixty records, 40 of them five hours old, in files of some 10 kB over two partitions. */
async function fill(address: string): Promise<void> {
  const topics = [{ topic: TOPIC, numPartitions: 2, configEntries: [{ name: 'segment.bytes', value: '10000' }] }];
  await withAdmin(address, (admin) => admin.createTopics({ topics }));
  for (let batch = 0; batch < 6; batch++) {
    const age = batch < 4 ? 5 * HOUR : 0;
    const messages = Array.from({ length: 10 }, (_, i) => ({
      key: `ship-${i}`,
      partition: batch % 2,
      timestamp: String(Date.now() - age),
      value: JSON.stringify({ lat: 59 + i / 100, lon: 24 + i / 100, note: 'x'.repeat(800) }),
    }));
    await produce(address, TOPIC, messages);
  }
}

const row = (page: Page) =>
  page.getByRole('region', { name: 'Topics' }).getByRole('listitem').filter({ hasText: TOPIC });
const opener = (page: Page) => page.getByRole('button', { name: `Retention of the topic ${TOPIC}…` });
const dialog = (page: Page) => page.getByRole('dialog', { name: `Retention of ${TOPIC}` });

/** By the keyboard, as somebody without a mouse would. */
async function open(page: Page) {
  await opener(page).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByLabel('Keep records')).toBeFocused();
  return dialog(page);
}

async function setUp(page: Page): Promise<void> {
  await clearMap(page);
  await fill(await brokerAddress(page));
  await expect(topicBox(page, TOPIC)).toBeVisible();
}

async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `${name}-${colorScheme}`);
  }
}

test('a retention is set by the keyboard, takes what has outgrown it from the disk, and is undone', async ({
  start,
}) => {
  const { page, errors } = await start();
  await setUp(page);
  await expect(row(page)).toContainText('60 records');
  await expect(row(page)).toContainText(/5\d(\.\d)? kB on disk · kept for ever \(default\)/);

  const form = await open(page);
  await expect(form).toContainText('2 partitions, one replica each');
  await expect(form).toContainText('This is how it is now.');
  await form.getByLabel('Keep records').selectOption('For a time');
  await form.getByLabel('Time', { exact: true }).fill('7');
  await form.getByLabel('Unit of time').selectOption('days');
  await expect(form).toContainText('None of its 60 records is older than 7 days yet.');
  await form.getByLabel('Time', { exact: true }).fill('1');
  await form.getByLabel('Unit of time').selectOption('hours');
  await expect(form).toContainText(
    '40 of its 60 records are older than 1 h. They are deleted for good; GeoStream cannot bring them back.',
  );
  const set = form.getByRole('button', { name: 'Set it, and delete records' });
  await expect(set).toBeDisabled();
  const confirmation = form.getByLabel("Type the topic's name to confirm it");
  await confirmation.fill('fairies');
  await expect(form).toContainText('This is not the name of the topic.');
  await page.keyboard.press('Enter');
  await expect(form).toBeVisible();
  await confirmation.fill(TOPIC);
  await expect(set).toBeEnabled();
  await inBothThemes(page, 'retention-deletes');
  await confirmation.press('Enter');

  await expect(form).toBeHidden();
  await expect(opener(page)).toBeFocused();
  await expect(row(page)).toContainText('20 records');
  await expect(row(page)).toContainText(/1\d(\.\d)? kB on disk · kept 1 h/);
  await inBothThemes(page, 'retention-row');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('It is set back; records that Kafka has deleted meanwhile stay deleted.')).toBeVisible();
  await expect(row(page)).toContainText('kept for ever (default)');
  await expect(row(page)).toContainText('20 records');
  expect(errors).toEqual([]);
});

test('a size is set for each partition, with its total; and Escape changes nothing', async ({ start }) => {
  const { page } = await start();
  await setUp(page);
  const form = await open(page);
  await form.getByLabel('Keep records').selectOption('For a time, and up to a size');
  await form.getByLabel('Time', { exact: true }).fill('36');
  await form.getByLabel('Unit of time').selectOption('hours');
  await form.getByLabel('Size of each partition', { exact: true }).fill('1.5');
  await expect(form).toContainText('2 partitions: up to 3 GB in all');
  await expect(form).toContainText('No partition is larger than 1.5 GB yet');
  await inBothThemes(page, 'retention-both');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await expect(opener(page)).toBeFocused();
  await expect(row(page)).toContainText('kept for ever (default)');

  await open(page);
  await form.getByLabel('Keep records').selectOption('Up to a size');
  await form.getByLabel('Size of each partition', { exact: true }).fill('12');
  await form.getByLabel('Unit of size of each partition').selectOption('kB');
  await expect(form).toContainText('Where a partition is larger than 12 kB, its oldest records go');
  await form.getByLabel("Type the topic's name to confirm it").fill(TOPIC);
  await form.getByRole('button', { name: 'Set it, and delete records' }).click();
  await expect(row(page)).toContainText('kept up to 12 kB per partition');
  await expect(row(page)).not.toContainText('60 records');
  await open(page);
  await form.getByLabel('Keep records').selectOption('For ever');
  await expect(form).toContainText('Nothing is deleted by this.');
  await form.getByLabel('Keep records').press('Enter');
  await form.getByRole('button', { name: 'Set it', exact: true }).click();
  await expect(row(page)).toContainText(/kept for ever$/);
});

test('what is no retention is refused as it is typed, and by the main process', async ({ start }) => {
  const { page } = await start();
  await setUp(page);
  const form = await open(page);
  await form.getByLabel('Keep records').selectOption('For a time, and up to a size');
  const time = form.getByLabel('Time', { exact: true });
  const size = form.getByLabel('Size of each partition', { exact: true });
  const set = form.getByRole('button', { name: /^Set it/ });
  for (const [typed, said] of [
    ['-3', 'At least 1 second.'],
    ['0', 'At least 1 second.'],
    ['', 'Write a number, such as 7 or 1.5.'],
    ['soon', 'Write a number, such as 7 or 1.5.'],
    ['1e400', 'Write a number, such as 7 or 1.5.'],
    ['36501', 'At most 36,500 days'],
  ] as const) {
    await time.fill(typed);
    await expect(form).toContainText(said);
    await expect(set).toBeDisabled();
  }
  await time.fill('7');
  await size.fill('-1');
  await expect(form).toContainText('At least 1 byte.');
  await size.fill('9'.repeat(20));
  await expect(form).toContainText('At most 9,000 TB');
  await expect(set).toBeDisabled();
  await screenshot(page, 'retention-wrong');

  const answers = await page.evaluate(async () => {
    const { geostream } = window;
    const own = (value: number | null) => ({ kind: 'own' as const, value });
    const wrong = [-2, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60].map((value) =>
      geostream.call('topics.setRetention', { topic: 'ferries', change: { ms: own(value), bytes: own(null) } }),
    );
    const nowhere = geostream.call('topics.setRetention', {
      topic: 'no-such-topic',
      change: { ms: own(1_000), bytes: own(null) },
    });
    return Promise.all(
      [...wrong, nowhere].map(async (coming) => {
        const answer = await coming;
        return answer.ok ? 'done' : answer.error.code;
      }),
    );
  });
  expect(answers).toEqual([...Array(5).fill('bad-input'), 'cluster']);
});

test('a read-only cluster shows its retention, and has none changed', async ({ start }) => {
  const { page } = await start();
  await setUp(page);
  const bootstrap = await brokerAddress(page);
  await page.evaluate(async (server) => {
    const { geostream } = window;
    const saved = await geostream.call('profiles.save', {
      id: null,
      fields: { name: 'Looking', bootstrap: [server], clientId: 'geostream', readOnly: true, tls: null, sasl: null },
      secrets: {},
      keepSecrets: false,
    });
    if (!saved.ok) throw new Error(saved.error.message);
    await geostream.call('profiles.use', { id: saved.value.id });
  }, bootstrap);
  await expect(page.getByRole('banner')).toContainText('Read-only');
  await expect(row(page)).toContainText('kept for ever (default)');
  await opener(page).focus();
  await page.keyboard.press('Enter');
  const form = dialog(page);
  await expect(form).toContainText('This cluster is used read-only. Its retention cannot be changed.');
  await expect(form.getByLabel('Keep records')).toHaveCount(0);
  await expect(form.getByRole('button', { name: /^Set it/ })).toHaveCount(0);
  await inBothThemes(page, 'retention-read-only');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  // And if the page asked all the same, the main process refuses.
  const refused = await page.evaluate(async () => {
    const change = { ms: { kind: 'own' as const, value: 1_000 }, bytes: { kind: 'default' as const } };
    const answer = await window.geostream.call('topics.setRetention', { topic: 'ferries', change });
    return answer.ok ? 'done' : answer.error.message;
  });
  expect(refused).toBe('This cluster is used read-only.');
  await expect(row(page)).toContainText('60 records');
});
