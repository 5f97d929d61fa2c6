/**
 * What a program needs that opens Electron windows by itself (the end-to-end tests, the benchmarks): where
 * Electron is, and a screen of the same size everywhere.
 */
import { openDisplay } from './display.mjs';

/**
 * @param {{ executable: string, dist: string }} electron
 * @returns {Promise<{ env: NodeJS.ProcessEnv, close: () => Promise<void> }>} the environment to run it in
 */
export async function openWindowedEnvironment(electron) {
  const display = await openDisplay({ always: true });
  return {
    env: {
      ...process.env,
      ...display.env,
      GEOSTREAM_ELECTRON: electron.executable,
      ELECTRON_OVERRIDE_DIST_PATH: electron.dist,
    },
    close: display.close,
  };
}
