/**
 * A backlog of JSON records in four partitions, read to the map, the window open and drawing: records a second, from the
 * first ones that the status line counts to the last. Reference: bare kafkajs `eachBatch` with `JSON.parse`, from the
 * same broker, likewise counted behind its first batch. What comes before, from the click on, is told beside it; the
 * row `tick` is about that.
 *
 * Also, how long the event loop of the main process was held at a stretch meanwhile, the start of reading included; see
 * `watchLoop`.
 */
import { apacheKafka } from '../broker/brokers.mjs';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { openApp, untilListed } from '../openApp.mjs';
import { bareKafkajs } from '../ownProcess.mjs';
import { figure, lessIsBetter, median, moreIsBetter } from '../rows.mjs';

const TOPIC = 'ingest';
const PARTITIONS = 4;
const GOAL = { ratio: 3 };
const GOAL_HELD_MS = 8;
/** Between two looks at the event loop, ms. */
const LOOK_EVERY_MS = 2;
const COUNTED_WITHIN_MS = 120_000;
/** After the page has its list of topics, until the base map has been drawn too, ms. */
const SETTLE_MS = 1_500;

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function ingestRows({ electron, short }) {
  const records = short ? 500_000 : 1_000_000;
  const runs = 3;
  const kafka = await apacheKafka();
  const rows = [];
  for (const [name, start] of [['built-in', startBroker], ...(kafka ? [['Apache Kafka', kafka]] : [])]) {
    const broker = await start();
    try {
      await createTopics(broker.address, [TOPIC], PARTITIONS);
      await producePositions(broker.address, TOPIC, { records, partitions: PARTITIONS });
      const values = [];
      const starts = [];
      const held = [];
      const reference = [];
      for (let run = 0; run < runs; run++) {
        const read = await readToMap(electron, broker, records);
        values.push(read.perSecond);
        starts.push(read.startMs);
        held.push(read.held);
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
          note: `the first are counted ${figure(median(starts))} ms after the click`,
        }),
        lessIsBetter({
          row: 'ingest',
          case: `${name}, main held`,
          unit: 'ms',
          values: held.map(({ cpuMs, wallMs }) => cpuMs ?? wallMs),
          reference: { name: 'the goal', values: [GOAL_HELD_MS] },
          goal: { atMost: GOAL_HELD_MS },
          note: heldNote(held),
        }),
      );
    } finally {
      await broker.close();
    }
  }
  return rows;
}

/**
 * @typedef {object} Held the longest stretches between two turns of the loop
 * @property {number | null} cpuMs for which its thread worked; null where the system does not tell
 * @property {number} wallMs by the clock
 */

/** @param {readonly Held[]} held */
function heldNote(held) {
  const wall = figure(median(held.map(({ wallMs }) => wallMs)));
  return held.some(({ cpuMs }) => cpuMs === null)
    ? 'by the clock: waiting for a core is in it'
    : `work of its thread, by the CPU time between two turns; by the clock, which waiting for a core is in, ${wall} ms`;
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
    await app.evaluate(watchLoop, LOOK_EVERY_MS);
    const { startMs, readMs, before } = await page.evaluate(countRecords, {
      topic: TOPIC,
      wanted: records,
      withinMs: COUNTED_WITHIN_MS,
    });
    const held = await app.evaluate(() => Reflect.get(globalThis, 'benchHeld'));
    return { perSecond: (records - before) / (readMs / 1_000), startMs, held };
  } finally {
    await close();
  }
}

/**
 * Runs in the main process. A timer looks at the loop; when it comes late, the loop was held: by work, or because its
 * thread got no core. The kernel tells the two apart: the first figure of a thread's schedstat is the time for which it
 * ran, ns (Linux). Work within one such stretch counts as one, so that the figure is never too small.
 *
 * @param {unknown} _electron
 * @param {number} everyMs
 */
function watchLoop(_electron, everyMs) {
  const { openSync, readSync } = process.getBuiltinModule('node:fs');
  const text = process.getBuiltinModule('node:buffer').Buffer.alloc(100);
  const file = process.platform === 'linux' ? openSync(`/proc/self/task/${process.pid}/schedstat`, 'r') : null;
  const ranMs = () =>
    file === null ? 0 : Number.parseInt(text.toString('latin1', 0, readSync(file, text, 0, 100, 0)), 10) / 1e6;
  const held = { cpuMs: file === null ? null : 0, wallMs: 0 };
  let at = performance.now();
  let ran = ranMs();
  setInterval(() => {
    const now = performance.now();
    const ranNow = ranMs();
    if (held.cpuMs !== null) held.cpuMs = Math.max(held.cpuMs, ranNow - ran);
    held.wallMs = Math.max(held.wallMs, now - at - everyMs);
    at = now;
    ran = ranNow;
  }, everyMs);
  Object.assign(globalThis, { benchHeld: held });
}

/**
 * Runs in the page: puts the topic on the map, and follows the counts that the status line shows. Throws when they do
 * not add up.
 *
 * @param {{ topic: string, wanted: number, withinMs: number }} what
 */
async function countRecords({ topic, wanted, withinMs }) {
  const added = performance.now();
  /** @type {{ at: number, read: number } | undefined} */
  let first;
  const last = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`not all were counted within ${withinMs} ms`)), withinMs);
    window.geostream.on('counts', ([counts]) => {
      if (!counts || counts.read === 0) return;
      const { read, shown, late, removed, refused } = counts;
      first ??= { at: performance.now(), read };
      if (read > wanted || read !== shown + late + removed + refused) reject(new Error(JSON.stringify(counts)));
      else if (read === wanted) resolve(performance.now());
    });
  });
  const answer = await window.geostream.call('layers.add', {
    topic,
    start: { kind: 'beginning' },
    stop: { kind: 'never' },
  });
  if (!answer.ok) throw new Error(answer.error.message);
  const ended = await last;
  if (!first) throw new Error('nothing was counted');
  return { startMs: first.at - added, readMs: ended - first.at, before: first.read };
}
