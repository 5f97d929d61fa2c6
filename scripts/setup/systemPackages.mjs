/**
 * What the operating system must bring on Linux: the shared libraries that Electron links to, a virtual
 * screen where there is none, fonts, for the tests kcat and clients for Python, and the tools that make
 * installers and try them. On Debian and Ubuntu what is missing is installed when that is allowed (as root, or
 * with sudo that asks no password); else the exact command is given. Where nothing is missing, nothing is run and nothing is said.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runQuietly } from './processes.mjs';
import { log as defaultLog } from './progress.mjs';
import { SetupError } from './setupError.mjs';

/**
 * Packages by need. Alternatives are separated by a bar, the newer name first: Debian 13 and Ubuntu 24.04
 * renamed libraries when time_t became 64 bits wide. libnotify is loaded at run time, so it is no missing
 * library by itself, but belongs to Electron's set.
 */
const PACKAGES = {
  libraries: [
    'libgtk-3-0t64|libgtk-3-0',
    'libnotify4',
    'libnss3',
    'libgbm1',
    'libasound2t64|libasound2',
    'libatk-bridge2.0-0t64|libatk-bridge2.0-0',
    'libcups2t64|libcups2',
    'libdrm2',
    'libxkbcommon0',
    'libxcomposite1',
    'libxdamage1',
    'libxrandr2',
  ],
  screen: ['xvfb'],
  fonts: ['fonts-dejavu-core'],
  kcat: ['kcat'],
  packaging: ['dpkg', 'rpm'],
  debootstrap: ['debootstrap', 'util-linux'],
  python: [
    'python3-kafka',
    'python3-confluent-kafka',
    'python3-lz4',
    'python3-snappy',
    'python3-zstandard',
    // For what comes from the Python package index: see pythonPackages.mjs.
    'python3-venv',
  ],
};

/** Debian's packages are for Debian's interpreter, whatever else is first on the PATH. */
const DEBIAN_PYTHON = '/usr/bin/python3';
const PYTHON_MODULES = 'kafka, confluent_kafka, lz4, snappy, zstandard, venv, ensurepip';

const inFolders = (name, folders) => folders.some((folder) => folder !== '' && isExecutable(join(folder, name)));

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Is there a program of this name on the PATH? */
export const hasProgram = (name) => inFolders(name, (process.env.PATH ?? '').split(delimiter));

/** Is there a screen to open a window on? Outside Linux there always is. */
export const hasScreen = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Shared libraries of `executable` that the linker does not find, e.g. ["libgtk-3.so.0"]. */
export function missingLibraries(executable) {
  const { stdout, error } = spawnSync('ldd', [executable], { encoding: 'utf8' });
  if (error) return []; // No ldd: let Electron say itself what it misses.
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

const hasPythonModules = () =>
  spawnSync(DEBIAN_PYTHON, ['-c', `import ${PYTHON_MODULES}`], { stdio: 'ignore' }).status === 0;

function hasFonts() {
  const folders = [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.fonts'),
    join(homedir(), '.local/share/fonts'),
  ];
  return folders.some(
    (folder) =>
      existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => /\.(ttf|otf|ttc)$/i.test(name)),
  );
}

/**
 * Installs what is missing.
 *
 * @param {{ executable?: string, screen?: boolean, kcat?: boolean, python?: boolean, packaging?: boolean,
 *   debootstrap?: boolean, log?: typeof defaultLog }} needs
 *   `executable`: Electron's, to look for its libraries; `screen`: a virtual screen will be needed; `python`: Kafka
 *   clients for Python; `packaging`: what makes installers; `debootstrap`: what makes a root folder of a Debian
 * @throws {SetupError} with the command to run, when something is missing and may not be installed
 */
export async function ensureSystemPackages({ log = defaultLog, ...wanted }) {
  if (process.platform !== 'linux') return;
  const lacks = findMissing(wanted);
  if (lacks.needs.length === 0) return;
  const missing = lacks.words.join(', ');

  if (!hasProgram('apt-get')) {
    throw new SetupError(
      `Missing on this system: ${missing}.\nInstall them with your distribution's packages, then run the same command again.`,
    );
  }
  const rights = rootRights();
  if (rights === undefined) {
    throw new SetupError(
      `Missing on this system: ${missing}. Only root may install them; run this, then the same command again:\n\n${byHand(lacks.needs)}`,
    );
  }

  const apt = (args, what) =>
    runQuietly(what, ...asRoot(rights, ['apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args]));
  // A list that cannot be refreshed may still serve; if it does not, installing says so.
  await log
    .during('Refreshing the list of system packages', () => apt(['update', '-qq'], 'apt-get update'))
    .catch((error) => {
      if (!(error instanceof SetupError)) throw error;
    });
  const names = packageNames(lacks.needs);
  try {
    await log.during(`Installing system packages for ${missing} (about 20 s)`, () =>
      apt(['install', '-y', '-qq', '--no-install-recommends', ...names], 'apt-get install'),
    );
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(`${error.message}\n\nTo try it by hand:\n\n${byHand(lacks.needs)}`);
  }

  const still = findMissing(wanted);
  if (still.needs.length > 0) {
    throw new SetupError(`Still missing after installing ${names.join(' ')}: ${still.words.join(', ')}.`);
  }
}

/** @returns {{ needs: (keyof typeof PACKAGES)[], words: string[] }} what to install, and how to say it */
function findMissing({ executable, screen, kcat, python, packaging, debootstrap }) {
  const needs = [];
  const words = [];
  const libraries = executable ? missingLibraries(executable) : [];
  if (libraries.length > 0) {
    needs.push('libraries');
    words.push(libraries.length > 4 ? `${libraries.length} libraries of Electron` : libraries.join(', '));
  }
  if (screen && !hasProgram('Xvfb')) {
    needs.push('screen');
    words.push('a virtual screen (Xvfb)');
  }
  if (executable && !hasFonts()) {
    needs.push('fonts');
    words.push('fonts');
  }
  if (kcat && !hasProgram('kcat')) {
    needs.push('kcat');
    words.push('kcat');
  }
  if (python && !hasPythonModules()) {
    needs.push('python');
    words.push('Kafka clients for Python');
  }
  if (packaging && !(hasProgram('dpkg-deb') && hasProgram('rpmbuild'))) {
    needs.push('packaging');
    words.push('what makes installers (dpkg-deb, rpmbuild)');
  }
  // Its programs are for root, and not on everybody's PATH.
  if (debootstrap && !(inFolders('debootstrap', ['/usr/sbin', '/usr/bin']) && hasProgram('unshare'))) {
    needs.push('debootstrap');
    words.push('debootstrap');
  }
  return { needs, words };
}

/** The names that this system's package lists know. */
function packageNames(needs) {
  return needs
    .flatMap((need) => PACKAGES[need])
    .map((names) => names.split('|').find(isKnown) ?? names.split('|').at(-1));
}

const isKnown = (name) =>
  spawnSync('apt-cache', ['show', '--quiet=2', '--no-all-versions', name], { stdio: 'ignore' }).status === 0;

function byHand(needs) {
  return `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packageNames(needs).join(' ')}`;
}

/** How root's rights can be had: as we are, through sudo without a password, or not at all. */
function rootRights() {
  if (process.getuid?.() === 0) return 'root';
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? 'sudo' : undefined;
}

function asRoot(rights, [command, ...args]) {
  const noQuestions = { DEBIAN_FRONTEND: 'noninteractive' };
  if (rights === 'root') return [command, args, { env: { ...process.env, ...noQuestions } }];
  return ['sudo', ['-n', 'env', 'DEBIAN_FRONTEND=noninteractive', command, ...args]];
}
