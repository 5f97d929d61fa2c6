/**
 * An append log of small entries: `[length uint32][crc32c uint32][type uint8][payload]`, big-endian, where length
 * counts type and payload, and the checksum covers them. Reading stops, and cuts, at the first entry that is not whole.
 * It is compacted by writing a new file beside it, syncing that, renaming it over the old, and syncing the folder; bit by
 * bit, while the old one goes on growing: what it gets meanwhile is copied behind the new one's entries.
 */
import type { Pause, Steps } from '../turns.ts';
import { crc32c } from '../wire/crc32c.ts';
import { type FileSystem, type OpenFile, readUpTo, writeAll } from './fileSystem.ts';

const HEADER_BYTES = 8;
/** Far above any real entry; a larger claim is damage. */
const MAX_ENTRY_BYTES = 16 << 20;
/** What is read, or written to a new file, in one step. */
const STEP_BYTES = 64 << 10;
/** How often a new file is synced while the old one grows; what comes behind the last time is synced at once. */
const MAX_SYNCS = 3;
const FILE_NAME = 'metadata.journal';

export interface JournalEntry {
  readonly type: number;
  readonly payload: Buffer;
}

export class Journal {
  /** Bytes cut off when it was read. */
  cutBytes = 0;
  private file: OpenFile;
  private size = 0;
  private broken = false;
  private closed = false;
  private runningSync: Promise<void> = Promise.resolve();

  /** It has to be read before anything is appended. */
  constructor(
    private readonly fileSystem: FileSystem,
    private readonly folder: string,
  ) {
    this.file = fileSystem.open(`${folder}/${FILE_NAME}`);
  }

  /** Tells of every entry, and cuts off what is none. */
  *reading(onEntry: (entry: JournalEntry) => void): Steps<void> {
    const fileBytes = this.file.size();
    this.size = yield* replay(this.file, fileBytes, onEntry);
    this.cutBytes = fileBytes - this.size;
    if (this.cutBytes > 0) this.file.truncate(this.size);
  }

  get sizeInBytes(): number {
    return this.size;
  }

  /** Throws if the disk refuses, with the journal as it was. */
  append(entries: readonly JournalEntry[]): void {
    if (this.broken) throw new Error('the journal could not be restored after a failed write');
    const bytes = Buffer.concat(entries.map(frame));
    try {
      writeAll(this.file, bytes, this.size);
    } catch (error) {
      try {
        this.file.truncate(this.size);
      } catch {
        this.broken = true;
      }
      throw error;
    }
    this.size += bytes.length;
  }

  /**
   * Puts these entries in place of all that there are now, to the same state of which they have to amount; what is
   * appended before this has ended follows them. Throws if the disk refuses, or the journal is closed before the end.
   */
  async compact(entries: Iterable<JournalEntry>, pause: Pause): Promise<void> {
    const temporary = `${this.folder}/${FILE_NAME}.new`;
    const replaced = this.size;
    this.fileSystem.remove(temporary);
    const fresh = new Replacement(this.fileSystem.open(temporary), replaced);
    try {
      await this.writeAnew(fresh, entries, pause);
      // From here on nobody else has a turn, so that nothing can come between the last copy and the rename.
      this.throwIfClosed();
      if (fresh.copied < this.size) {
        while (fresh.copied < this.size) fresh.copyFrom(this.file, this.size);
        fresh.file.sync();
      }
      fresh.file.rename(`${this.folder}/${FILE_NAME}`);
    } catch (error) {
      fresh.file.close();
      // Half of it would only fill a disk that is full already.
      this.fileSystem.remove(temporary);
      throw error;
    }
    const former = this.file;
    const letGo = () => former.closeLater();
    void this.runningSync.then(letGo, letGo);
    this.file = fresh.file;
    this.size = fresh.size;
    this.broken = false;
    this.fileSystem.syncFolder(this.folder);
  }

  /** Ends when the new file has about all that the old one has, on the disk. */
  private async writeAnew(fresh: Replacement, entries: Iterable<JournalEntry>, pause: Pause): Promise<void> {
    const turn = async () => {
      await pause();
      this.throwIfClosed();
    };
    for (const entry of entries) {
      fresh.add(frame(entry));
      await turn();
    }
    fresh.write();
    for (let syncs = 0; syncs < MAX_SYNCS; syncs += 1) {
      while (fresh.copied < this.size) {
        fresh.copyFrom(this.file, this.size);
        await turn();
      }
      await fresh.file.syncLater();
      if (fresh.copied === this.size) return;
    }
  }

  private throwIfClosed(): void {
    if (this.closed) throw new Error('the journal was closed while it was compacted');
  }

  sync(): void {
    this.file.sync();
  }

  syncLater(): Promise<void> {
    this.runningSync = this.file.syncLater();
    return this.runningSync;
  }

  close(): void {
    this.closed = true;
    this.file.close();
  }
}

/** The file that is to take the place of the journal's. */
class Replacement {
  size = 0;
  private joined: Buffer[] = [];
  private joinedBytes = 0;

  constructor(
    readonly file: OpenFile,
    /** How far its entries stand for those of the old file, or are copies of them. */
    public copied: number,
  ) {}

  /** Several are written together. */
  add(entry: Buffer): void {
    this.joined.push(entry);
    this.joinedBytes += entry.length;
    if (this.joinedBytes >= STEP_BYTES) this.write();
  }

  write(): void {
    this.append(Buffer.concat(this.joined));
    this.joined = [];
    this.joinedBytes = 0;
  }

  private append(bytes: Buffer): void {
    writeAll(this.file, bytes, this.size);
    this.size += bytes.length;
  }

  copyFrom(file: OpenFile, end: number): void {
    const bytes = readUpTo(file, this.copied, Math.min(end - this.copied, STEP_BYTES));
    if (bytes.length === 0) throw new Error('the journal has become shorter');
    this.append(bytes);
    this.copied += bytes.length;
  }
}

function frame({ type, payload }: JournalEntry): Buffer {
  // Read back, it would count as damage, and all behind it would be lost with it.
  if (1 + payload.length > MAX_ENTRY_BYTES) throw new Error(`an entry of ${payload.length} bytes is too large`);
  const entry = Buffer.allocUnsafe(HEADER_BYTES + 1 + payload.length);
  entry.writeUInt32BE(1 + payload.length, 0);
  entry.writeUInt8(type, HEADER_BYTES);
  payload.copy(entry, HEADER_BYTES + 1);
  entry.writeUInt32BE(crc32c(entry, HEADER_BYTES), 4);
  return entry;
}

/** Returns how many bytes are whole entries. */
function* replay(file: OpenFile, fileBytes: number, onEntry: (entry: JournalEntry) => void): Steps<number> {
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  let at = 0;
  /** The file's bytes from `at` on, as a view; shorter than `length` only where the file ends. */
  const bytesAt = (length: number): Buffer => {
    if (at + length > windowAt + window.length) {
      window = readUpTo(file, at, Math.min(Math.max(length, STEP_BYTES), fileBytes - at));
      windowAt = at;
    }
    return window.subarray(at - windowAt, at - windowAt + length);
  };
  while (at + HEADER_BYTES < fileBytes) {
    const header = bytesAt(HEADER_BYTES);
    if (header.length < HEADER_BYTES) break;
    const length = header.readUInt32BE(0);
    const checksum = header.readUInt32BE(4);
    if (length < 1 || length > MAX_ENTRY_BYTES || at + HEADER_BYTES + length > fileBytes) break;
    const entry = bytesAt(HEADER_BYTES + length);
    if (entry.length < HEADER_BYTES + length || crc32c(entry, HEADER_BYTES) !== checksum) break;
    onEntry({ type: entry.readUInt8(HEADER_BYTES), payload: entry.subarray(HEADER_BYTES + 1) });
    at += HEADER_BYTES + length;
    yield;
  }
  return at;
}
