/** A cluster of 5,000 topics and 20,000 partitions: the list is whole, and details are asked for the rows in view only. */
import { type BrokerProcess, removeDataDir, startBrokerProcess } from '../integration/broker/startBrokerProcess';
import { expect, screenshot, test } from './app';
import { produce, withAdmin } from './cluster';

const TOPICS = 5_000;
const PARTITIONS = 4;
const AT_ONCE = 500;
const name = (i: number) => `fleet.region-${String(i).padStart(4, '0')}.positions`;

test.describe('a big cluster', () => {
  let broker: BrokerProcess;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    broker = await startBrokerProcess();
    await withAdmin(broker.address, async (admin) => {
      for (let from = 0; from < TOPICS; from += AT_ONCE) {
        await admin.createTopics({
          waitForLeaders: false,
          topics: Array.from({ length: AT_ONCE }, (_, i) => ({ topic: name(from + i), numPartitions: PARTITIONS })),
        });
      }
    });
    await produce(broker.address, name(TOPICS - 1), [{ value: '{"name":"last","lat":60,"lon":25}' }]);
  });
  test.afterAll(async () => {
    await broker?.kill();
    if (broker) await removeDataDir(broker.dataDir);
  });

  test('shows every topic, and the details of those that are seen', async ({ start }) => {
    const [host = '', port = ''] = broker.address.split(':');
    const { page, errors } = await start({ env: { KAFKA_URI: host, KAFKA_PORT: port } });
    const topics = page.getByRole('region', { name: 'Topics' });
    await expect(topics).toContainText('5,000');
    await expect(topics.getByRole('checkbox', { name: name(0), exact: true })).toBeVisible();
    // Only the rows in sight exist, and only theirs are the details.
    expect(await topics.getByRole('checkbox').count()).toBeLessThan(60);
    await expect(topics.getByRole('listitem').filter({ hasText: name(0) })).toContainText('0 records');
    const known = await page.evaluate(async () => {
      const answer = await window.geostream.call('app.snapshot', {});
      return answer.ok ? answer.value.topicDetails.length : Number.NaN;
    });
    expect(known).toBeLessThan(100);

    await topics.getByRole('checkbox', { name: name(0), exact: true }).evaluate((box) => {
      const list = box.closest('ul')?.parentElement;
      if (list) list.scrollTop = list.scrollHeight;
    });
    const last = topics.getByRole('listitem').filter({ hasText: name(TOPICS - 1) });
    await expect(last).toContainText('1 record ');
    await screenshot(page, 'big-cluster');

    await topics.getByLabel('Search topics').fill('region-2345');
    await expect(topics).toContainText('1 of 5,000');
    await topics.getByRole('checkbox', { name: name(2_345), exact: true }).check();
    await expect(page.getByRole('article', { name: `Layer ${name(2_345)}` })).toContainText(/live/i);
    expect(errors).toEqual([]);
  });
});
