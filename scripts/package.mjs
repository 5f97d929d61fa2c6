/**
 * `npm run package`: the installers for this platform, in release/. On Linux a .deb, an .rpm and a .tar.gz; on Windows and
 * macOS what electron-builder makes there, which has not been tried. See docs/install.md.
 *
 * `-- --test-build` makes the .deb alone, and one that Playwright can drive; `-- --appimage` an AppImage (not tried);
 * `-- --check` makes all that is to be tried, installs it in a Debian of its own, drives it, and removes it.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureCodeCache } from './setup/codeCache.mjs';
import { root } from './setup/folders.mjs';
import { prepareElectron, preparePackages } from './setup/prepare.mjs';
import { say } from './setup/progress.mjs';
import { runScript, SetupError } from './setup/setupError.mjs';
import { ensureSystemPackages } from './setup/systemPackages.mjs';
import { openWindowedEnvironment } from './setup/windowed.mjs';

const USAGE = 'Usage: npm run package [-- --test-build | --appimage | --check]';
const release = join(root, 'release');
const warningFile = join(release, 'NOT-FOR-DISTRIBUTION.txt');

await runScript(async () => {
  // Whoever installs it is to read it, whatever this shell says of new files.
  process.umask(0o022);
  const [mode, ...more] = process.argv.slice(2);
  if (more.length > 0 || !['--test-build', '--appimage', '--check', undefined].includes(mode))
    throw new SetupError(USAGE);
  if (mode === '--check') {
    await preparePackages();
    const { checkInstalled } = await import('./packaging/checkInstalled.mjs');
    return checkInstalled();
  }
  const electron = await prepareElectron();
  await ensureSystemPackages({ executable: electron.executable, screen: true, packaging: true });
  await ensureBuilt();
  const windowed = await openWindowedEnvironment(electron);
  await ensureCodeCache(electron, windowed.env).finally(windowed.close);
  // Not before the npm packages are there.
  const { makeForeignInstallers, makeLinuxInstallers } = await import('./packaging/makeInstallers.mjs');
  const { sizeTable } = await import('./packaging/sizes.mjs');
  const { version } = createRequire(import.meta.url)('../package.json');

  if (process.platform !== 'linux' || mode === '--appimage') {
    say('electron-builder makes these installers, with tools that it downloads. They have not been tried.');
    const { Platform } = await import('electron-builder');
    const target = mode === '--appimage' ? Platform.LINUX.createTarget('AppImage') : Platform.current().createTarget();
    await makeForeignInstallers({ electron, version, output: release, target });
    return 0;
  }

  const test = mode === '--test-build';
  const { unpacked, files } = await makeLinuxInstallers({
    electron,
    variant: test ? 'test' : 'release',
    version,
    output: test ? join(release, 'test-build') : release,
    formats: test ? ['deb'] : ['deb', 'rpm', 'tar.gz'],
    quick: test,
  });
  say(`\nIn ${join(release, test ? 'test-build' : '')}, with Electron ${electron.version}:`);
  say(
    sizeTable([
      ...files.map((path) => ({ path })),
      { path: unpacked, name: 'unpacked, of which' },
      { path: join(unpacked, 'resources', 'app.asar'), name: "  the app's own code (app.asar)" },
      { path: join(unpacked, 'geostream'), name: "  Electron's executable" },
    ]),
  );
  if (!test) warnOf(electron);
  return 0;
});

/** The registry's runtime is too old to be given to anybody. */
function warnOf({ kind, version }) {
  rmSync(warningFile, { force: true });
  if (kind !== 'registry') return;
  const text =
    `NOT FOR DISTRIBUTION: these installers contain Electron ${version} out of an npm package, which gets no security\n` +
    'fixes any more. It is for development and tests. To make installers for others, run the same command where\n' +
    'GitHub can be reached, or name an Electron release in ELECTRON_OVERRIDE_DIST_PATH.\n';
  writeFileSync(warningFile, text);
  const rule = '!'.repeat(116);
  console.error(`\n${rule}\n${text}${rule}`);
}
