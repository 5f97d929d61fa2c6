/** Programs that drive the built app from outside, in the same Electron and on the same screen as the end-to-end tests. */
import { ensureBuilt } from './build.mjs';
import { ensureCodeCache } from './codeCache.mjs';
import { prepareElectron } from './prepare.mjs';
import { runInForeground } from './processes.mjs';
import { ensureSystemPackages } from './systemPackages.mjs';
import { openWindowedEnvironment } from './windowed.mjs';

/**
 * Runs a program of Node's, with our own arguments.
 *
 * @param {string} program its path
 * @returns {Promise<number>} its exit code
 */
export async function runOnBuiltApp(program) {
  const electron = await prepareElectron();
  await ensureSystemPackages({ executable: electron.executable, screen: true });
  await ensureBuilt();
  const windowed = await openWindowedEnvironment(electron);
  try {
    await ensureCodeCache(electron, windowed.env);
    return await runInForeground(process.execPath, [program, ...process.argv.slice(2)], { env: windowed.env });
  } finally {
    await windowed.close();
  }
}
