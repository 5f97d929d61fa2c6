/** The app's files as a Debian package. Nothing runs when it is installed or removed: dpkg alone knows all of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from '../setup/processes.mjs';
import { filesBelow, sizeOf } from './sizes.mjs';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/**
 * The libraries that Electron is linked to. Debian 13 and Ubuntu 24.04 renamed some when time_t became 64 bits wide. Of what
 * is loaded only when there is use for it, libx11-xcb is needed for a window at all, and libsecret keeps the key that
 * profiles' secrets are encrypted with.
 */
const DEPENDS = [
  'libc6 (>= 2.28)',
  'libgcc-s1',
  'libasound2t64 | libasound2',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatk1.0-0t64 | libatk1.0-0',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libcairo2',
  'libcups2t64 | libcups2',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0t64 | libglib2.0-0',
  'libgtk-3-0t64 | libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libudev1',
  'libx11-6',
  'libx11-xcb1',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'libnotify4',
  'libsecret-1-0',
];

export const debianFileName = ({ name, version }) => `${name}_${version}_${ARCHITECTURES[process.arch]}.deb`;

/**
 * @param {{ tree: string, app: import('./tree.mjs').App, output: string, quick: boolean }} options `tree` is a folder with
 *   the files where they will be; `quick` makes a larger package sooner
 * @returns {Promise<string>} the path of the package
 */
export async function makeDebianPackage({ tree, app, output, quick }) {
  const files = filesBelow(tree);
  const control = [
    `Package: ${app.name}`,
    `Version: ${app.version}`,
    'Section: science',
    'Priority: optional',
    `Architecture: ${ARCHITECTURES[process.arch]}`,
    `Depends: ${DEPENDS.join(', ')}`,
    `Installed-Size: ${Math.ceil(sizeOf(tree) / 1024)}`,
    `Maintainer: ${app.author}`,
    `Description: ${app.summary}`,
    ...app.description.split('\n').map((line) => ` ${line}`),
  ];
  const sums = files.map((file) => `${md5(join(tree, file))}  ${file}`);

  const meta = join(tree, 'DEBIAN');
  await mkdir(meta);
  await writeFile(join(meta, 'control'), `${control.join('\n')}\n`);
  await writeFile(join(meta, 'md5sums'), `${sums.join('\n')}\n`);
  const file = join(output, debianFileName(app));
  const compression = ['-Zzstd', quick ? '-z1' : '-z9'];
  await runQuietly('dpkg-deb', 'dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file]);
  return file;
}

/** dpkg's own way to know a file again; it protects from nothing. */
const md5 = (file) => createHash('md5').update(readFileSync(file)).digest('hex');
