/**
 * The set-up that starting, testing and measuring have in common, in the order in which each step needs the one
 * before. On a machine where all of it is in place, it takes a fraction of a second and installs nothing.
 */
import { resolveElectron } from './electron.mjs';
import { checkNodeVersion } from './nodeVersion.mjs';
import { ensurePackages } from './packages.mjs';
import { answerSignals } from './processes.mjs';

/** Node and the npm packages: enough for everything that opens no window. */
export async function preparePackages() {
  checkNodeVersion();
  answerSignals();
  await ensurePackages();
}

/** Those, and an Electron. What it needs from the system is a step of its own: see systemPackages.mjs. */
export async function prepareElectron() {
  await preparePackages();
  return resolveElectron();
}
