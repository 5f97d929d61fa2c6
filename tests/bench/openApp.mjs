/** Opens the built app, or another Electron app as its reference, in a window with a user-data folder of its own. */
import { resolve } from 'node:path';
import { makeGuardedFolder, removeGuardedFolder } from '../apacheKafka/guarded.mjs';
import { launchElectron } from '../electron/launch.mjs';

export const ROOT = resolve(import.meta.dirname, '../..');
const CLOSE_MS = 20_000;

/**
 * @param {{ electron: string, folder?: string, cluster?: { host: string, port: number } }} options `folder`: the app's;
 *   `cluster`: what KAFKA_URI and KAFKA_PORT name, in place of the built-in broker
 */
export async function openApp({ electron, folder = ROOT, cluster }) {
  const userData = await makeGuardedFolder('geostream-bench-');
  const { KAFKA_URI: _uri, KAFKA_PORT: _port, ...env } = process.env;
  const app = await launchElectron({
    executable: electron,
    app: folder,
    // As on any virtual screen (see scripts/setup/display.mjs); the reference has it too.
    args: [`--user-data-dir=${userData}`, '--disable-gpu'],
    env: { ...env, ...(cluster && { KAFKA_URI: cluster.host, KAFKA_PORT: String(cluster.port) }) },
  });
  const close = async () => {
    await closeApp(app);
    await removeGuardedFolder(userData);
  };
  try {
    return { app, page: await app.firstWindow(), userData, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Closes an app for good: once in some hundred times Electron's loop was seen to stand still when it was told to quit.
 *
 * @param {import('playwright').ElectronApplication} app
 */
export async function closeApp(app) {
  const child = app.process();
  const late = setTimeout(() => {
    console.log(`The app did not close within ${CLOSE_MS / 1_000} s and is killed.`);
    child.kill('SIGKILL');
  }, CLOSE_MS);
  await app.close().finally(() => clearTimeout(late));
}

/**
 * Asks the page again and again until its answer is truthy, which is what it resolves with. Not `page.waitForFunction`:
 * that takes the promise of an answer for a yes.
 *
 * @template A, R
 * @param {import('playwright').Page} page
 * @param {import('playwright').PageFunction<A, R>} ask runs in the page; may be async
 * @param {A} argument
 * @param {number} [withinMs]
 * @returns {Promise<NonNullable<R>>}
 */
export async function untilAnswered(page, ask, argument, withinMs = ANSWER_WITHIN_MS) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await page.evaluate(ask, argument);
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`the page did not come to answer within ${withinMs} ms`);
    await page.waitForTimeout(ASK_EVERY_MS);
  }
}
const ANSWER_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 50;

/**
 * Waits until the app is connected to its cluster and lists at least so many topics.
 *
 * @param {import('playwright').Page} page
 * @param {number} topics
 */
export async function untilListed(page, topics) {
  await page.waitForFunction(() => 'geostream' in window);
  await untilAnswered(
    page,
    async (least) => {
      const answer = await window.geostream.call('app.snapshot', {});
      return answer.ok && answer.value.connection.state.kind === 'connected' && answer.value.topics.length >= least;
    },
    topics,
  );
}
