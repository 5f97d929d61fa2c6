/**
 * From the tick that puts a topic of 500 positions on the map to its first point there; reference: a new consumer of
 * bare kafkajs, in a new group, from connecting to its first message of the same topic.
 */
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { openApp, untilListed } from '../openApp.mjs';
import { bareKafkajs } from '../ownProcess.mjs';
import { lessIsBetter } from '../rows.mjs';

const RECORDS = 500;
const GOAL_MS = 300;
/** After the page has its list of topics, until the base map has been drawn too. */
const SETTLE_MS = 1_000;

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function tickRows({ electron, short }) {
  const topics = Array.from({ length: short ? 3 : 7 }, (_, i) => `tick-${i}`);
  const broker = await startBroker();
  try {
    await createTopics(broker.address, topics, 1);
    for (const topic of topics) await producePositions(broker.address, topic, { records: RECORDS, partitions: 1 });
    const values = [];
    const reference = [];
    const { page, close } = await openApp({ electron, cluster: broker });
    try {
      for (const topic of topics) {
        await untilListed(page, topics.length);
        values.push(await tickToPoint(page, topic));
        reference.push(await bareKafkajs('firstMessage', broker.address, topic));
        // The page marks only its first point: the next topic gets a fresh page.
        await page.evaluate((topic) => window.geostream.call('layers.remove', { topic }), topic);
        await page.reload();
      }
    } finally {
      await close();
    }
    return [
      lessIsBetter({
        row: 'tick',
        case: 'first point',
        unit: 'ms',
        values,
        reference: { name: 'bare kafkajs, first message', values: reference },
        goal: { atMost: GOAL_MS },
      }),
    ];
  } finally {
    await broker.close();
  }
}

/**
 * @param {import('playwright').Page} page
 * @param {string} topic
 * @returns {Promise<number>} ms
 */
async function tickToPoint(page, topic) {
  const box = page.getByRole('checkbox', { name: topic, exact: true });
  await box.waitFor();
  await page.waitForTimeout(SETTLE_MS);
  const ticked = await box.evaluate((element) => {
    const now = performance.now();
    /** @type {HTMLElement} */ (element).click();
    return now;
  });
  await page.waitForFunction(() => performance.getEntriesByName('geostream:first-point').length > 0);
  const seen = await page.evaluate(() => performance.getEntriesByName('geostream:first-point')[0]?.startTime);
  return (seen ?? Number.NaN) - ticked;
}
