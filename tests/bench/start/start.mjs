/**
 * Cold start, from the process's start to the first point on the map; reference: a blank Electron window.
 *
 * Nobody watches while they start. Playwright's hold on Electron would be felt: it stops each page and each worker until it
 * has been told of it, and its own process wants one of the cores; the app has two workers, the blank window none. Both
 * note the times themselves (Performance Timeline), and are asked for them when all is done.
 */
import { once } from 'node:events';
import { chromium } from 'playwright';
import { makeGuardedFolder, removeGuardedFolder, spawnGuarded } from '../../apacheKafka/guarded.mjs';
import { ROOT } from '../openApp.mjs';
import { lessIsBetter } from '../rows.mjs';

/** The app may take twice as long as a blank window. */
const GOAL = { ratio: 0.5 };

const FIRST_PAINT = 'first-contentful-paint';
const FIRST_POINT = 'geostream:first-point';

/** Both have long started by then, ms. On a machine that is slower than any seen, the rest would be watched. */
const STARTED_AFTER_MS = 4_000;
const CLOSE_MS = 20_000;
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/**
 * Starts it once.
 *
 * @param {string} electron
 * @param {string} folder
 * @param {readonly string[]} entries names in the page's Performance Timeline
 * @returns {Promise<number[]>} ms from the start of the process to each of them
 */
async function measure(electron, folder, entries) {
  const userData = await makeGuardedFolder('geostream-start-');
  const { KAFKA_URI: _uri, KAFKA_PORT: _port, ...env } = process.env;
  // As on any virtual screen (see scripts/setup/display.mjs); the reference has it too.
  const args = [folder, `--user-data-dir=${userData}`, '--disable-gpu', '--remote-debugging-port=0', ...asRoot];
  const started = Date.now();
  const child = spawnGuarded(electron, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    let said = '';
    child.stderr?.on('data', (text) => {
      said = (said + text).slice(-100_000);
    });
    await Promise.race([
      new Promise((resolve) => setTimeout(resolve, STARTED_AFTER_MS)),
      ended.then(([code]) => {
        throw new Error(`it ended with code ${code} before it had started:\n${said}`);
      }),
    ]);
    const address = /^DevTools listening on (\S+)/m.exec(said)?.[1];
    if (address === undefined) throw new Error(`it does not say where it can be asked:\n${said}`);
    return await ask(address, entries, started);
  } finally {
    child.kill();
    const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
    await ended;
    clearTimeout(late);
    await removeGuardedFolder(userData);
  }
}

/**
 * @param {string} address of Chromium's DevTools
 * @param {readonly string[]} entries
 * @param {number} started epoch ms
 */
async function ask(address, entries, started) {
  const browser = await chromium.connectOverCDP(address);
  try {
    const page = browser.contexts()[0]?.pages()[0];
    if (!page) throw new Error('it has no page');
    const seen = [];
    for (const entry of entries) {
      await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, entry);
      const at = await page.evaluate(
        (name) => performance.timeOrigin + (performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN),
        entry,
      );
      seen.push(at - started);
    }
    return seen;
  } finally {
    await browser.close();
  }
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
    // The first frame with anything in it: an empty one comes earlier, and shows nobody anything.
    const [blank = Number.NaN] = await measure(electron, import.meta.dirname, [FIRST_PAINT]);
    const [paint = Number.NaN, point = Number.NaN] = await measure(electron, ROOT, [FIRST_PAINT, FIRST_POINT]);
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
