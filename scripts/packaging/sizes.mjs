/** How large what was made is, and what it is made of. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Files below a folder, as paths from it, in order. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

/** Bytes of a file, or of all files below a folder. */
export function sizeOf(path) {
  if (statSync(path).isFile()) return statSync(path).size;
  return filesBelow(path).reduce((sum, file) => sum + statSync(join(path, file)).size, 0);
}

export const inMegabytes = (bytes) => `${(bytes / 1_000_000).toFixed(1).padStart(7)} MB`;

/** One line for each; what has no name of its own is called by its file's. */
export function sizeTable(rows) {
  return rows.map(({ path, name = basename(path) }) => `  ${inMegabytes(sizeOf(path))}  ${name}`).join('\n');
}
