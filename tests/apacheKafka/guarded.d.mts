import type { ChildProcess, SpawnOptions } from 'node:child_process';

export function spawnGuarded(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
/** A new one in the system's folder for temporary files. */
export function makeGuardedFolder(prefix: string): Promise<string>;
/** With all that is in it. */
export function removeGuardedFolder(folder: string): Promise<void>;
