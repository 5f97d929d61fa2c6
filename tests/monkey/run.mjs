/** `run.mjs [--minutes N] [--seed N]`: see scripts/monkey.mjs. Ends with 1 when anything went wrong. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../bench/bundle.mjs';
import { openApp, ROOT, untilListed } from '../bench/openApp.mjs';
import { act } from './actions.mjs';

const MINUTES = 10;
/** Of the last actions so many are told. */
const TOLD = 40;
const ANSWER_WITHIN_MS = 30_000;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? MINUTES);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run monkey -- [--minutes N] [--seed N]');
  process.exit(64);
}

/** @returns {Promise<import('./actions.mjs').Random>} */
async function randomFrom(/** @type {number} */ from) {
  const { folder, remove } = await bundle({ motion: join(ROOT, 'src/geo/motion.ts') });
  try {
    const { seededRandom } = await import(join(folder, 'motion.mjs'));
    const next = seededRandom(from);
    const between = (/** @type {number} */ least, /** @type {number} */ greatest) =>
      least + Math.floor(next() * (greatest - least + 1));
    return { between, pick: (list) => /** @type {(typeof list)[number]} */ (list[between(0, list.length - 1)]) };
  } finally {
    await remove();
  }
}

/** Files and folders are not chosen, nor is anything opened outside: those windows are the system's. */
const stayInside = (/** @type {import('playwright').ElectronApplication} */ app) =>
  app.evaluate(({ dialog, shell }) => {
    dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] });
    shell.openPath = async () => '';
    shell.openExternal = async () => undefined;
  });

/** @param {Promise<unknown>} answer @param {string} what */
async function withinReason(answer, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} took more than ${ANSWER_WITHIN_MS / 1_000} s`)),
      ANSWER_WITHIN_MS,
    );
  });
  await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** In the page: what does not add up. @returns {Promise<string[]>} */
async function miscounts() {
  const answer = await window.geostream.call('app.snapshot', {});
  if (!answer.ok) return [answer.error.message];
  return answer.value.counts
    .filter(({ read, shown, late, removed, refused }) => read !== shown + late + removed + refused)
    .map((counts) => `counts that do not add up: ${JSON.stringify({ ...counts, refusals: undefined })}`);
}

/** Lines of the app's log that are errors. @param {string} folder */
async function errorsInLog(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  if (names.length === 0) throw new Error(`there is no log in ${folder}`);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '' && /** @type {{ level: string }} */ (JSON.parse(line)).level === 'error');
}

console.log(`monkey  seed ${seed}, ${minutes} minutes`);
const random = await randomFrom(seed);
const { app, page, userData, close } = await openApp({ electron: process.env.GEOSTREAM_ELECTRON ?? '' });
/** @type {string[]} */
const wrong = [];
/** @type {string[]} */
const done = [];
let actions = 0;
page.on('pageerror', (error) => wrong.push(`the page threw: ${error.stack ?? error.message}`));
page.on('console', (message) => {
  if (message.type() === 'error') wrong.push(`the page's console: ${message.text()}`);
});
page.on('crash', () => wrong.push('the page crashed'));
app.on('close', () => wrong.push('the app ended'));
try {
  await untilListed(page, 2);
  await stayInside(app);
  const until = performance.now() + minutes * 60_000;
  while (performance.now() < until && wrong.length === 0) {
    const acting = act(app, page, random).then((what) => done.push(what));
    await withinReason(acting, 'an action');
    actions++;
    if (done.length > TOLD) done.shift();
  }
  if (wrong.length === 0) wrong.push(...(await page.evaluate(miscounts)));
  if (wrong.length === 0) await page.screenshot({ path: join(ROOT, 'tests/artifacts/monkey.png') });
  wrong.push(...(await errorsInLog(join(userData, 'logs'))));
} catch (error) {
  wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  app.removeAllListeners('close');
  await close();
}
if (wrong.length > 0) {
  console.error(
    `monkey  after ${actions} actions, with --seed ${seed}:\n  ${wrong.join('\n  ')}\nThe last of them:\n  ${done.join('\n  ')}`,
  );
  process.exit(1);
}
console.log(`monkey  ${actions} actions, no error in any log, all counts add up`);
