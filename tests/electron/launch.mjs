/** Starts Electron for a test or a measurement, in Playwright's hands. */
import { join } from 'node:path';
import { _electron } from 'playwright';

/** An app of the tests comes up within 2 s. */
const LAUNCH_MS = 25_000;
const TRIES = 3;
const HELD = ['-r', join(import.meta.dirname, 'holdReady.cjs')];

/**
 * Starts it again when Playwright does not get hold of it.
 *
 * @param {object} options
 * @param {string} options.executable
 * @param {string | null} options.app folder or file; null for an executable with an app in it, which takes no file to load
 *   first (holdReady.cjs)
 * @param {readonly string[]} options.args the app's and Chromium's
 * @param {Readonly<Record<string, string | undefined>>} options.env
 * @param {boolean} [options.sandboxed] with Chromium's sandbox, which root cannot have
 */
export async function launchElectron({ executable, app, args, env, sandboxed = false }) {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await _electron.launch({
        executablePath: executable,
        args: [...(app === null ? [] : [...HELD, app]), ...args],
        chromiumSandbox: sandboxed,
        env: /** @type {Record<string, string>} */ ({ ...env }),
        timeout: LAUNCH_MS,
      });
    } catch (error) {
      if (left === 0) throw error;
      console.log(`Electron did not come up within ${LAUNCH_MS / 1_000} s; it is started again.`);
    }
  }
}
