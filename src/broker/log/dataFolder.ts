/**
 * Holds a data folder for one process (`lock`), and knows whether the last one left it in order
 * (`clean-shutdown`, written last thing and removed first thing).
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FileSystem, writeAll } from './fileSystem.ts';

const LOCK = 'lock';
const CLAIM = 'lock-claim-';
const MARKER = 'clean-shutdown';
/** Names the version of everything in the folder, in digits. Folders from before there was one are of version 1. */
const FORMAT = 'format';
const FORMAT_VERSION = 1;

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

/** Nothing in the folder has been touched. */
export class DataFolderNewerError extends Error {
  override readonly name = 'DataFolderNewerError';
  readonly code = 'DATA_FOLDER_NEWER';

  constructor(folder: string, found: string) {
    super(
      `The data folder ${folder} is of a newer broker: its format is ${JSON.stringify(found)}, and this one knows ${FORMAT_VERSION}. ` +
        'Use the newer GeoStream again, or start this broker with another folder: --data DIR.',
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
  takeLock(fileSystem, folder, LOCK);
  heldHere.add(folder);
  const names = fileSystem.list(folder);
  const wasClean = names.includes(MARKER);
  try {
    checkFormat(fileSystem, folder);
    // Claims of processes that died while they made them.
    for (const name of names) if (name.startsWith(CLAIM)) fileSystem.remove(`${folder}/${name}`);
    fileSystem.remove(`${folder}/${MARKER}`);
    fileSystem.syncFolder(folder);
  } catch (error) {
    fileSystem.remove(`${folder}/${LOCK}`);
    heldHere.delete(folder);
    throw error;
  }
  return {
    wasClean,
    release(clean) {
      try {
        if (clean) writeSmallFile(fileSystem, folder, MARKER, '');
      } finally {
        fileSystem.remove(`${folder}/${LOCK}`);
        heldHere.delete(folder);
      }
      fileSystem.syncFolder(folder);
    },
  };
}

/** An empty file is one that a power failure kept from being written. */
function checkFormat(fileSystem: FileSystem, folder: string): void {
  const found = fileSystem.readWhole(`${folder}/${FORMAT}`)?.toString('utf8', 0, 40).trim() ?? '';
  if (found === '') writeSmallFile(fileSystem, folder, FORMAT, `${FORMAT_VERSION}\n`);
  else if (found !== String(FORMAT_VERSION)) throw new DataFolderNewerError(folder, found);
}

/**
 * Makes the lock, or takes over one whose process is gone. Of several processes that find the same one abandoned, the
 * first to make the claim on this very lock may replace it: a claim is a lock too, named after what the abandoned one
 * holds, and so the lock that a winner has put there meanwhile cannot be taken for the one that was abandoned.
 */
function takeLock(fileSystem: FileSystem, folder: string, name: string): void {
  const path = `${folder}/${name}`;
  const owner = { pid: process.pid, startedAt: processStart(process.pid), nonce: randomUUID() };
  for (;;) {
    if (fileSystem.createWhole(path, Buffer.from(JSON.stringify(owner)))) return;
    const held = readSettled(fileSystem, path);
    if (held === undefined) continue;
    const pid = livingOwner(held);
    if (pid !== undefined) throw new DataFolderLockedError(folder, pid);
    const claim = CLAIM + createHash('sha256').update(held).digest('hex').slice(0, 16);
    takeLock(fileSystem, folder, claim);
    if (fileSystem.readWhole(path)?.equals(held)) {
      fileSystem.rename(`${folder}/${claim}`, path);
      return;
    }
    fileSystem.remove(`${folder}/${claim}`);
  }
}

/** A lock, waiting for a moment if it is empty: its process may be just about to write it (see createExclusively). */
function readSettled(fileSystem: FileSystem, path: string): Buffer | undefined {
  for (let tries = 0; ; tries += 1) {
    const held = fileSystem.readWhole(path);
    if (held === undefined || held.length > 0 || tries >= 10) return held;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

/** The process that a lock names, if it is alive and still the same one. */
function livingOwner(lock: Buffer): number | undefined {
  let owner: unknown;
  try {
    owner = JSON.parse(lock.toString('utf8'));
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
