/**
 * `npm run soak -- [--minutes N]`: an hour (or so many minutes) of mixed load on the built-in broker, with exact counts
 * and a look at its memory. `npm run soak -- kills [N] [--seed N]`: so many kills of the broker (1,000), with producers
 * at work. Fails on anything lost, doubled or out of order, and on memory that grows.
 */
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './setup/folders.mjs';
import { preparePackages } from './setup/prepare.mjs';
import { runScript } from './setup/setupError.mjs';

await runScript(async () => {
  await preparePackages();
  const { module } = await runnerImport(join(root, 'tests/soak/run.ts'), {
    root,
    configFile: false,
    logLevel: 'error',
  });
  // Clients and bundlers leave timers behind that nobody waits for.
  process.exit(await module.run(process.argv.slice(2)));
});
