/**
 * The processes a script starts. Each gets a process group of its own (where there are groups), so that
 * ending it ends its children too; whatever way the script ends, nothing it started is left behind.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './setupError.mjs';

const GRACE_MS = 5000;
const PARENT_CHECK_MS = 300;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const groups = process.platform !== 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

// The last resort, for ends that no code of ours awaits (an uncaught error, process.exit).
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

/** Sends `signal` to the child and to everything in its group; a group that is gone is no error. */
function signalGroup(child, signal) {
  try {
    if (groups) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a process.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<number>, end: () => Promise<number> }}
 *   `ended` is the exit code (128 + the signal's number after a signal; 127 when it could not be started);
 *   `end` asks it to end, insists after five seconds, and sweeps up what is left of its group.
 */
export function startProcess(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: groups, ...options });
  if (child.pid !== undefined) running.add(child);

  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      console.error(`Could not start ${command}: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code, signal) => {
      signalGroup(child, 'SIGKILL');
      running.delete(child);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });

  const end = async () => {
    if (!running.has(child)) return ended;
    signalGroup(child, 'SIGTERM');
    const insist = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
    const code = await ended;
    clearTimeout(insist);
    return code;
  };
  return { child, ended, end };
}

/**
 * Runs a process in the foreground: our signals are passed on to it, and its exit code is returned.
 * After a signal it has five seconds before it is killed.
 */
export async function runInForeground(command, args, options = {}) {
  const started = startProcess(command, args, options);
  foreground.add(started.child);
  try {
    return await started.ended;
  } finally {
    foreground.delete(started.child);
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const foreground = new Set();
let interrupted = false;

/** Has someone asked this script to stop? Then no further step is begun. */
export const wasInterrupted = () => interrupted;

/**
 * Makes this script answer to signals: what runs in the foreground gets the signal and time to close; without
 * such a process, the script ends at once, and everything it started with it.
 */
export function answerSignals() {
  for (const signal of FORWARDED) process.on(signal, () => stop(signal));

  // A signal to npm ends npm and the shell between us, and never gets here: the parent is gone, that is all.
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop('SIGTERM');
  }, PARENT_CHECK_MS);
  watch.unref();
}

function stop(signal) {
  interrupted = true;
  if (foreground.size === 0) process.exit(128 + constants.signals[signal]);
  for (const child of foreground) {
    signalGroup(child, signal);
    setTimeout(() => running.has(child) && signalGroup(child, 'SIGKILL'), GRACE_MS).unref();
  }
}

/**
 * Runs a command whose output is of interest only when it fails.
 *
 * @param {string} what names the step in the error, e.g. "npm ci"
 * @param {{ timeoutMs?: number } & import('node:child_process').SpawnOptions} [options]
 * @throws {SetupError} with the output, when the command fails or takes longer than `timeoutMs`
 */
export async function runQuietly(what, command, args, { timeoutMs, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'geostream-step-'));
  const logFile = join(folder, 'output.log');
  const output = openSync(logFile, 'a');
  let late = false;
  try {
    const started = startProcess(command, args, { ...options, stdio: ['ignore', output, output] });
    const timer = timeoutMs
      ? setTimeout(() => {
          late = true;
          void started.end();
        }, timeoutMs)
      : undefined;
    const code = await started.ended;
    clearTimeout(timer);
    const text = readFileSync(logFile, 'utf8');
    if (code !== 0) {
      const reason = late ? `took longer than ${timeoutMs / 1000} s and was ended` : `failed (exit code ${code})`;
      throw new SetupError(`${what} ${reason}. Its output:\n\n${shorten(text)}`);
    }
    return text;
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The beginning of an output, where npm says what is wrong, and its end, where compilers do. */
function shorten(text) {
  const lines = text.trimEnd().split('\n');
  return lines.length <= 60 ? lines.join('\n') : [...lines.slice(0, 20), '[…]', ...lines.slice(-40)].join('\n');
}
