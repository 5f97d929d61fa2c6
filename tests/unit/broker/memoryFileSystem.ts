/** The broker's file system in memory, whose n-th write or sync can be made to fail or to fall short. */
import type { FileSystem, OpenFile } from '../../../src/broker/log/fileSystem.ts';

export type Operation = 'write' | 'sync' | 'truncate';

export interface Fault {
  readonly operation: Operation;
  /** Counted from 1, from when the fault was set. */
  readonly nth: number;
  /** Bytes that a write still takes: it then fails if `thenFails`, or reports so many. */
  readonly takes?: number;
  readonly thenFails: boolean;
}

interface MemoryFile {
  bytes: Buffer;
}

export class MemoryFileSystem implements FileSystem {
  readonly files = new Map<string, MemoryFile>();
  private readonly folders = new Set<string>();
  private faults: { fault: Fault; seen: number }[] = [];
  /** Bytes of all files together; a write that would go beyond takes what there is room for, and the next one fails. */
  capacity = Number.POSITIVE_INFINITY;
  readonly counts = { write: 0, sync: 0, truncate: 0 };

  inject(...faults: Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  /** The fault that this operation runs into, if any. */
  hit(operation: Operation): Fault | undefined {
    this.counts[operation] += 1;
    for (const pending of this.faults) {
      if (pending.fault.operation !== operation) continue;
      pending.seen += 1;
      if (pending.seen === pending.fault.nth) return pending.fault;
    }
    return undefined;
  }

  get free(): number {
    return [...this.files.values()].reduce((free, { bytes }) => free - bytes.length, this.capacity);
  }

  open(path: string): OpenFile {
    let file = this.files.get(path);
    if (file === undefined) {
      file = { bytes: Buffer.alloc(0) };
      this.files.set(path, file);
    }
    return new OpenMemoryFile(this, file);
  }

  readWhole(path: string): Buffer | undefined {
    const file = this.files.get(path);
    return file === undefined ? undefined : Buffer.from(file.bytes);
  }

  createWhole(path: string, bytes: Buffer): boolean {
    if (this.files.has(path)) return false;
    this.files.set(path, { bytes: Buffer.from(bytes) });
    return true;
  }

  makeFolder(path: string): void {
    this.folders.add(path);
  }

  list(path: string): string[] {
    const names = new Set<string>();
    for (const known of [...this.files.keys(), ...this.folders]) {
      if (known.startsWith(`${path}/`)) names.add(known.slice(path.length + 1).split('/')[0]!);
    }
    return [...names].sort();
  }

  rename(from: string, to: string): void {
    const file = this.files.get(from);
    if (file === undefined) throw new Error(`no file ${from}`);
    this.files.delete(from);
    this.files.set(to, file);
  }

  remove(path: string): void {
    for (const known of [...this.files.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.files.delete(known);
    }
    for (const known of [...this.folders]) {
      if (known === path || known.startsWith(`${path}/`)) this.folders.delete(known);
    }
  }

  syncFolder(): void {}

  /** What a copy of the disk would hold now. */
  copy(): MemoryFileSystem {
    const copy = new MemoryFileSystem();
    for (const [path, { bytes }] of this.files) copy.files.set(path, { bytes: Buffer.from(bytes) });
    return copy;
  }

  bytesOf(path: string): Buffer {
    return this.files.get(path)?.bytes ?? Buffer.alloc(0);
  }

  setBytes(path: string, bytes: Buffer): void {
    this.files.set(path, { bytes });
  }
}

class OpenMemoryFile implements OpenFile {
  private closed = false;

  constructor(
    private readonly fileSystem: MemoryFileSystem,
    private readonly file: MemoryFile,
  ) {}

  size(): number {
    return this.file.bytes.length;
  }

  read(into: Buffer, offset: number, length: number, position: number): number {
    if (this.closed) throw new Error('EBADF');
    return this.file.bytes.copy(into, offset, position, Math.min(position + length, this.file.bytes.length));
  }

  write(bytes: Buffer, offset: number, length: number, position: number): number {
    if (this.closed) throw new Error('EBADF');
    const room = Math.max(this.file.bytes.length - position, 0) + this.fileSystem.free;
    if (room < length) {
      if (room <= 0) throw new Error('ENOSPC: no space left on device');
      return this.write(bytes, offset, room, position);
    }
    const fault = this.fileSystem.hit('write');
    const taken = fault === undefined ? length : Math.min(fault.takes ?? 0, length);
    const end = position + taken;
    if (end > this.file.bytes.length) {
      this.file.bytes = Buffer.concat([this.file.bytes, Buffer.alloc(end - this.file.bytes.length)]);
    }
    bytes.copy(this.file.bytes, position, offset, offset + taken);
    if (fault?.thenFails) throw new Error('ENOSPC: no space left on device');
    return taken;
  }

  truncate(size: number): void {
    if (this.fileSystem.hit('truncate')?.thenFails) throw new Error('EIO: truncate');
    this.file.bytes = Buffer.from(this.file.bytes.subarray(0, size));
  }

  sync(): void {
    if (this.closed) throw new Error('EBADF');
    if (this.fileSystem.hit('sync')?.thenFails) throw new Error('EIO: sync');
  }

  async syncLater(): Promise<void> {
    this.sync();
  }

  close(): void {
    this.closed = true;
  }
}
