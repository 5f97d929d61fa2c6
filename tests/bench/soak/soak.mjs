/**
 * Memory of the open window under 20,000 records a second for ten minutes (`--short`: one): by how much all processes
 * of the app grow while it is measured, along the line of least squares through a look each 5 s. Reference: what they
 * hold where that line begins. In the end every record has to be accounted for. The broker is no part of the app here; its
 * log takes some 1 GB of the temporary folder.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { memoryByType, totalOf } from '../appMemory.mjs';
import { createTopics, startBroker } from '../builtInBroker.mjs';
import { openApp, untilAnswered, untilListed } from '../openApp.mjs';
import { growthOver } from '../rows.mjs';
import { rateNote, startSteadyLoad } from '../steadyLoad.mjs';
import { lineThrough } from './line.mjs';

const TOPIC = 'soak';
const PARTITIONS = 4;
const RATE = 20_000;
const LOOK_EVERY_MS = 5_000;

/** @typedef {{ atMs: number, mib: Map<string, number> }} Look by process type */

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function soakRows({ electron, short }) {
  const lastsMs = short ? 60_000 : 600_000;
  const warmMs = short ? 20_000 : 120_000;
  const broker = await startBroker();
  try {
    await createTopics(broker.address, [TOPIC], PARTITIONS);
    const { app, page, close } = await openApp({ electron, cluster: broker });
    try {
      await untilListed(page, 1);
      await page.evaluate(async (topic) => {
        const answer = await window.geostream.call('layers.add', {
          topic,
          start: { kind: 'beginning' },
          stop: { kind: 'never' },
        });
        if (!answer.ok) throw new Error(answer.error.message);
      }, TOPIC);
      const load = startSteadyLoad(broker, { topic: TOPIC, partitions: PARTITIONS, rate: RATE });
      try {
        const looks = await lookAgainAndAgain(app, lastsMs);
        const { records, perSecond } = await load.stop();
        await checkCounts(page, records);
        console.log(`soak    ${records} records produced, ${Math.round(perSecond)} a second; all are accounted for`);
        return [
          growthRow(
            looks.filter(({ atMs }) => atMs >= warmMs),
            rateNote(RATE, perSecond),
          ),
        ];
      } finally {
        await load.end();
      }
    } finally {
      await close();
    }
  } finally {
    await broker.close();
  }
}

/**
 * @param {import('playwright').ElectronApplication} app
 * @param {number} lastsMs
 */
async function lookAgainAndAgain(app, lastsMs) {
  /** @type {Look[]} */
  const looks = [];
  const started = performance.now();
  while (performance.now() - started < lastsMs) {
    await wait(LOOK_EVERY_MS);
    looks.push({ atMs: performance.now() - started, mib: await memoryByType(app) });
  }
  return looks;
}

/** Prints the slope of each process type on the way. @param {readonly Look[]} looks @param {string | undefined} note */
function growthRow(looks, note) {
  const minutes = looks.map(({ atMs }) => atMs / 60_000);
  const lasted = (minutes.at(-1) ?? Number.NaN) - (minutes[0] ?? Number.NaN);
  const types = new Set(looks.flatMap(({ mib }) => [...mib.keys()]));
  for (const type of types) {
    const { slope, first } = lineThrough(
      minutes,
      looks.map(({ mib }) => mib.get(type) ?? 0),
    );
    console.log(
      `soak    ${type.padEnd(34)}${first.toFixed(0).padStart(6)} MiB ${slope.toFixed(2).padStart(8)} MiB/min`,
    );
  }
  const totals = looks.map(({ mib }) => totalOf(mib));
  const { slope, first } = lineThrough(minutes, totals);
  return growthOver({
    row: 'soak',
    case: 'memory growth',
    unit: 'MiB',
    values: [slope * lasted],
    reference: { name: 'the app at the beginning of it', values: [first] },
    goal: null,
    note,
  });
}

/**
 * Every record that was produced is read, and each that was read is one of four things.
 *
 * @param {import('playwright').Page} page
 * @param {number} produced
 */
async function checkCounts(page, produced) {
  const counts = await untilAnswered(
    page,
    async (wanted) => {
      const answer = await window.geostream.call('app.snapshot', {});
      const counts = answer.ok ? answer.value.counts[0] : undefined;
      return counts && counts.read >= wanted ? counts : null;
    },
    produced,
  );
  const { read, shown, late, removed, refused } = counts;
  if (read !== produced || read !== shown + late + removed + refused) {
    throw new Error(`${produced} records were produced, and the app counts ${JSON.stringify(counts)}`);
  }
}
