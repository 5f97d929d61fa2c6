/** Lays the app's files out as they will lie on a Linux system; the packages for Debian and Red Hat are made of it. */
import { readFileSync } from 'node:fs';
import { chmod, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/folders.mjs';
import { APP_ID, EXECUTABLE_NAME } from './builderConfig.mjs';
import { filesBelow } from './sizes.mjs';

const packaging = join(root, 'packaging');

/**
 * @typedef {{ name: string, version: string, author: string, license: string, summary: string, description: string }} App
 *   `summary` is one line without a full stop; `description` has some, of 76 letters at most
 */

/** @returns {App} */
export function readApp(version) {
  const { name, author, license, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name,
    version,
    author,
    license,
    summary: description.replace(/\.$/, ''),
    description: [
      'Every record of a topic becomes a dot on a map the moment it is produced;',
      'a click on the map, a form, a file or a simulated fleet becomes records.',
      'A broker that speaks the Kafka protocol is built in.',
    ].join('\n'),
  };
}

/** @param {{ unpacked: string, tree: string, app: App }} options `unpacked` is electron-builder's folder */
export async function layOutTree({ unpacked, tree, app }) {
  const share = join(tree, 'usr', 'share');
  const library = join(tree, 'usr', 'lib', app.name);
  const documents = join(share, 'doc', app.name);
  for (const folder of [
    library,
    documents,
    join(tree, 'usr', 'bin'),
    join(share, 'applications'),
    join(share, 'metainfo'),
  ]) {
    await mkdir(folder, { recursive: true });
  }
  await cp(unpacked, library, { recursive: true });
  // Where user namespaces are forbidden, Chromium's sandbox needs this helper with root's rights.
  await chmod(join(library, 'chrome-sandbox'), 0o4755);
  await symlink(`../lib/${app.name}/${EXECUTABLE_NAME}`, join(tree, 'usr', 'bin', app.name));
  await cp(join(packaging, `${app.name}.desktop`), join(share, 'applications', `${app.name}.desktop`));
  await cp(join(packaging, `${APP_ID}.metainfo.xml`), join(share, 'metainfo', `${APP_ID}.metainfo.xml`));
  for (const file of filesBelow(join(packaging, 'icons')).filter((name) => name.endsWith('.png'))) {
    const folder = join(share, 'icons', 'hicolor', file.replace('.png', ''), 'apps');
    await mkdir(folder, { recursive: true });
    await cp(join(packaging, 'icons', file), join(folder, `${app.name}.png`));
  }
  const scalable = join(share, 'icons', 'hicolor', 'scalable', 'apps');
  await mkdir(scalable, { recursive: true });
  await cp(join(packaging, 'icon.svg'), join(scalable, `${app.name}.svg`));
  await writeFile(join(documents, 'copyright'), copyrightOf(app));
}

const copyrightOf = ({ name, license }) => `GeoStream
Copyright (c) the GeoStream authors
Licence: ${license}, as below

The licences of what it contains of others are in /usr/lib/${name}:
THIRD-PARTY-NOTICES.txt, LICENSE.electron.txt and LICENSES.chromium.html.

${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
