/**
 * CPU at rest: what the app's processes take of one core while they are connected, have read a topic, and nothing
 * happens. Reference: a bare kafkajs consumer of the same topic, in the same seconds. Linux only: it reads /proc.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { openApp, untilListed } from '../openApp.mjs';
import { startBareKafkajs } from '../ownProcess.mjs';
import { lessIsBetter } from '../rows.mjs';

const TOPIC = 'rest';
const RECORDS = 400;
/** Of one core, for the main process. */
const GOAL_PERCENT = 1;
/** After the last record is on the map, until nothing of the start is left to do. */
const SETTLE_MS = 4_000;
const SLICES = 4;
/** Clock ticks a second of /proc (USER_HZ), which is 100 wherever Node runs. */
const TICKS = 100;

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function restRows({ electron, short }) {
  if (process.platform !== 'linux') {
    console.log('rest    left out: it reads /proc, which only Linux has.');
    return [];
  }
  const sliceMs = (short ? 8_000 : 20_000) / SLICES;
  const broker = await startBroker();
  try {
    await createTopics(broker.address, [TOPIC], 1);
    await producePositions(broker.address, TOPIC, { records: RECORDS, partitions: 1 });
    const bare = await startBareKafkajs('rest', broker.address, TOPIC, String(RECORDS));
    const { app, page, close } = await openApp({ electron, cluster: broker });
    try {
      await untilListed(page, 1);
      await untilRead(page);
      await wait(SETTLE_MS);
      const processes = await app.evaluate(({ app }) =>
        app.getAppMetrics().map(({ pid, type, name }) => ({ pid, type, name })),
      );
      const usage = await percentOfCore([...processes.map(({ pid }) => pid), bare.pid], sliceMs);
      const reference = { name: 'bare kafkajs', values: usage.get(bare.pid) ?? [] };
      return processes
        .map(({ pid, type, name }) => ({
          label: labels[type] ?? name?.toLowerCase() ?? type,
          values: usage.get(pid) ?? [],
        }))
        .map(({ label, values }) =>
          lessIsBetter({
            row: 'rest',
            case: label,
            unit: '% of a core',
            values,
            reference,
            goal: label === labels.Browser ? { atMost: GOAL_PERCENT } : null,
          }),
        );
    } finally {
      await close();
      await bare.end();
    }
  } finally {
    await broker.close();
  }
}

/** What Chromium's process types are in this app. @type {Record<string, string>} */
const labels = { Browser: 'main process', Tab: 'page', GPU: 'GPU process', Zygote: 'zygote' };

/** @param {import('playwright').Page} page */
async function untilRead(page) {
  await page.evaluate(
    (topic) => window.geostream.call('layers.add', { topic, start: { kind: 'beginning' }, stop: { kind: 'never' } }),
    TOPIC,
  );
  await page.waitForFunction(async (records) => {
    const answer = await window.geostream.call('app.snapshot', {});
    return answer.ok && answer.value.counts.some(({ read, rate }) => read === records && rate === 0);
  }, RECORDS);
}

/**
 * @param {readonly number[]} pids
 * @param {number} sliceMs
 * @returns {Promise<Map<number, number[]>>} by process: percent of one core, in each slice of time
 */
async function percentOfCore(pids, sliceMs) {
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
