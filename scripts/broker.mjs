/**
 * `npm run broker -- --port N --data DIR`: the built-in broker alone, under plain Node. It needs the npm packages
 * and a build, but neither Electron nor a display; the arguments are the broker's.
 */
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { root } from './setup/folders.mjs';
import { preparePackages } from './setup/prepare.mjs';
import { runInForeground } from './setup/processes.mjs';
import { runScript } from './setup/setupError.mjs';

await runScript(async () => {
  await preparePackages();
  await ensureBuilt();
  return runInForeground(process.execPath, [join(root, 'out', 'main', 'broker.cjs'), ...process.argv.slice(2)]);
});
