/**
 * Electron's own binary, which the `electron` package downloads from GitHub (or from `ELECTRON_MIRROR`).
 * It has no install script since version 42, so the download is asked for here, and bounded: where GitHub
 * cannot be reached, a start must not wait for it, and the failure is remembered for a day.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, root } from './folders.mjs';
import { runQuietly } from './processes.mjs';

const REACH_TIMEOUT_MS = 15_000;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const FAILURE_HOLDS_MS = 24 * 3600_000;

const folder = join(root, 'node_modules', 'electron');

/** The version that package.json asks for. */
export const officialVersion = () => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/**
 * The official binary's folder and executable when it has been downloaded, else undefined.
 *
 * @returns {{ dist: string, executable: string } | undefined}
 */
export function installedOfficial() {
  try {
    const dist = join(folder, 'dist');
    const executable = join(dist, readFileSync(join(folder, 'path.txt'), 'utf8'));
    const version = readFileSync(join(dist, 'version'), 'utf8').replace(/^v/, '');
    return version === officialVersion() && existsSync(executable) ? { dist, executable } : undefined;
  } catch {
    return undefined; // One of the files is not there: it is not installed.
  }
}

/**
 * Downloads the official binary, unless a download failed within the last day.
 *
 * @returns {Promise<{ dist: string, executable: string } | { failure: string }>} `failure` in words
 */
export async function downloadOfficial(log) {
  const note = join(cacheFolder, `electron-${officialVersion()}-download-failed.json`);
  const earlier = readFailure(note);
  if (earlier) return { failure: `${earlier.reason} on ${earlier.at.slice(0, 10)}; it is tried again after a day` };

  try {
    await log.during(`Downloading Electron ${officialVersion()} (about 110 MB)`, async () => {
      await assertReachable();
      await runQuietly('The download of Electron', process.execPath, [...requireEsm(), join(folder, 'install.js')], {
        timeoutMs: DOWNLOAD_TIMEOUT_MS,
      });
    });
  } catch (error) {
    const reason = `it could not be downloaded (${firstLine(error)})`;
    await mkdir(cacheFolder, { recursive: true });
    await writeFile(note, JSON.stringify({ at: new Date().toISOString(), reason }));
    return { failure: `${reason}; it is tried again after a day, or when ${note} is removed` };
  }
  await rm(note, { force: true });
  return installedOfficial() ?? { failure: 'its download ended without a binary' };
}

function readFailure(note) {
  try {
    const failure = JSON.parse(readFileSync(note, 'utf8'));
    return Date.now() - Date.parse(failure.at) < FAILURE_HOLDS_MS ? failure : undefined;
  } catch {
    return undefined; // No note, or not one of ours.
  }
}

/** Asks for one byte of the download, so that an unreachable host is noticed in seconds rather than minutes. */
async function assertReachable() {
  // Node 20's fetch knows nothing of proxies, the downloader does: with a proxy, leave the finding out to it.
  if (process.env.ELECTRON_GET_USE_PROXY) return;
  const base =
    process.env.npm_config_electron_mirror ||
    process.env.ELECTRON_MIRROR ||
    'https://github.com/electron/electron/releases/download/';
  const file = `v${officialVersion()}/SHASUMS256.txt`;
  const answer = await fetch(base + file, {
    headers: { range: 'bytes=0-0' },
    signal: AbortSignal.timeout(REACH_TIMEOUT_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${new URL(base).host} answered ${answer.status}`);
}

/** The downloader requires an ES module, which Node allows without a flag from 20.19 on. */
function requireEsm() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major === 20 && minor < 19 ? ['--experimental-require-module'] : [];
}

function firstLine(error) {
  const cause = error.cause?.code ? `: ${error.cause.code}` : '';
  return `${String(error.message).split('\n')[0]}${cause}`;
}
