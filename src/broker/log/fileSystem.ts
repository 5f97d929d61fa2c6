/**
 * The disk as the broker sees it: few, synchronous operations, so that an ack can mean "write() returned", and a
 * twin in memory (tests/unit/broker/memoryFileSystem.ts) can fail any one of them.
 */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

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
  close(): void;
}

export interface FileSystem {
  /** Opens for reading and writing, creating the file if it is missing. */
  open(path: string): OpenFile;
  /** Opens a file that must not exist yet; undefined if it does. */
  create(path: string): OpenFile | undefined;
  /** With all folders above it. */
  makeFolder(path: string): void;
  /** Names in a folder, sorted; none for a folder that is missing. */
  list(path: string): string[];
  rename(from: string, to: string): void;
  /** A file, or a folder with all that is in it; nothing happens if it is missing. */
  remove(path: string): void;
  /** Makes creations, renames and removals in a folder last. */
  syncFolder(path: string): void;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

class NodeFile implements OpenFile {
  constructor(private readonly descriptor: number) {}

  size(): number {
    return fstatSync(this.descriptor).size;
  }

  read(into: Buffer, offset: number, length: number, position: number): number {
    return readSync(this.descriptor, into, offset, length, position);
  }

  write(bytes: Buffer, offset: number, length: number, position: number): number {
    return writeSync(this.descriptor, bytes, offset, length, position);
  }

  truncate(size: number): void {
    ftruncateSync(this.descriptor, size);
  }

  sync(): void {
    fdatasyncSync(this.descriptor);
  }

  syncLater(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.descriptor, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

export const nodeFileSystem: FileSystem = {
  open: (path) => new NodeFile(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644)),
  create(path) {
    try {
      return new NodeFile(openSync(path, 'wx+', 0o644));
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return undefined;
      throw error;
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

/** The whole of a small file, or undefined if it is missing. */
export function readWholeFile(fileSystem: FileSystem, folder: string, name: string): Buffer | undefined {
  if (!fileSystem.list(folder).includes(name)) return undefined;
  const file = fileSystem.open(`${folder}/${name}`);
  try {
    return readUpTo(file, 0, file.size());
  } finally {
    file.close();
  }
}
