/** Cold start, from the process's start to the first point on the map; reference: a blank Electron window. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright';
import { lessIsBetter } from '../rows.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** The app may take twice as long as a blank window. */
const GOAL = 0.5;

/**
 * Starts it once, in a new user-data folder.
 *
 * @param {string} executablePath
 * @param {string} folder
 * @param {((page: import('playwright').Page) => Promise<number>)[]} sights each gives an epoch time in ms
 * @returns {Promise<number[]>} ms from the start of the process to each sight
 */
async function measure(executablePath, folder, sights) {
  const userData = await mkdtemp(join(tmpdir(), 'geostream-bench-'));
  const { KAFKA_URI: _uri, KAFKA_PORT: _port, ...env } = process.env;
  let started = Date.now();
  const launch = () => {
    started = Date.now();
    return _electron.launch(options);
  };
  const options = {
    timeout: 30_000,
    executablePath,
    // As on any virtual screen (see scripts/setup/display.mjs); the reference has it too.
    args: [folder, `--user-data-dir=${userData}`, '--disable-gpu', ...asRoot],
    env: /** @type {Record<string, string>} */ (env),
  };
  // Playwright's hold on Electron was seen never to come about, once in some sixty starts; then it is started again.
  const app = await launch().catch(launch).catch(launch);
  try {
    const page = await app.firstWindow();
    const seen = [];
    for (const sight of sights) seen.push((await sight(page)) - started);
    return seen;
  } finally {
    await app.close();
    await rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @param {import('playwright').Page} page */
async function firstPaint(page) {
  await page.waitForFunction(() => performance.getEntriesByType('paint').length > 0);
  return page.evaluate(
    () => performance.timeOrigin + (performance.getEntriesByType('paint')[0]?.startTime ?? Number.NaN),
  );
}

/** @param {import('playwright').Page} page */
async function firstPoint(page) {
  await page.waitForFunction(() => performance.getEntriesByName('geostream:first-point').length > 0);
  return page.evaluate(
    () => performance.timeOrigin + (performance.getEntriesByName('geostream:first-point')[0]?.startTime ?? Number.NaN),
  );
}

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function startRows({ electron, short }) {
  const runs = short ? 3 : 7;
  const painted = [];
  const points = [];
  const blanks = [];
  // One of each by turns, so that a noisy neighbour disturbs both alike; the first turn only warms the disk cache.
  for (let run = 0; run <= runs; run++) {
    const [blank = Number.NaN] = await measure(electron, join(import.meta.dirname), [firstPaint]);
    const [paint = Number.NaN, point = Number.NaN] = await measure(electron, ROOT, [firstPaint, firstPoint]);
    if (run === 0) continue;
    blanks.push(blank);
    points.push(point);
    painted.push(paint);
  }
  const reference = { name: 'blank Electron window', values: blanks };
  return [
    lessIsBetter({ row: 'start', case: 'first paint', unit: 'ms', values: painted, reference, goal: GOAL }),
    lessIsBetter({ row: 'start', case: 'first point', unit: 'ms', values: points, reference, goal: GOAL }),
  ];
}
