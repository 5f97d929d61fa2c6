/**
 * Whether Chromium's sandbox can be used. On Linux it needs either user namespaces or the setuid helper beside
 * the executable; root can have neither, many containers forbid namespaces, and so does Ubuntu from 23.10 on.
 * Electron refuses to start then, so `--no-sandbox` is added, and said.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { log as defaultLog } from './progress.mjs';

/**
 * @param {string} dist Electron's folder
 * @returns {string[]} `['--no-sandbox']` or nothing
 */
export function sandboxArguments(dist, log = defaultLog) {
  if (process.platform !== 'linux') return [];
  if (process.getuid() === 0) {
    log.say('Running as root: --no-sandbox is added, as Chromium has no sandbox for root.');
    return ['--no-sandbox'];
  }
  const helper = join(dist, 'chrome-sandbox');
  if (isSetuidRoot(helper) || hasUserNamespaces()) return [];
  log.say(
    'This system forbids user namespaces: --no-sandbox is added. To have the sandbox:\n' +
      `  sudo chown root:root "${helper}" && sudo chmod 4755 "${helper}"`,
  );
  return ['--no-sandbox'];
}

function isSetuidRoot(helper) {
  const { uid, mode } = statSync(helper, { throwIfNoEntry: false }) ?? {};
  return uid === 0 && (mode & 0o4000) !== 0;
}

function hasUserNamespaces() {
  const { status, error } = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' });
  return error !== undefined || status === 0; // No `unshare` to ask: assume what is usual.
}
