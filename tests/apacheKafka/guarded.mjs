/** Processes and temporary folders that never outlive this test process, however it ends (see processGuard.mjs). */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {((line: string) => void) | undefined} */
let tellGuard;

/** @param {string} line */
function tell(line) {
  tellGuard ??= startGuard();
  tellGuard(`${line}\n`);
}

/** @returns {(line: string) => void} */
function startGuard() {
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'processGuard.mjs')], {
    // A session of its own: signals to this process's group are not for the guard.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const { stdin } = guard;
  // Neither the guard nor the pipe to it keeps this process from ending.
  guard.unref();
  if (stdin instanceof Socket) stdin.unref();
  stdin.on('error', () => undefined);
  return (line) => void stdin.write(line);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawnGuarded(command, args, options) {
  const child = spawn(command, args, options);
  const { pid } = child;
  if (pid !== undefined) {
    tell(`+${pid}`);
    child.once('exit', () => tell(`-${pid}`));
  }
  return child;
}

/** @param {string} prefix */
export async function makeGuardedFolder(prefix) {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  tell(`+${folder}`);
  return folder;
}

/** @param {string} folder */
export async function removeGuardedFolder(folder) {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  tell(`-${folder}`);
}
