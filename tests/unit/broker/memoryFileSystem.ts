/** The broker's file system in memory, whose n-th write or sync can be made to fail or to fall short. */
import type { FileSystem, OpenFile } from '../../../src/broker/log/fileSystem.ts';

export type Operation = 'write' | 'sync' | 'truncate' | 'open' | 'rename' | 'remove';

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
  /** What the last sync brought to the disk. */
  synced?: Buffer;
}

export class MemoryFileSystem implements FileSystem {
  readonly files = new Map<string, MemoryFile>();
  private readonly folders = new Set<string>();
  /** Called before each operation, as at the moment at which the process might be killed. */
  beforeOperation: ((operation: Operation) => void) | undefined;
  private faults: { fault: Fault; seen: number }[] = [];
  readonly counts = { write: 0, sync: 0, truncate: 0, open: 0, rename: 0, remove: 0 };
  /** Is called when half of a write has been taken, and when all of it has: a process can be killed at either. */
  onWrite: (() => void) | undefined;
  /** What syncs that run beside the rest wait for first, as on a disk that is busy. */
  syncsWaitFor: Promise<void> = Promise.resolve();
  /** Bytes of all files together; a write that would go beyond takes what there is room for, and the next one fails. */
  capacity = Number.POSITIVE_INFINITY;

  inject(...faults: Fault[]): void {
    this.faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  /** The fault that this operation runs into, if any. */
  hit(operation: Operation): Fault | undefined {
    this.beforeOperation?.(operation);
    this.counts[operation] += 1;
    for (const pending of this.faults) {
      if (pending.fault.operation !== operation) continue;
      pending.seen += 1;
      if (pending.seen === pending.fault.nth) return pending.fault;
    }
    return undefined;
  }

  private failIfHit(operation: Operation): void {
    if (this.hit(operation)?.thenFails) throw new Error(`EIO: ${operation}`);
  }

  get free(): number {
    return [...this.files.values()].reduce((free, { bytes }) => free - bytes.length, this.capacity);
  }

  open(path: string): OpenFile {
    this.failIfHit('open');
    let file = this.files.get(path);
    if (file === undefined) {
      file = { bytes: Buffer.alloc(0) };
      this.files.set(path, file);
    }
    return new OpenMemoryFile(this, file, path);
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
    this.failIfHit('rename');
    const file = this.files.get(from);
    if (file === undefined) throw new Error(`no file ${from}`);
    this.files.delete(from);
    this.files.set(to, file);
  }

  remove(path: string): void {
    this.failIfHit('remove');
    for (const known of [...this.files.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.files.delete(known);
    }
    for (const known of [...this.folders]) {
      if (known === path || known.startsWith(`${path}/`)) this.folders.delete(known);
    }
  }

  async removeLater(path: string): Promise<void> {
    this.remove(path);
  }

  volume() {
    return { totalBytes: 1e12, usableBytes: 5e11 };
  }

  syncFolder(): void {}

  /** What a copy of the disk would hold now. */
  copy(): MemoryFileSystem {
    const copy = new MemoryFileSystem();
    for (const [path, { bytes }] of this.files) copy.files.set(path, { bytes: Buffer.from(bytes) });
    return copy;
  }

  /** What the disk would hold after a loss of power: no more than was synced. */
  copySynced(): MemoryFileSystem {
    const copy = new MemoryFileSystem();
    for (const [path, { synced }] of this.files)
      copy.files.set(path, { bytes: Buffer.from(synced ?? Buffer.alloc(0)) });
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
    private path: string,
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
    if (this.fileSystem.onWrite !== undefined) {
      const half = Math.floor(taken / 2);
      const whole = this.file.bytes;
      this.file.bytes = Buffer.from(whole.subarray(0, position + half));
      bytes.copy(this.file.bytes, position, offset, offset + half);
      this.fileSystem.onWrite();
      this.file.bytes = whole;
    }
    bytes.copy(this.file.bytes, position, offset, offset + taken);
    this.fileSystem.onWrite?.();
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
    this.file.synced = Buffer.from(this.file.bytes);
  }

  async syncLater(): Promise<void> {
    await this.fileSystem.syncsWaitFor;
    this.sync();
  }

  rename(path: string): void {
    this.fileSystem.rename(this.path, path);
    this.path = path;
  }

  close(): void {
    this.closed = true;
  }

  closeLater(): void {
    this.close();
  }
}
