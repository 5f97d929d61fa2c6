/**
 * The notices of third parties: the licence of every npm package that has a part in the app, as the build has noted them
 * (scripts/setup/bundledPackages.mjs). Electron's and Chromium's own are files beside this one.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES_FILE } from '../setup/bundledPackages.mjs';
import { root } from '../setup/folders.mjs';
import { SetupError } from '../setup/setupError.mjs';

const HEAD = `GeoStream contains work of others, listed here with its licences.

Electron's licence is in LICENSE.electron.txt, those of Chromium, Node.js and what they contain in LICENSES.chromium.html.
The outlines of countries are Natural Earth's, which is in the public domain (naturalearthdata.com).
`;
const RULE = '-'.repeat(100);

/** @returns {string} the text of the file */
export function thirdPartyNotices() {
  const packages = packagesInside();
  if (packages.length === 0) throw new SetupError('The build names no npm package, which cannot be: build it anew.');
  return [HEAD, ...packages.map(noticeOf)].join(`\n${RULE}\n\n`);
}

/** Every npm package of which there is a part in the app, by name. */
export function packagesInside() {
  const bundled = ['main', 'preload', 'renderer'].flatMap((part) =>
    JSON.parse(readFileSync(join(root, 'out', part, PACKAGES_FILE), 'utf8')).map(({ folder }) => folder),
  );
  return [...new Set(bundled)]
    .map((folder) => ({ ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')), folder }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function noticeOf({ name, version, license, author, homepage, folder }) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)(\.|$)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const where = homepage ? `\n${homepage}` : '';
  return `${name} ${version} (${license})${where}\n\n${texts.length > 0 ? texts.join('\n\n') : standardText({ name, license, author })}\n`;
}

/** For a package that names its licence, and brings no text of it. */
function standardText({ name, license, author }) {
  const text = join(root, 'packaging', 'licences', `${license}.txt`);
  if (!existsSync(text)) {
    throw new SetupError(
      `${name} has no licence file, and there is no standard text of "${license}" in packaging/licences.`,
    );
  }
  const holder =
    typeof author === 'string' ? author : [author?.name, author?.email && `<${author.email}>`].join(' ').trim();
  return `Copyright (c) ${holder || `the authors of ${name}`}\n\n${readFileSync(text, 'utf8').trim()}`;
}
