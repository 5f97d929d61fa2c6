/**
 * aiokafka for the conformance tests, from the Python package index, in a virtual environment in the cache: nothing is
 * installed into the system's Python. What is there under its name is complete: it is made, then renamed.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { runQuietly } from './processes.mjs';
import { SetupError } from './setupError.mjs';

/** Debian's and Ubuntu's own; another one on the PATH may lack venv, or the wheels. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
/** Its codecs beside gzip are in cramjam. */
const PACKAGES = [
  'aiokafka==0.14.0',
  'cramjam==2.14.0',
  'typing_extensions==4.16.0',
  'packaging==26.4',
  'async-timeout==5.0.1',
];

/** @type {Promise<{ python: string } | { reason: string }> | undefined} */
let ensuring;

/**
 * Installed if need be; or why it cannot be had here.
 *
 * @returns {Promise<{ python: string } | { reason: string }>} the interpreter that has it
 */
export function ensureAiokafka() {
  ensuring ??= install();
  return ensuring;
}

/** @returns {Promise<{ python: string } | { reason: string }>} */
async function install() {
  const folder = join(cacheFolder, PACKAGES[0].replace('==', '-'));
  const python = join(folder, 'bin', 'python3');
  if (existsSync(python)) return { python };
  mkdirSync(cacheFolder, { recursive: true });
  const unfinished = `${folder}.${process.pid}.part`;
  try {
    await runQuietly('python3 -m venv', PYTHON, ['-m', 'venv', unfinished]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', ...PACKAGES];
    await runQuietly('pip install', join(unfinished, 'bin', 'python3'), pip, { timeoutMs: 120_000 });
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return { python };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { reason: `aiokafka could not be installed: ${error.message.split('\n')[0]}` };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
