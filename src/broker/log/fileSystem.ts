/**
 * The disk as the broker sees it: few, synchronous operations, so that an ack can mean "write() returned", and a
 * twin in memory (tests/unit/broker/memoryFileSystem.ts) can fail any one of them.
 */
import { randomBytes } from 'node:crypto';
import {
  close,
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';

export interface OpenFile {
  /** Bytes that the file has now. */
  size(): number;
  /** May read less than asked for, as at the end; returns the bytes read. */
  read(into: Buffer, offset: number, length: number, position: number): number;
  /** May write less than asked for; returns the bytes written. Throws when the disk refuses. */
  write(bytes: Buffer, offset: number, length: number, position: number): number;
  truncate(size: number): void;
  sync(): void;
  /** As sync, off the main thread. */
  syncLater(): Promise<void>;
  /** Gives it another path, where a file may be that is gone then. */
  rename(path: string): void;
  close(): void;
  /** As close, off the main thread: to let go of a file that has no name any more takes the disk its time. */
  closeLater(): void;
}

export interface FileSystem {
  /** Opens for reading and writing, creating the file if it is missing. */
  open(path: string): OpenFile;
  /** All of a small file; undefined if it is missing. */
  readWhole(path: string): Buffer | undefined;
  /** Puts a whole file where none may be yet: nobody ever sees a part of it. False if there is one. */
  createWhole(path: string, bytes: Buffer): boolean;
  /** With all folders above it. */
  makeFolder(path: string): void;
  /** Names in a folder, sorted; none for a folder that is missing. */
  list(path: string): string[];
  rename(from: string, to: string): void;
  /** A file, or a folder with all that is in it; nothing happens if it is missing. */
  remove(path: string): void;
  /** As remove, off the main thread: a large file takes the disk its time. */
  removeLater(path: string): Promise<void>;
  /** Of the volume that a folder is on, in bytes; undefined where the system does not say. */
  volume(folder: string): { readonly totalBytes: number; readonly usableBytes: number } | undefined;
  /** Makes creations, renames and removals in a folder last. */
  syncFolder(path: string): void;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * A cluster of thousands of partitions has more files than a process may have open. So a file is opened when it is
 * used, and the one that was used longest ago is closed for it.
 */
const MAX_OPEN = 200;
/** Syncs under way at once: each holds a descriptor, and Node has four threads for them. */
const MAX_SYNCS = 16;

/** Files with a descriptor, the one used longest ago first. */
const opened = new Set<NodeFile>();
const waitingSyncs: (() => void)[] = [];
let syncs = 0;

class NodeFile implements OpenFile {
  private descriptor: number | undefined;
  /** Syncs asked for and not ended: until then the file can be used, closed or not. */
  private pending = 0;
  /** Syncs under way, which need the descriptor to stay. */
  private holds = 0;
  private closed = false;

  constructor(
    private path: string,
    descriptor: number,
  ) {
    this.keep(descriptor);
  }

  private keep(descriptor: number): number {
    this.descriptor = descriptor;
    opened.add(this);
    if (opened.size > MAX_OPEN) {
      for (const file of opened) {
        if (file === this || file.holds > 0) continue;
        file.release();
        break;
      }
    }
    return descriptor;
  }

  private release(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    opened.delete(this);
  }

  private use(): number {
    if (this.closed && this.pending === 0) throw new Error(`${this.path} has been closed`);
    if (this.descriptor === undefined) return this.keep(openSync(this.path, constants.O_RDWR));
    opened.delete(this);
    opened.add(this);
    return this.descriptor;
  }

  size(): number {
    return fstatSync(this.use()).size;
  }

  read(into: Buffer, offset: number, length: number, position: number): number {
    return readSync(this.use(), into, offset, length, position);
  }

  write(bytes: Buffer, offset: number, length: number, position: number): number {
    return writeSync(this.use(), bytes, offset, length, position);
  }

  truncate(size: number): void {
    ftruncateSync(this.use(), size);
  }

  sync(): void {
    fdatasyncSync(this.use());
  }

  async syncLater(): Promise<void> {
    this.pending += 1;
    if (syncs >= MAX_SYNCS) await new Promise<void>((resolve) => waitingSyncs.push(resolve));
    syncs += 1;
    this.holds += 1;
    try {
      const descriptor = this.use();
      await new Promise<void>((resolve, reject) => {
        fdatasync(descriptor, (error) => (error ? reject(error) : resolve()));
      });
    } finally {
      syncs -= 1;
      waitingSyncs.shift()?.();
      this.holds -= 1;
      this.pending -= 1;
      if (this.closed && this.pending === 0) this.release();
    }
  }

  rename(path: string): void {
    renameSync(this.path, path);
    this.path = path;
  }

  close(): void {
    this.closed = true;
    if (this.pending === 0) this.release();
  }

  closeLater(): void {
    this.closed = true;
    if (this.pending > 0 || this.descriptor === undefined) return;
    opened.delete(this);
    // There is nothing to be done about a file that is gone.
    close(this.descriptor, () => {});
    this.descriptor = undefined;
  }
}

/** What link() says on file systems that have no hard links, such as exFAT. */
const WITHOUT_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** The next best: for an instant the file is there and empty. */
function createExclusively(path: string, bytes: Buffer): boolean {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

export const nodeFileSystem: FileSystem = {
  open: (path) => new NodeFile(path, openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644)),
  readWhole(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  },
  createWhole(path, bytes) {
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    try {
      writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o644 });
      linkSync(temporary, path);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      if (!WITHOUT_LINKS.some((code) => hasCode(error, code))) throw error;
      return createExclusively(path, bytes);
    } finally {
      rmSync(temporary, { force: true });
    }
  },
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  list(path) {
    try {
      return readdirSync(path).sort();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  },
  rename: renameSync,
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  removeLater: (path) => rm(path, { recursive: true, force: true }),
  volume(folder) {
    try {
      const { bsize, blocks, bavail } = statfsSync(folder);
      return { totalBytes: blocks * bsize, usableBytes: bavail * bsize };
    } catch {
      return undefined;
    }
  },
  syncFolder(path) {
    // Windows cannot open a folder; there a rename is durable with the file itself.
    if (process.platform === 'win32') return;
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
};

/** Writes all of it, however often the disk takes only a part. */
export function writeAll(file: OpenFile, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    const written = file.write(bytes, done, bytes.length - done, position + done);
    if (written <= 0) throw new Error('the disk took no bytes');
    done += written;
  }
}

/** Reads `length` bytes, or as many as there are. */
export function readUpTo(file: OpenFile, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const count = file.read(bytes, done, length - done, position + done);
    if (count <= 0) break;
    done += count;
  }
  return done === length ? bytes : bytes.subarray(0, done);
}
