/** Builds the app for this platform into a folder, and makes the installers that this machine can make. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { root } from '../setup/folders.mjs';
import { log as defaultLog } from '../setup/progress.mjs';
import { SetupError } from '../setup/setupError.mjs';
import { builderConfig, EXECUTABLE_NAME } from './builderConfig.mjs';
import { makeDebianPackage } from './debian.mjs';
import { readFuses, wantedFuses } from './fuses.mjs';
import { thirdPartyNotices } from './notices.mjs';
import { makeRedhatPackage } from './redhat.mjs';
import { makeTarball } from './tarball.mjs';
import { layOutTree, readApp } from './tree.mjs';

/**
 * @param {{ electron: { dist: string, version: string }, variant: 'release' | 'test', version: string, output: string,
 *   formats: ('deb' | 'rpm' | 'tar.gz')[], quick?: boolean, log?: typeof defaultLog }} options `output` is emptied first;
 *   `quick` makes larger ones sooner
 * @returns {Promise<{ unpacked: string, files: string[] }>} the app's folder, and the installers
 */
export async function makeLinuxInstallers({
  electron,
  variant,
  version,
  output,
  formats,
  quick = false,
  log = defaultLog,
}) {
  const work = join(output, 'work');
  await rm(output, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const target = Platform.LINUX.createTarget('dir', Arch[process.arch]);
  log.say(`Putting ${variant} build ${version} together (electron-builder):`);
  const unpacked = await runBuilder({ electron, variant, version, output, target });
  const executable = join(unpacked, EXECUTABLE_NAME);
  await assertFuses(executable, variant);

  const app = readApp(version);
  const files = [];
  const tree = join(work, 'tree');
  if (formats.includes('tar.gz')) {
    files.push(await log.during('Making the .tar.gz', () => makeTarball({ unpacked, app, output, quick })));
  }
  await layOutTree({ unpacked, tree, app });
  if (formats.includes('rpm')) {
    const redhat = join(work, 'redhat');
    await mkdir(redhat);
    files.push(
      await log.during('Making the .rpm', () => makeRedhatPackage({ tree, app, output, work: redhat, quick })),
    );
  }
  if (formats.includes('deb')) {
    files.push(await log.during('Making the .deb', () => makeDebianPackage({ tree, app, output, quick })));
  }
  await rm(work, { recursive: true, force: true });
  return { unpacked, files };
}

/** The installers of Windows and macOS, and the AppImage, by electron-builder's own means, which it downloads. */
export async function makeForeignInstallers({ electron, version, output, target }) {
  await rm(output, { recursive: true, force: true });
  await mkdir(join(output, 'work'), { recursive: true });
  await runBuilder({ electron, variant: 'release', version, output, target });
  await rm(join(output, 'work'), { recursive: true, force: true });
}

/** @returns {Promise<string>} the app's folder */
async function runBuilder({ electron, variant, version, output, target }) {
  const notices = join(output, 'work', 'THIRD-PARTY-NOTICES.txt');
  await writeFile(notices, thirdPartyNotices());
  let unpacked = '';
  const config = {
    ...builderConfig({ electron, variant, version, output, notices }),
    afterPack: async ({ appOutDir, electronPlatformName }) => {
      unpacked = appOutDir;
      if (electronPlatformName !== 'linux') return;
      // Electron's loader of other apps, and notes about the runtime itself.
      for (const file of ['resources/default_app.asar', 'version', 'geostream-runtime.json']) {
        await rm(join(appOutDir, file), { force: true });
      }
    },
  };
  await build({ projectDir: root, targets: target, publish: 'never', config });
  for (const file of ['builder-debug.yml', 'builder-effective-config.yaml'])
    await rm(join(output, file), { force: true });
  return unpacked;
}

async function assertFuses(executable, variant) {
  const found = JSON.stringify(await readFuses(executable));
  const wanted = JSON.stringify(wantedFuses(variant));
  if (found !== wanted) throw new SetupError(`The switches in ${executable} are ${found}, and should be ${wanted}.`);
}
