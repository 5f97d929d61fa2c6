/**
 * A backlog of JSON records in four partitions, read to the map: records a second, from the click to the moment at which
 * the status line counts the last one, the window open and drawing. Reference: bare kafkajs `eachBatch` with
 * `JSON.parse`, from the same broker. Beside it, how long the main process was held at a stretch meanwhile.
 */

import { apacheKafka } from '../broker/brokers.mjs';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { openApp, untilAnswered, untilListed } from '../openApp.mjs';
import { bareKafkajs } from '../ownProcess.mjs';
import { lessIsBetter, moreIsBetter } from '../rows.mjs';

const TOPIC = 'ingest';
const PARTITIONS = 4;
const GOAL = { ratio: 3 };
const GOAL_HELD_MS = 8;
/** After the page has its list of topics, until the base map has been drawn too, ms. */
const SETTLE_MS = 1_500;

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function ingestRows({ electron, short }) {
  const records = short ? 200_000 : 1_000_000;
  const runs = 3;
  const kafka = await apacheKafka();
  const rows = [];
  for (const [name, start] of [['built-in', startBroker], ...(kafka ? [['Apache Kafka', kafka]] : [])]) {
    const broker = await start();
    try {
      await createTopics(broker.address, [TOPIC], PARTITIONS);
      await producePositions(broker.address, TOPIC, { records, partitions: PARTITIONS });
      const values = [];
      const held = [];
      const reference = [];
      for (let run = 0; run < runs; run++) {
        const read = await readToMap(electron, broker, records);
        values.push(read.perSecond);
        held.push(read.heldMs);
        reference.push(await bareKafkajs('parse', broker.address, TOPIC, String(records)));
      }
      rows.push(
        moreIsBetter({
          row: 'ingest',
          case: name,
          unit: 'records/s',
          values,
          reference: { name: 'bare kafkajs eachBatch and JSON.parse', values: reference },
          goal: GOAL,
        }),
        lessIsBetter({
          row: 'ingest',
          case: `${name}, main held`,
          unit: 'ms',
          values: held,
          reference: { name: 'the goal', values: [GOAL_HELD_MS] },
          goal: { atMost: GOAL_HELD_MS },
        }),
      );
    } finally {
      await broker.close();
    }
  }
  return rows;
}

/**
 * @param {string} electron
 * @param {{ host: string, port: number }} cluster
 * @param {number} records
 */
async function readToMap(electron, cluster, records) {
  const { app, page, close } = await openApp({ electron, cluster });
  try {
    await untilListed(page, 1);
    await page.waitForTimeout(SETTLE_MS);
    await app.evaluate(() => {
      const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
      const delays = monitorEventLoopDelay({ resolution: 1 });
      delays.enable();
      Object.assign(globalThis, { benchDelays: delays });
    });
    const started = await page.evaluate(async (topic) => {
      const now = performance.now();
      const answer = await window.geostream.call('layers.add', {
        topic,
        start: { kind: 'beginning' },
        stop: { kind: 'never' },
      });
      if (!answer.ok) throw new Error(answer.error.message);
      return now;
    }, TOPIC);
    const ended = await untilAnswered(
      page,
      async (wanted) => {
        const answer = await window.geostream.call('app.snapshot', {});
        const counts = answer.ok ? answer.value.counts[0] : undefined;
        if (!counts || counts.read < wanted) return 0;
        const { read, shown, late, removed, refused } = counts;
        if (read !== wanted || read !== shown + late + removed + refused) throw new Error(JSON.stringify(counts));
        return performance.now();
      },
      records,
    );
    const heldNs = await app.evaluate(() => Number(Reflect.get(globalThis, 'benchDelays').max));
    return { perSecond: records / ((ended - started) / 1_000), heldMs: heldNs / 1e6 };
  } finally {
    await close();
  }
}
