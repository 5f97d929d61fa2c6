import { clearMap, counts, expect, screenshot, test, topicBox } from './app';
import { fillInjection } from './panels';

test('a click on the map and a form send a record; the answer says where it went; the map shows it', async ({
  start,
}) => {
  const { page, errors } = await start();
  await clearMap(page);
  await topicBox(page, 'geostream').check();
  const inject = await fillInjection(page, 'geostream', 'me');
  await inject.getByLabel('Message fields').fill('speed = 4.2');
  await inject.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(inject).toContainText(/topic geostream, partition 0, offset 0, in [\d.,]+ ms/);
  await expect(counts(page)).toContainText('1 read');
  await expect(counts(page)).toContainText('1 entit');

  const lat = Number(await inject.getByLabel('Latitude').inputValue());
  const record = await page.evaluate(() =>
    window.geostream.call('records.get', { topic: 'geostream', partition: 0, offset: '0' }),
  );
  if (!record.ok) throw new Error(record.error.message);
  expect(record.value.key?.text).toBe('me');
  expect(JSON.parse(record.value.value?.text ?? '')).toMatchObject({
    name: 'me',
    lat,
    speed: 4.2,
    message_id: expect.any(String),
    timestamp: expect.any(String),
  });
  expect(errors).toEqual([]);
});

test('records are packed as was chosen, with Zstandard too', async ({ start }) => {
  const { page } = await start();
  await clearMap(page);
  await topicBox(page, 'geostream').check();
  await page.getByLabel('Compression').selectOption('Zstandard');
  const messages = Array.from({ length: 50 }, (_, n) => ({ key: `z${n}`, lat: 60, lon: 25, fields: { n } }));
  const outcomes = await page.evaluate(async (sent) => {
    const answer = await window.geostream.call('produce.send', {
      messages: sent.map((message) => ({ topic: 'geostream', ...message })),
    });
    return answer.ok ? answer.value.map(({ kind }) => kind) : answer.error.message;
  }, messages);
  expect(outcomes).toEqual(Array(50).fill('acknowledged'));
  await expect(counts(page)).toContainText('50 shown');
  await expect(page.getByLabel('Compression')).toHaveValue('zstd');
});

test('wrong input is marked at its field, and nothing is sent', async ({ start }) => {
  const { page } = await start();
  await clearMap(page);
  await page.getByRole('tab', { name: 'Inject' }).click();
  const inject = page.getByRole('region', { name: 'Inject' });
  await inject.getByLabel('Topic').fill('bad topic!');
  await inject.getByLabel('Latitude').fill('91');
  await inject.getByLabel('Longitude').fill('east');
  await inject.getByLabel('Message fields').fill('{"speed": }');
  await inject.getByRole('button', { name: 'Send', exact: true }).click();
  for (const label of ['Topic', 'Latitude', 'Longitude', 'Message fields']) {
    await expect(inject.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(inject).toContainText(/between -90 and 90/i);
  await screenshot(page, 'inject-error');
  await inject.getByLabel('Message fields').fill('');
  await expect(inject.getByLabel('Key')).toHaveAttribute('aria-invalid', 'true');
  const topics = await page.evaluate(() => window.geostream.call('topics.refresh', {}));
  if (!topics.ok) throw new Error(topics.error.message);
  expect(topics.value.map(({ name }) => name)).toEqual(['geostream', 'geostream.simulated']);
  // Nothing was sent: the row says so, whose details are kept current.
  await expect(page.getByRole('region', { name: 'Topics' }).getByText(/^0 records · .*1 partition/)).toBeVisible();
});

test('several entities are lined up, each with its own topic, and sent in one go', async ({ start }) => {
  const { page } = await start();
  await clearMap(page);
  await page.getByRole('tab', { name: 'Inject' }).click();
  const inject = page.getByRole('region', { name: 'Inject' });
  for (const [i, topic] of ['one', 'two', 'two'].entries()) {
    await inject.getByLabel('Topic').fill(topic);
    await inject.getByLabel('Key').fill(`entity-${i}`);
    await inject.getByLabel('Latitude').fill(String(59 + i / 10));
    await inject.getByLabel('Longitude').fill('24.9');
    await inject.getByRole('button', { name: 'Line up' }).click();
  }
  await inject.getByRole('button', { name: /Send all/ }).click();
  const lined = inject.getByRole('region', { name: 'Lined up' });
  await expect(lined).toContainText(/one.*offset 0/s);
  await expect(lined).toContainText(/offset 1/);
  await topicBox(page, 'one').check();
  await topicBox(page, 'two').check();
  await expect(counts(page)).toContainText('3 read');
  await expect(counts(page)).toContainText('3 entities');
});

test('a command that no form could send is refused with a typed error', async ({ start }) => {
  const { page } = await start();
  const answers = await page.evaluate(async () => {
    const call = window.geostream.call as (name: string, input: unknown) => Promise<unknown>;
    return [
      await call('no.such.command', {}),
      await call('__proto__', {}),
      await call('topics.create', { topic: '..', partitions: 1, retentionMs: null }),
      await call('produce.send', { messages: [{ topic: 't', key: 'k', lat: 91, lon: 0, fields: {} }] }),
      await call('layers.add', null),
      await call('records.get', { topic: 't', partition: 0, offset: '-1' }),
      await call('playback.start', { token: '../../etc/passwd', topic: 't', keyField: null, speed: 1 }),
    ];
  });
  for (const answer of answers) {
    expect(answer).toMatchObject({
      ok: false,
      error: { code: expect.any(String), message: expect.any(String), action: expect.any(String) },
    });
  }
});
