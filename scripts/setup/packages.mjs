/**
 * The npm packages. They are installed when node_modules is not what package-lock.json asks for, and left alone
 * otherwise, whoever installed them: npm leaves a list of what it did in node_modules/.package-lock.json, and
 * writes it last, so that an interrupted installation is noticed too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './folders.mjs';
import { npmCommand } from './npm.mjs';
import { runQuietly } from './processes.mjs';
import { log as defaultLog } from './progress.mjs';

/** Runs `npm ci` if it is needed. Nothing we use has an install script that must run. */
export async function ensurePackages({ log = defaultLog } = {}) {
  if (isInstalled()) return;
  const { command, args, ...options } = npmCommand();
  await log.during('Installing packages (about a minute)', () =>
    // At this level its log holds what is wrong and nothing else.
    runQuietly('npm ci', command, [...args, 'ci', '--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: root,
      ...options,
    }),
  );
}

/** Does node_modules hold every package of the lockfile, in the version and with the content named there? */
function isInstalled() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  let present;
  try {
    present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false; // There is no node_modules, or npm was interrupted.
  }
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (path in present
        ? present[path].version === entry.version && present[path].integrity === entry.integrity
        : entry.optional),
  );
}
