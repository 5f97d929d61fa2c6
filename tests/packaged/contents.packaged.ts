/** What is in the packages, before anything is installed. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { expect, test } from '@playwright/test';
import { belongs, CODE_CACHE, LAND } from '../../scripts/packaging/contents.mjs';
import { readFuses } from '../../scripts/packaging/fuses.mjs';
import { installation } from './installation';

const { test: testBuild, release } = installation.builds;

/** Files in the archive of a build, as paths from its top. */
function archived(unpacked: string): string[] {
  const archive = join(unpacked, 'resources', 'app.asar');
  const paths = listPackage(archive, { isPack: false }).map((path) => path.replace(/^[\\/]/, '').replaceAll('\\', '/'));
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)));
}

test("the app's archive holds what it runs, and nothing else", () => {
  const files = archived(release.unpacked);
  expect(files.filter((path) => !belongs(path))).toEqual([]);
  for (const file of [
    'main/index.cjs',
    'main/broker.cjs',
    'main/brokerProcess.cjs',
    'main/decoder.cjs',
    'main/kafkajs.cjs',
    'preload/index.cjs',
    'renderer/index.html',
  ]) {
    expect(files).toContain(`out/${file}`);
  }
  expect(files.filter((path) => LAND.test(path))).toHaveLength(3);
  const compiled = files.filter((path) => CODE_CACHE.test(path)).map((path) => path.split('/').slice(-2).join('/'));
  for (const file of ['main/kafkajs.cjs.bin', 'decoder/kafkajs.cjs.bin', 'broker/broker.cjs.bin'])
    expect(compiled).toContain(file);
  expect(archived(testBuild.unpacked)).toEqual(files);
});

test('beside it lie the runtime and the licences, in one language, and no loader of other apps', () => {
  expect(readdirSync(join(release.unpacked, 'locales'))).toEqual(['en-US.pak']);
  expect(readdirSync(join(release.unpacked, 'resources'))).toEqual(['app.asar']);
  for (const file of ['LICENSE', 'LICENSE.electron.txt', 'LICENSES.chromium.html', 'THIRD-PARTY-NOTICES.txt']) {
    expect(statSync(join(release.unpacked, file)).size).toBeGreaterThan(1_000);
  }
});

test('the test build differs from the release build in the switch for the inspector, and in no other', async () => {
  const switches = {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  };
  expect(await readFuses(join(release.unpacked, 'geostream'))).toEqual(switches);
  expect(await readFuses(join(testBuild.unpacked, 'geostream'))).toEqual({
    ...switches,
    enableNodeCliInspectArguments: true,
  });
});

/** What a command lists, without folders, in order. */
const listed = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64_000_000 })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('d'));

test('the .rpm holds the files of the .deb, with the same rights, and the .tar.gz those of the app', () => {
  const [rpm = '', tarball = ''] = ['.rpm', '.tar.gz'].map((format) =>
    release.others.find((path) => path.endsWith(format)),
  );
  // Rights, and the path without what a link leads to.
  const summed = (line: string) => [line.slice(0, 10), / \.?(\/usr\/.*?)(?: -> .*)?$/.exec(line)?.[1]].join(' ');
  const inDeb = listed('dpkg-deb', '--contents', release.deb).map(summed).sort();
  expect(inDeb).toContain('-rwsr-xr-x /usr/lib/geostream/chrome-sandbox');
  expect(listed('rpm', '-qlvp', rpm).map(summed).sort()).toEqual(inDeb);

  const unpacked = readdirSync(release.unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(release.unpacked.length + 1));
  const inTarball = listed('tar', '-tzf', tarball).filter((path) => !path.endsWith('/'));
  expect(inTarball.sort()).toEqual(unpacked.map((path) => `geostream-${release.version}/${path}`).sort());
});
