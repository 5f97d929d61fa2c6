/**
 * `npm run package -- --check`: makes the packages, installs them in a Debian of their own, drives the installed app there as
 * an ordinary user with Chromium's sandbox, updates it, and removes it: tests/packaged says what has to hold. Where that
 * cannot be done it says why, and in CI it fails.
 */
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureBuilt } from '../setup/build.mjs';
import { ensureCodeCache } from '../setup/codeCache.mjs';
import { root } from '../setup/folders.mjs';
import { prepareElectron } from '../setup/prepare.mjs';
import { runInForeground, wasInterrupted } from '../setup/processes.mjs';
import { log, say } from '../setup/progress.mjs';
import { SetupError } from '../setup/setupError.mjs';
import { ensureSystemPackages } from '../setup/systemPackages.mjs';
import { openWindowedEnvironment } from '../setup/windowed.mjs';
import { makeDebianRoot, PERSON, runInRoot, whyNoDebianRoot, writeEntry } from './debianRoot.mjs';
import { makeLinuxInstallers } from './makeInstallers.mjs';
import { sizeTable } from './sizes.mjs';

/** What is updated: the same tree under a lower version number. */
const OLDER_VERSION = '0.0.1';
const { version: VERSION } = createRequire(import.meta.url)('../../package.json');

/** @returns {Promise<number>} the exit code */
export async function checkInstalled() {
  const impossible = whyNoDebianRoot();
  if (impossible !== undefined) return skip(impossible);
  const electron = await prepareElectron();
  const missing = await whatIsMissing(electron);
  if (missing !== undefined) return skip(missing);
  await ensureBuilt();
  const windowed = await openWindowedEnvironment(electron);
  await ensureCodeCache(electron, windowed.env).finally(windowed.close);

  const work = await mkdtemp(join(tmpdir(), 'geostream-check-'));
  // What runs in it may take a moment to end after an interruption.
  const forget = () => rmSync(work, { recursive: true, force: true, maxRetries: 10 });
  process.once('exit', forget);
  try {
    const debian = join(work, 'debian');
    const builds = await makeBuilds(electron, work);
    await log.during('Making a Debian (about 1 minute)', () => makeDebianRoot(debian));
    const packages = join(debian, 'srv', 'packages');
    for (const { deb } of Object.values(builds)) await cp(deb, join(packages, basename(deb)));
    const entry = join(work, 'geostream');
    await writeEntry(entry, debian, '/usr/bin/geostream');
    return await runTests(electron, { debian, entry, builds, person: PERSON });
  } finally {
    forget();
    process.off('exit', forget);
  }
}

/** @throws {SetupError} in CI, where nothing may be missing */
function skip(reason) {
  const text = `The installed app is not tried here: ${reason}`;
  if (process.env.CI) throw new SetupError(text);
  say(text);
  return 0;
}

/** What is to be installed on this machine and cannot be, in words, or undefined. */
async function whatIsMissing({ executable }) {
  try {
    await ensureSystemPackages({ executable, screen: true, kcat: true, packaging: true, debootstrap: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message;
  }
}

/** @returns the three builds by name: what their version is, the folder of the app, and the packages by their format */
async function makeBuilds(electron, work) {
  const builds = {};
  for (const [name, variant, version, formats] of [
    ['older', 'test', OLDER_VERSION, ['deb']],
    ['test', 'test', VERSION, ['deb']],
    ['release', 'release', VERSION, ['deb', 'rpm', 'tar.gz']],
  ]) {
    const output = join(work, name);
    const made = await makeLinuxInstallers({ electron, variant, version, output, formats, quick: true });
    const deb = join(output, `${name}.deb`);
    await rename(
      made.files.find((file) => file.endsWith('.deb')),
      deb,
    );
    const others = made.files.filter((file) => !file.endsWith('.deb'));
    builds[name] = { version, unpacked: made.unpacked, deb, others };
    if (name === 'older') await rm(made.unpacked, { recursive: true });
  }
  say(
    sizeTable([
      ...[builds.release.deb, ...builds.release.others].map((path) => ({
        path,
        name: `${basename(path)}, packed in haste`,
      })),
      { path: builds.release.unpacked, name: 'unpacked, of which' },
      { path: join(builds.release.unpacked, 'resources', 'app.asar'), name: "  the app's own code (app.asar)" },
    ]),
  );
  return builds;
}

async function runTests(electron, installed) {
  const windowed = await openWindowedEnvironment(electron);
  try {
    // Only its owner may read it, and that is to be the person.
    const authority = join(PERSON.home, '.Xauthority');
    await cp(windowed.env.XAUTHORITY, join(installed.debian, authority));
    await cp(
      join(root, 'tests', 'data', 'ais-gulf-of-finland.ndjson'),
      join(installed.debian, PERSON.home, 'ais-gulf-of-finland.ndjson'),
    );
    await runInRoot(installed.debian, ['chown', '-R', `${PERSON.name}:`, PERSON.home]);
    const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    const failures = join(root, 'tests', 'artifacts', 'failures', 'packaged.txt');
    rmSync(failures, { force: true });
    const facts = { ...installed, display: windowed.env.DISPLAY, authority };
    const code = await runInForeground(
      process.execPath,
      [playwright, 'test', '--config', join(root, 'playwright.packaged.config.ts')],
      {
        cwd: root,
        env: {
          ...windowed.env,
          GEOSTREAM_INSTALLED: JSON.stringify(facts),
          GEOSTREAM_FAILURES: failures,
        },
      },
    );
    return wasInterrupted() ? 1 : code;
  } finally {
    await windowed.close();
  }
}
