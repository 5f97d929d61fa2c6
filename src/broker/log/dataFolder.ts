/**
 * Holds a data folder for one process (`lock`), and knows whether the last one left it in order
 * (`clean-shutdown`, written last thing and removed first thing).
 */
import { readFileSync } from 'node:fs';
import { type FileSystem, readWholeFile, writeAll } from './fileSystem.ts';

const LOCK = 'lock';
const MARKER = 'clean-shutdown';

/** Folders held by this very process, whose id in a lock file says nothing. */
const heldHere = new Set<string>();

export class DataFolderLockedError extends Error {
  override readonly name = 'DataFolderLockedError';
  readonly code = 'DATA_FOLDER_LOCKED';

  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${pid}. Stop that broker, or start this one with another folder: --data DIR.`,
    );
  }
}

export interface HeldFolder {
  /** The last process that held it closed it in order: nothing has to be checked. */
  readonly wasClean: boolean;
  /** Gives the folder back; `clean` if all in it is on the disk. */
  release(clean: boolean): void;
}

export function holdDataFolder(fileSystem: FileSystem, folder: string): HeldFolder {
  fileSystem.makeFolder(folder);
  if (heldHere.has(folder)) throw new DataFolderLockedError(folder, process.pid);
  takeLock(fileSystem, folder);
  heldHere.add(folder);
  const wasClean = fileSystem.list(folder).includes(MARKER);
  fileSystem.remove(`${folder}/${MARKER}`);
  fileSystem.syncFolder(folder);
  return {
    wasClean,
    release(clean) {
      if (clean) writeSmallFile(fileSystem, folder, MARKER, '');
      fileSystem.remove(`${folder}/${LOCK}`);
      fileSystem.syncFolder(folder);
      heldHere.delete(folder);
    },
  };
}

function takeLock(fileSystem: FileSystem, folder: string): void {
  for (;;) {
    const file = fileSystem.create(`${folder}/${LOCK}`);
    if (file !== undefined) {
      const owner = { pid: process.pid, startedAt: processStart(process.pid) };
      writeAll(file, Buffer.from(JSON.stringify(owner)), 0);
      file.close();
      return;
    }
    const pid = livingOwner(readWholeFile(fileSystem, folder, LOCK));
    if (pid !== undefined) throw new DataFolderLockedError(folder, pid);
    fileSystem.remove(`${folder}/${LOCK}`);
  }
}

/** The process that a lock names, if it is alive and still the same one. */
function livingOwner(lock: Buffer | undefined): number | undefined {
  let owner: unknown;
  try {
    owner = JSON.parse(lock?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
  if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !Number.isInteger(owner.pid))
    return undefined;
  const pid = Number(owner.pid);
  if (pid <= 0 || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined;
  }
  const startedAt = 'startedAt' in owner ? owner.startedAt : undefined;
  const sameProcess = typeof startedAt !== 'string' || startedAt === '' || startedAt === processStart(pid);
  return sameProcess ? pid : undefined;
}

/** Start time of a process in clock ticks since boot (Linux, proc(5) field 22): ids are used again, this pair is not. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function writeSmallFile(fileSystem: FileSystem, folder: string, name: string, text: string): void {
  const file = fileSystem.open(`${folder}/${name}`);
  writeAll(file, Buffer.from(text), 0);
  file.sync();
  file.close();
}
