import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { brokerAddress, clearMap, counts, createTopic, expect, screenshot, test, topicBox } from './app';

test('the limits are set in the window: what they take is said, bad ones are refused, records beyond are counted', async ({
  start,
}) => {
  const { page, errors } = await start();
  await clearMap(page);
  const address = await brokerAddress(page);

  const openLimits = async () => {
    await page.getByRole('button', { name: 'Painter of the points' }).click();
    await page.getByRole('menuitem', { name: /^Limits…/ }).click();
    return page.getByRole('dialog', { name: 'Limits' });
  };
  const dialog = await openLimits();
  const entities = dialog.getByLabel('Entities on the map');
  await expect(entities).toHaveValue('1,000,000');
  await expect(dialog.getByRole('status', { name: 'Memory' })).toContainText(
    '240 MB of entities and 29.4 MB of trails; each layer that is read has up to 3.8 MB on the way to it. Reading takes up to 83.9 MB beside',
  );

  // Where motion is smooth it is more.
  const chooseSmooth = async () => {
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Painter of the points' }).click();
    await page.getByRole('menuitemcheckbox', { name: /^Smooth motion/ }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await openLimits();
  };
  await chooseSmooth();
  await expect(dialog.getByRole('status', { name: 'Memory' })).toContainText(
    '240 MB of entities, 64 MB more for their smooth motion, and 29.4 MB of trails;',
  );
  await screenshot(page, 'limits-smooth');
  await chooseSmooth();
  await expect(dialog.getByRole('status', { name: 'Memory' })).not.toContainText('motion');

  const save = dialog.getByRole('button', { name: 'Save' });
  for (const [typed, said] of [
    ['999', 'From 1,000 to 4,000,000.'],
    ['many', 'A whole number, such as 1,000,000.'],
    ['1500.5', 'A whole number, such as 1,000,000.'],
    ['4,000,001', 'From 1,000 to 4,000,000.'],
  ] as const) {
    await entities.fill(typed);
    await expect(dialog).toContainText(said);
    await expect(save).toBeDisabled();
  }
  await entities.fill('1,000');
  await dialog.getByLabel('Refused records kept as examples').fill('2');
  await screenshot(page, 'limits');
  await save.click();
  await expect(dialog).toBeHidden();

  // Of 1,200 entities in two topics 1,000 find room, and the others are counted and shown.
  const producer = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (const [topic, first] of [
    ['limits-a', 0],
    ['limits-b', 600],
  ] as const) {
    await createTopic(page, topic);
    const messages = Array.from({ length: 600 }, (_, i) => ({
      value: JSON.stringify({ id: first + i, lat: 59.5 + i / 2_000, lon: 24.9 + first / 10_000 }),
    }));
    await producer.send({ topic, messages });
    await topicBox(page, topic).check();
    await expect(counts(page)).toContainText(`${(first + 600).toLocaleString('en-US')} read`);
  }
  await producer.disconnect();
  for (const words of ['1,000 shown', '200 refused', '1,000 entities']) await expect(counts(page)).toContainText(words);
  await page.getByRole('button', { name: /^200 refused/ }).click();
  const refused = page.getByRole('dialog', { name: /200 records of limits-b refused/ });
  await expect(refused).toContainText('more entities than the map may hold');
  await expect(refused.getByText(/the map holds 1000/)).toHaveCount(2);
  await page.keyboard.press('Escape');

  // More room: the layers are read again, and nothing is missing.
  const again = await openLimits();
  await expect(again.getByLabel('Entities on the map')).toHaveValue('1,000');
  await again.getByRole('button', { name: 'Defaults' }).click();
  await again.getByRole('button', { name: 'Save' }).click();
  await expect(counts(page)).toContainText('1,200 shown');
  await expect(counts(page)).toContainText('0 refused');
  expect(errors).toEqual([]);
});
