/**
 * V8's code cache of the built app (src/main/start/codeCache.ts), made by the app itself in one start: what is installed,
 * tested and measured is to have it. `npm start` needs no such start: the app that it opens makes what is missing.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './folders.mjs';
import { startProcess } from './processes.mjs';
import { log as defaultLog } from './progress.mjs';
import { sandboxArguments } from './sandbox.mjs';
import { SetupError } from './setupError.mjs';

/** Set, it makes the app make its cache. */
export const MAKE_CODE_CACHE = { GEOSTREAM_MAKE_CODE_CACHE: '1' };

const PARTS = ['main', 'decoder', 'broker'];
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;
const quiet = { say() {} };

/**
 * @param {{ executable: string, dist: string, version: string }} electron
 * @param {NodeJS.ProcessEnv} env with a screen to open the window on
 * @throws {SetupError} when the app does not come up
 */
export async function ensureCodeCache({ executable, dist, version }, env, { log = defaultLog } = {}) {
  const name = `electron-${version}-${process.platform}-${process.arch}`;
  const folder = join(root, 'out', 'main', 'code-cache', name);
  const isMade = () => PARTS.every((part) => existsSync(join(folder, part)));
  if (isMade()) return;

  const userData = mkdtempSync(join(tmpdir(), 'geostream-code-cache-'));
  const forget = () => rmSync(userData, { recursive: true, force: true, maxRetries: 10 });
  process.once('exit', forget);
  const { KAFKA_URI: _uri, KAFKA_PORT: _port, ...others } = env;
  try {
    await log.during('Starting the app once, to compile ahead what it starts with (about 6 s)', async () => {
      const args = [...sandboxArguments(dist, quiet), '--disable-gpu', root, `--user-data-dir=${userData}`];
      const app = startProcess(executable, args, {
        env: { ...others, ...MAKE_CODE_CACHE },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      app.child.stderr?.on('data', (text) => {
        said = (said + text).slice(-4_000);
      });
      let code;
      void app.ended.then((ended) => {
        code = ended;
      });
      const deadline = Date.now() + WITHIN_MS;
      while (!isMade() && code === undefined && Date.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const made = isMade();
      await app.end();
      if (made) return;
      const how = code === undefined ? `was not ready within ${WITHIN_MS / 1_000} s` : `ended with code ${code}`;
      throw new SetupError(`The app, started to make its code cache, ${how}. It said:\n\n${said}`);
    });
  } finally {
    forget();
    process.off('exit', forget);
  }
}
