/** Records that nobody should send: nothing stops, and each is counted where it belongs. */
import type { Page } from '@playwright/test';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import {
  brokerAddress,
  clearMap,
  counts,
  createTopic,
  expect,
  pixelOf,
  putOnMap,
  screenshot,
  test,
  topicBox,
} from './app';

interface Hostile {
  readonly what: string;
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly ends: 'shown' | 'removed' | 'refused';
}

const point = '{"lat":59.8,"lon":24.9}';
const hostile: readonly Hostile[] = [
  { what: 'an empty value', key: 'a', value: '', ends: 'refused' },
  { what: 'truncated JSON', key: 'a', value: '{"lat":59.8,"lon":', ends: 'refused' },
  { what: 'a megabyte of nesting, open', key: 'a', value: '['.repeat(1_000_000), ends: 'refused' },
  { what: 'nesting, closed', key: 'a', value: `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, ends: 'refused' },
  { what: 'wrong types', key: 'a', value: '{"lat":{},"lon":[]}', ends: 'refused' },
  { what: 'NaN in the JSON', key: 'a', value: '{"lat":NaN,"lon":1}', ends: 'refused' },
  { what: 'NaN as text', key: 'a', value: '{"lat":"NaN","lon":1}', ends: 'refused' },
  { what: '91 degrees', key: 'a', value: '{"lat":91,"lon":1}', ends: 'refused' },
  { what: '181 degrees', key: 'a', value: '{"lat":1,"lon":181}', ends: 'refused' },
  { what: 'a null key', key: null, value: point, ends: 'shown' },
  { what: 'a null value', key: 'nobody', value: null, ends: 'removed' },
  { what: 'a null key and value', key: null, value: null, ends: 'removed' },
  { what: 'a 900 KB value', key: 'big', value: `{"lat":1,"lon":2,"x":"${'x'.repeat(900_000)}"}`, ends: 'shown' },
  { what: 'a 900 KB key', key: 'k'.repeat(900_000), value: point, ends: 'refused' },
  { what: 'invalid UTF-8', key: 'a', value: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), ends: 'refused' },
  { what: 'a key that is no UTF-8', key: Buffer.from([0xff, 0x41]), value: point, ends: 'shown' },
  { what: 'HTML as the name', key: '<img src=x onerror=alert(1)>', value: point, ends: 'shown' },
  { what: 'control and bidi characters', key: '\u0000\u202Eevil\u0007', value: point, ends: 'shown' },
  { what: '__proto__ as the key', key: '__proto__', value: point, ends: 'shown' },
  { what: 'constructor as the name', key: null, value: '{"name":"constructor","lat":1,"lon":1}', ends: 'shown' },
  { what: 'the poles and the antimeridian', key: 'edge', value: '{"lat":-90,"lon":180}', ends: 'shown' },
];

const ending = (kind: Hostile['ends']) => hostile.filter(({ ends }) => ends === kind).length;

test('hostile records stop nothing, and every one of them is counted where it belongs', async ({ start }) => {
  const { page, errors } = await start();
  await clearMap(page);
  const kafka = new Kafka({ brokers: [await brokerAddress(page)], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await createTopic(page, 'hostile');
  // The partition is named, because kafkajs's own hash takes minutes for a key of 900 KB.
  for (const { key, value } of hostile) {
    await producer.send({ topic: 'hostile', messages: [{ key, value, partition: 0 }] });
  }
  await topicBox(page, 'hostile').check();

  await expect(counts(page)).toContainText(`${hostile.length} read`);
  await expect(counts(page)).toContainText(`${ending('shown')} shown`);
  await expect(counts(page)).toContainText(`${ending('removed')} removed`);
  await expect(counts(page)).toContainText(`${ending('refused')} refused`);
  await expect(counts(page)).toContainText('0 waiting');

  // The reasons, with one example each.
  await page.getByRole('button', { name: new RegExp(`${ending('refused')} refused`) }).click();
  const reasons = page.getByRole('dialog');
  for (const reason of [
    'latitude outside',
    'longitude outside',
    'not JSON',
    'not UTF-8',
    'empty value',
    'no coordinates',
  ]) {
    await expect(reasons).toContainText(reason);
  }
  await screenshot(page, 'refused');
  await page.keyboard.press('Escape');

  // The stream goes on.
  await producer.send({ topic: 'hostile', messages: [{ key: 'good', value: '{"lat":60,"lon":25}', partition: 0 }] });
  await expect(counts(page)).toContainText(`${hostile.length + 1} read`);
  await producer.disconnect();
  expect(errors).toEqual([]);
});

/** HTML, a terminal's escapes, NUL, a bidi override and an isolate, a zero-width space, and half a character. */
const EVIL = '<img src=x onerror="globalThis.taken=1">\u0000\u001b[31m\u202Eevil\u2066\u200b</b>';
/** As it is to be seen. */
const SHOWN = '<img src=x onerror="globalThis.taken=1">␀␛[31m⟨U+202E⟩evil⟨U+2066⟩⟨U+200B⟩</b>';

/** Nothing of a record has become part of the page, and whatever would be invisible, or turn text around, can be seen. */
async function expectHarmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    // What Mantine and the browser put into attributes of their own is of no interest: those that people see or hear.
    const texts = [document.title];
    for (const element of document.querySelectorAll('*')) {
      for (const name of ['title', 'alt', 'placeholder']) texts.push(element.getAttribute(name) ?? '');
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode.nodeValue ?? '');
    return {
      taken: (globalThis as { taken?: number }).taken,
      elements: document.querySelectorAll('img[src="x"], [onerror], script:not([src])').length,
      unseen: texts.filter((text) => /[\p{Cs}\p{Cf}]|(?![\n\t\r])\p{Cc}/u.test(text)),
      longest: Math.max(...texts.map((text) => text.length)) < 1_100_000,
      title: document.title,
      polluted: Object.keys(Object.prototype),
    };
  });
  expect(found).toEqual({ taken: undefined, elements: 0, unseen: [], longest: true, title: 'GeoStream', polluted: [] });
}

test('what a record says is shown as text, wherever it is shown', async ({ start }) => {
  const { page, errors } = await start();
  await clearMap(page);
  const fields = { name: EVIL, [EVIL]: 5, html: EVIL, long: 'x'.repeat(200_000) };
  const layer = await putOnMap(page, 'constructor', [
    {
      key: EVIL,
      headers: { [EVIL]: EVIL },
      // As text: the object would lose its `__proto__`.
      value: JSON.stringify({ lat: 59.8, lon: 24.9, ...fields }).replace(
        '{',
        '{"__proto__":{"taken":1},"constructor":1,',
      ),
    },
    { key: EVIL, value: EVIL },
    { key: '__proto__', value: '{"lat":59.9,"lon":24.9}' },
    { key: 'constructor', value: '{"lat":59.9,"lon":24.75}' },
  ]);
  await expect(layer).toContainText('3 entities');
  await expect(counts(page)).toContainText('1 refused');
  await expectHarmless(page);

  // A field of the records as a scale: its name is on the map and on the card.
  await page.evaluate(async (field) => {
    const answer = await window.geostream.call('app.snapshot', {});
    const style = answer.ok ? answer.value.layers.find(({ topic }) => topic === 'constructor')?.style : undefined;
    if (!style) throw new Error('there is no such layer');
    const measure = { field, by: 'color' as const, min: 0, max: 10 };
    const styled = await window.geostream.call('layers.style', { topic: 'constructor', style: { ...style, measure } });
    if (!styled.ok) throw new Error(styled.error.message);
  }, EVIL);
  await expect(page.getByRole('figure', { name: 'Scale of constructor' })).toContainText(SHOWN);
  await expect(layer).toContainText('3 entities');

  const place = await pixelOf(page, 59.8, 24.9);
  const tip = page.getByRole('tooltip').filter({ hasText: 'constructor' });
  await expect(async () => {
    await page.mouse.move(place.x + 40, place.y + 40);
    await page.mouse.move(place.x, place.y);
    await expect(tip).toContainText(SHOWN, { timeout: 2_000 });
  }).toPass();
  await expectHarmless(page);

  await page.mouse.click(place.x, place.y);
  const card = page.getByRole('complementary', { name: 'Entity' });
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(SHOWN);
  await expect(card.getByRole('heading', { level: 2 })).toHaveAttribute('title', SHOWN);
  const record = card.getByRole('region', { name: 'Record' });
  await expect(record).toContainText('"constructor"');
  // Key, header and its value; in the value JSON has escapes for what is not to be seen.
  expect((await record.textContent())?.split(SHOWN).length).toBeGreaterThanOrEqual(4);
  await expectHarmless(page);
  await screenshot(page, 'hostile-card');

  await card.getByRole('button', { name: 'Send again, edited' }).click();
  await expectHarmless(page);
  await page.keyboard.press('Escape');

  await page
    .getByRole('button', { name: /1 refused/ })
    .first()
    .click();
  await expect(page.getByRole('dialog')).toContainText(SHOWN);
  await expectHarmless(page);
  await page.keyboard.press('Escape');

  for (const [name, lon] of [
    ['__proto__', 24.9],
    ['constructor', 24.75],
  ] as const) {
    // Two clicks in a row would be a double click, which zooms: each try looks anew where the entity is.
    await expect(async () => {
      const { x, y } = await pixelOf(page, 59.9, lon);
      await page.mouse.click(x, y);
      await expect(card.getByRole('heading', { level: 2 })).toHaveText(name, { timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  }
  expect(errors).toEqual([]);
});

test('what a topic or a cluster is called is shown as text, in lists, menus, notices and lines', async ({ start }) => {
  const { page, errors } = await start();
  await clearMap(page);
  for (const topic of ['constructor', 'toString', 'hasOwnProperty']) {
    await createTopic(page, topic);
    await topicBox(page, topic).check();
    await expect(page.getByRole('article', { name: `Layer ${topic}` })).toContainText('0 entities');
  }
  // The list leaves out topics whose names begin with "__", as Kafka's own do; the map takes them.
  const added = await page.evaluate(async () => {
    await window.geostream.call('topics.create', { topic: '__proto__', partitions: 1, retentionMs: null });
    const range = { start: { kind: 'beginning' }, stop: { kind: 'never' } } as const;
    return window.geostream.call('layers.add', { topic: '__proto__', ...range });
  });
  expect(added.ok).toBe(true);
  await expect(page.getByRole('article', { name: 'Layer __proto__' })).toContainText('0 entities');
  await expectHarmless(page);
  await topicBox(page, 'constructor').uncheck();
  await expect(page.getByRole('article', { name: 'Layer constructor' })).toHaveCount(0);

  const name = EVIL.slice(0, 100);
  await page.evaluate(async (profile) => {
    const saved = await window.geostream.call('profiles.save', {
      id: null,
      fields: { name: profile, bootstrap: ['127.0.0.1:1'], clientId: 'c', readOnly: false, tls: null, sasl: null },
      secrets: {},
      keepSecrets: false,
    });
    if (!saved.ok) throw new Error(saved.error.message);
    await window.geostream.call('profiles.use', { id: saved.value.id });
  }, name);
  const menu = page.getByRole('button', { name: /choose another cluster/ });
  await expect(menu).toContainText(SHOWN);
  await expectHarmless(page);
  await menu.click();
  await expect(page.getByRole('menuitemradio', { name: '<img src=x' })).toContainText(SHOWN);
  await expectHarmless(page);
  await page.keyboard.press('Escape');
  expect(errors).toEqual([]);
});
