/**
 * `npm run monkey -- [--minutes N] [--seed N]`: ten minutes (or so many) of random clicks, keys, words and drags on the real
 * window, with a fleet at work. Fails on an error in any log, an error in the page, a window that no longer answers, and
 * counts that do not add up; and prints its seed, with which the same hands come again.
 */
import { join } from 'node:path';
import { runOnBuiltApp } from './setup/builtApp.mjs';
import { root } from './setup/folders.mjs';
import { runScript } from './setup/setupError.mjs';

await runScript(() => runOnBuiltApp(join(root, 'tests', 'monkey', 'run.mjs')));
