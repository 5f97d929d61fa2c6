/**
 * `npm run monkey -- [--minutes N] [--seed N]`: ten minutes (or so many) of random clicks, keys, words and drags on the real
 * window, with a fleet at work. Fails on an error in any log, an error in the page, a window that no longer answers, and
 * counts that do not add up; and prints its seed, with which the same hands come again.
 */
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { root } from './setup/folders.mjs';
import { prepareElectron } from './setup/prepare.mjs';
import { runInForeground } from './setup/processes.mjs';
import { runScript } from './setup/setupError.mjs';
import { ensureSystemPackages } from './setup/systemPackages.mjs';
import { openWindowedEnvironment } from './setup/windowed.mjs';

await runScript(async () => {
  const electron = await prepareElectron();
  await ensureSystemPackages({ executable: electron.executable, screen: true });
  await ensureBuilt();
  const windowed = await openWindowedEnvironment(electron);
  try {
    const monkey = join(root, 'tests', 'monkey', 'run.mjs');
    return await runInForeground(process.execPath, [monkey, ...process.argv.slice(2)], { env: windowed.env });
  } finally {
    await windowed.close();
  }
});
