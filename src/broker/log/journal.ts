/**
 * An append log of small entries: `[length uint32][crc32c uint32][type uint8][payload]`, big-endian, where length
 * counts type and payload, and the checksum covers them. Reading stops, and cuts, at the first entry that is not whole.
 * It is compacted by writing a new file beside it, syncing that, renaming it over the old, and syncing the folder.
 */
import { crc32c } from '../wire/crc32c.ts';
import { type FileSystem, type OpenFile, readUpTo, writeAll } from './fileSystem.ts';

const HEADER_BYTES = 8;
/** Far above any real entry; a larger claim is damage. */
const MAX_ENTRY_BYTES = 16 << 20;
const FILE_NAME = 'metadata.journal';

export interface JournalEntry {
  readonly type: number;
  readonly payload: Buffer;
}

export class Journal {
  /** Bytes cut off when it was opened. */
  readonly cutBytes: number;
  private file: OpenFile;
  private size: number;
  private broken = false;
  private runningSync: Promise<void> = Promise.resolve();

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly folder: string,
    onEntry: (entry: JournalEntry) => void,
  ) {
    this.file = fileSystem.open(`${folder}/${FILE_NAME}`);
    const fileBytes = this.file.size();
    this.size = replay(readUpTo(this.file, 0, fileBytes), onEntry);
    this.cutBytes = fileBytes - this.size;
    if (this.cutBytes > 0) this.file.truncate(this.size);
  }

  get sizeInBytes(): number {
    return this.size;
  }

  /** Throws if the disk refuses, with the journal as it was. */
  append(entries: readonly JournalEntry[]): void {
    if (this.broken) throw new Error('the journal could not be restored after a failed write');
    const bytes = frame(entries);
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

  /** Puts these entries, which have to amount to the same state, in place of all there are. */
  compact(entries: readonly JournalEntry[]): void {
    const bytes = frame(entries);
    const temporary = `${this.folder}/${FILE_NAME}.new`;
    this.fileSystem.remove(temporary);
    const fresh = this.fileSystem.open(temporary);
    try {
      writeAll(fresh, bytes, 0);
      fresh.sync();
      this.fileSystem.rename(temporary, `${this.folder}/${FILE_NAME}`);
    } catch (error) {
      fresh.close();
      // Half of it would only fill a disk that is full already.
      this.fileSystem.remove(temporary);
      throw error;
    }
    const former = this.file;
    const close = () => former.close();
    void this.runningSync.then(close, close);
    this.file = fresh;
    this.size = bytes.length;
    this.broken = false;
    this.fileSystem.syncFolder(this.folder);
  }

  sync(): void {
    this.file.sync();
  }

  syncLater(): Promise<void> {
    this.runningSync = this.file.syncLater();
    return this.runningSync;
  }

  close(): void {
    this.file.close();
  }
}

function frame(entries: readonly JournalEntry[]): Buffer {
  const pieces: Buffer[] = [];
  for (const { type, payload } of entries) {
    // Read back, it would count as damage, and all behind it would be lost with it.
    if (1 + payload.length > MAX_ENTRY_BYTES) throw new Error(`an entry of ${payload.length} bytes is too large`);
    const entry = Buffer.allocUnsafe(HEADER_BYTES + 1 + payload.length);
    entry.writeUInt32BE(1 + payload.length, 0);
    entry.writeUInt8(type, HEADER_BYTES);
    payload.copy(entry, HEADER_BYTES + 1);
    entry.writeUInt32BE(crc32c(entry, HEADER_BYTES), 4);
    pieces.push(entry);
  }
  return Buffer.concat(pieces);
}

/** Returns how many bytes are whole entries. */
function replay(bytes: Buffer, onEntry: (entry: JournalEntry) => void): number {
  let at = 0;
  while (at + HEADER_BYTES < bytes.length) {
    const length = bytes.readUInt32BE(at);
    const start = at + HEADER_BYTES;
    if (length < 1 || length > MAX_ENTRY_BYTES || start + length > bytes.length) break;
    if (crc32c(bytes, start, start + length) !== bytes.readUInt32BE(at + 4)) break;
    onEntry({ type: bytes.readUInt8(start), payload: bytes.subarray(start + 1, start + length) });
    at = start + length;
  }
  return at;
}
