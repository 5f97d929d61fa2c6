/** Processes and temporary folders that never outlive this test process, however it ends (see processGuard.mjs). */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let tellGuard: ((line: string) => void) | undefined;

function tell(line: string): void {
  tellGuard ??= startGuard();
  tellGuard(`${line}\n`);
}

function startGuard(): (line: string) => void {
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

export function spawnGuarded(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  const { pid } = child;
  if (pid !== undefined) {
    tell(`+${pid}`);
    child.once('exit', () => tell(`-${pid}`));
  }
  return child;
}

export async function makeGuardedFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  tell(`+${folder}`);
  return folder;
}

export async function removeGuardedFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  tell(`-${folder}`);
}
