/**
 * The small app inside an Electron runtime that finds the folder or file named on the command line and
 * hands over to it (`electron .`). The official binary carries one; the registry's runtime does not, so
 * this is put in its place. It behaves alike in what matters here:
 *
 * - it is an ES module and awaits the app's code at its top level, so that `ready` cannot fire before that
 *   code has run (`protocol.registerSchemesAsPrivileged` throws when it does);
 * - it takes the app's name, version and path from its package.json;
 * - `-r FILE` is loaded first, `--version` is answered, and other switches are Chromium's.
 */
import { packAsar } from './asar.mjs';

const LOADER = `
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron/main';

const require = createRequire(import.meta.url);
const preloads = [];
let target;
const args = process.argv.slice(1);
for (let i = 0; i < args.length; i += 1) {
  const arg = args[i];
  if (arg === '--version' || arg === '-v') {
    console.log('v' + process.versions.electron);
    process.exit(0);
  } else if (arg === '-r' || arg === '--require') {
    preloads.push(resolve(args[(i += 1)]));
  } else if (!arg.startsWith('-')) {
    target = resolve(arg);
    break;
  }
}

if (target === undefined || !existsSync(target)) {
  console.error(target === undefined ? 'Usage: electron [options] FOLDER' : 'There is no app at ' + target);
  process.exit(1);
}

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
for (const file of preloads) require(file);

const folder = statSync(target).isDirectory() ? target : dirname(target);
const description = join(folder, 'package.json');
if (existsSync(description)) {
  const { name, productName, version, desktopName } = JSON.parse(readFileSync(description, 'utf8'));
  if (version) app.setVersion(version);
  if (productName || name) app.setName(productName || name);
  app.setDesktopName(desktopName || app.getName() + '.desktop');
}
app.setAppPath(folder);

try {
  await import(pathToFileURL(require.resolve(target)).href);
} catch (error) {
  console.error('The app threw an error while loading:');
  console.error(error);
  process.exit(1);
}
`;

/** The archive to store as `resources/default_app.asar`. */
export function defaultAppArchive() {
  return packAsar({
    'main.js': LOADER,
    'package.json': JSON.stringify({ name: 'electron', productName: 'Electron', type: 'module', main: 'main.js' }),
  });
}
