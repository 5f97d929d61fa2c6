/**
 * CPU at rest: what the app's processes take of one core while it is connected to its built-in broker, one layer is on
 * the map and has been read, and nothing happens. Reference: a blank Electron window beside a bare kafkajs
 * consumer and its broker, in the same seconds. Linux only: it reads /proc.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { openApp, untilAnswered } from '../openApp.mjs';
import { startBareKafkajs } from '../ownProcess.mjs';
import { lessIsBetter } from '../rows.mjs';

/** The topic that the first start puts on the map. */
const TOPIC = 'geostream';
const RECORDS = 400;
/** Of one core, for all processes together. */
const GOAL_PERCENT = 1;
/** After the last record is on the map, until nothing of the start is left to do. */
const SETTLE_MS = 12_000;
const SLICES = 5;
const BLANK_APP = join(import.meta.dirname, '..', 'start');
/** Clock ticks a second of /proc (USER_HZ), which is 100 wherever Node runs. */
const TICKS = 100;

/** @typedef {'main process' | 'page' | 'GPU process' | 'broker' | 'others'} Part */
/** @type {readonly Part[]} */
const PARTS = ['main process', 'page', 'GPU process', 'broker', 'others'];
/** @typedef {readonly { readonly part: Part, readonly pid: number }[]} Processes */

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function restRows({ electron, short }) {
  if (process.platform !== 'linux') {
    console.log('rest    left out: it reads /proc, which only Linux has.');
    return [];
  }
  const sliceMs = short ? 5_000 : 12_000;
  const own = await openApp({ electron });
  try {
    await fillAndStop(own.page);
    return await withReference(electron, async (reference) => {
      await wait(SETTLE_MS);
      const app = await electronProcesses(own.app);
      const usage = await percentOfCore([...app, ...reference], sliceMs);
      return ['all processes', ...PARTS].map((name) =>
        lessIsBetter({
          row: 'rest',
          case: name,
          unit: '% of a core',
          values: sumOf(usage, app, name),
          reference: { name: references[name] ?? '', values: sumOf(usage, reference, name) },
          goal: name === 'all processes' ? { atMost: GOAL_PERCENT } : null,
        }),
      );
    });
  } finally {
    await own.close();
  }
}

/** @type {Record<string, string>} */
const references = {
  'all processes': 'blank window, bare kafkajs and its broker',
  'main process': 'blank window and bare kafkajs',
  broker: 'the broker of bare kafkajs',
  page: 'blank window',
  'GPU process': 'blank window',
  others: 'blank window',
};

/**
 * Runs `measure` beside what the app is compared with.
 *
 * @template T
 * @param {string} electron
 * @param {(reference: Processes) => Promise<T>} measure
 * @returns {Promise<T>}
 */
async function withReference(electron, measure) {
  const broker = await startBroker();
  try {
    await createTopics(broker.address, [TOPIC], 1);
    await producePositions(broker.address, TOPIC, { records: RECORDS, partitions: 1 });
    const bare = await startBareKafkajs('rest', broker.address, TOPIC, String(RECORDS));
    const blank = await openApp({ electron, folder: BLANK_APP });
    try {
      return await measure([
        ...(await electronProcesses(blank.app)),
        { part: 'main process', pid: bare.pid },
        { part: 'broker', pid: broker.pid },
      ]);
    } finally {
      await blank.close();
      await bare.end();
    }
  } finally {
    await broker.close();
  }
}

/**
 * Puts positions on the map in place of the first start's fleet, and takes the pointer off it: of an entity under the
 * pointer the age is shown, which changes every second.
 *
 * @param {import('playwright').Page} page
 */
async function fillAndStop(page) {
  await page.waitForFunction(() => 'geostream' in window);
  const address = await untilAnswered(page, stopFleet, undefined);
  await producePositions(address, TOPIC, { records: RECORDS, partitions: 1 });
  await untilAnswered(page, isAtRest, { topic: TOPIC, records: RECORDS });
  const size = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  await page.mouse.move(size.width - 10, size.height - 5);
}

/** In the page. Resolves with the broker's address; null while there is no fleet yet. */
async function stopFleet() {
  const answer = await window.geostream.call('app.snapshot', {});
  if (!answer.ok || answer.value.simulations.length === 0) return null;
  for (const { id, spec } of answer.value.simulations) {
    await window.geostream.call('simulate.stop', { id });
    await window.geostream.call('layers.remove', { topic: spec.topic });
  }
  return answer.value.connection.cluster.bootstrap[0];
}

/**
 * In the page. True when all records of the topic are on the map, and nothing flows any more.
 *
 * @param {{ topic: string, records: number }} filled
 */
async function isAtRest({ topic, records }) {
  const answer = await window.geostream.call('app.snapshot', {});
  if (!answer.ok) return false;
  const { counts, connection } = answer.value;
  const filled = counts.some((layer) => layer.topic === topic && layer.read === records);
  return filled && connection.rateIn === 0 && connection.rateOut === 0;
}

/** What Chromium's process types are in this app. @type {Record<string, Part>} */
const parts = { Browser: 'main process', Tab: 'page', GPU: 'GPU process' };

/**
 * @param {import('playwright').ElectronApplication} electronApp
 * @returns {Promise<Processes>}
 */
async function electronProcesses(electronApp) {
  const found = await electronApp.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, type, name }) => ({ pid, type: String(type), name })),
  );
  return found.map(({ pid, type, name }) => ({
    pid,
    part: name === BROKER_PROCESS ? 'broker' : (parts[type] ?? 'others'),
  }));
}
/** As src/main/broker/supervisor.ts names it. */
const BROKER_PROCESS = 'GeoStream broker';

/**
 * @param {ReadonlyMap<number, readonly number[]>} usage
 * @param {Processes} processes
 * @param {string} name of a part; any other means all of them
 * @returns {number[]} by slice of time
 */
function sumOf(usage, processes, name) {
  const summed = processes.filter(({ part }) => part === name || !PARTS.some((one) => one === name));
  return Array.from({ length: SLICES }, (_, slice) =>
    summed.reduce((sum, { pid }) => sum + (usage.get(pid)?.[slice] ?? Number.NaN), 0),
  );
}

/**
 * @param {Processes} processes
 * @param {number} sliceMs
 * @returns {Promise<Map<number, number[]>>} by process: percent of one core, in each slice of time
 */
async function percentOfCore(processes, sliceMs) {
  const pids = processes.map(({ pid }) => pid);
  const look = async () => ({ at: performance.now(), seconds: await Promise.all(pids.map(cpuSeconds)) });
  /** @type {Map<number, number[]>} */
  const usage = new Map(pids.map((pid) => [pid, []]));
  let before = await look();
  for (let slice = 0; slice < SLICES; slice++) {
    await wait(sliceMs);
    const now = await look();
    for (const [i, pid] of pids.entries()) {
      const used = (now.seconds[i] ?? Number.NaN) - (before.seconds[i] ?? Number.NaN);
      usage.get(pid)?.push((used / ((now.at - before.at) / 1_000)) * 100);
    }
    before = now;
  }
  return usage;
}

/** User and system time of all threads (proc(5), fields 14 and 15; the name in field 2 may hold blanks). @param {number} pid */
async function cpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
