/** Records that nobody should send: nothing stops, and each is counted where it belongs. */
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { brokerAddress, clearMap, counts, createTopic, expect, screenshot, test, topicBox } from './app';

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
