/** Cold start, from the process's start to the first point on the map; reference: a blank Electron window. */
import { openApp, ROOT } from '../openApp.mjs';
import { lessIsBetter } from '../rows.mjs';

/** The app may take twice as long as a blank window. */
const GOAL = { ratio: 0.5 };

/**
 * Starts it once.
 *
 * @param {string} electron
 * @param {string} folder
 * @param {((page: import('playwright').Page) => Promise<number>)[]} sights each gives an epoch time in ms
 * @returns {Promise<number[]>} ms from the start of the process to each sight
 */
async function measure(electron, folder, sights) {
  const { page, started, close } = await openApp({ electron, folder });
  try {
    const seen = [];
    for (const sight of sights) seen.push((await sight(page)) - started);
    return seen;
  } finally {
    await close();
  }
}

/**
 * The first frame with anything in it: an empty one comes earlier, and shows nobody anything.
 *
 * @param {import('playwright').Page} page
 */
async function firstPaint(page) {
  const name = 'first-contentful-paint';
  await page.waitForFunction((paint) => performance.getEntriesByName(paint).length > 0, name);
  return page.evaluate(
    (paint) => performance.timeOrigin + (performance.getEntriesByName(paint)[0]?.startTime ?? Number.NaN),
    name,
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
    const [blank = Number.NaN] = await measure(electron, import.meta.dirname, [firstPaint]);
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
