/**
 * `npm run bench -- ROW... --json FILE`: the measurements of tests/bench, on the app as it is built, in the same
 * Electron and on the same screen as the end-to-end tests.
 */
import { join } from 'node:path';
import { runOnBuiltApp } from './setup/builtApp.mjs';
import { root } from './setup/folders.mjs';
import { runScript } from './setup/setupError.mjs';

await runScript(() => runOnBuiltApp(join(root, 'tests', 'bench', 'run.mjs')));
