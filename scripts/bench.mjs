/**
 * `npm run bench -- ROW... --json FILE`: the measurements of tests/bench, on the app as it is built, in the same
 * Electron and on the same screen as the end-to-end tests.
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
    const bench = join(root, 'tests', 'bench', 'run.mjs');
    return await runInForeground(process.execPath, [bench, ...process.argv.slice(2)], { env: windowed.env });
  } finally {
    await windowed.close();
  }
});
