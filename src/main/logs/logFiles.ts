/**
 * The log on disk: `logs/geostream.log` in the user-data folder, and the ones before it, `geostream.1.log` being the
 * newest of them. Bounded in size and in number. A disk that is full or cannot be written to costs lines, never more:
 * nobody waits for the log, nothing is thrown, and what waits to be written is bounded too.
 */
import { appendFileSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

export interface LogFiles {
  readonly folder: string;
  /** One line, without its end. */
  write(line: string): void;
  /** The newest lines, oldest first, written or not. */
  recent(): readonly string[];
  /** Why lines are not written at the moment (the system's code); null while they are. */
  readonly trouble: string | null;
  /** Writes what still waits, in the last moments of a process. */
  flushNow(): void;
  /** Resolves when everything has been written, or could not be. */
  close(): Promise<void>;
}

export interface LogFilesOptions {
  readonly folder: string;
  /** Of one file, bytes. */
  readonly maxBytes?: number;
  /** With the one that is written to. */
  readonly files?: number;
  /** Before it is tried again after a failure, ms. */
  readonly retryMs?: number;
}

const NAME = 'geostream';
const MAX_BYTES = 2_000_000;
const FILES = 5;
const RETRY_MS = 10_000;
/** Lines that wait, all together, characters. */
const MAX_WAITING = 500_000;
const RECENT_LINES = 200;

export const logFolderOf = (userData: string): string => join(userData, 'logs');

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);

export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { folder, maxBytes = MAX_BYTES, files = FILES, retryMs = RETRY_MS } = options;
  const current = join(folder, `${NAME}.log`);
  const older = (number: number) => (number === 0 ? current : join(folder, `${NAME}.${number}.log`));
  const recent: string[] = [];
  let waiting: string[] = [];
  let waitingSize = 0;
  let lost = 0;
  let trouble: string | null = null;
  /** Of the current file; null until it has been looked at. */
  let size: number | null = null;
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  async function look(): Promise<number> {
    await mkdir(folder, { recursive: true });
    return stat(current).then(
      (found) => found.size,
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return 0;
        throw error;
      },
    );
  }

  async function rotate(): Promise<void> {
    await rm(older(files - 1), { force: true });
    for (let number = files - 2; number >= 0; number--) {
      await rename(older(number), older(number + 1)).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
    }
  }

  function takeWaiting(): { text: string; lines: number } {
    const lines = waiting;
    waiting = [];
    waitingSize = 0;
    if (lost > 0) {
      const message = `${lost} lines of the log could not be written (${trouble ?? 'there were too many'})`;
      lines.unshift(JSON.stringify({ time: new Date().toISOString(), level: 'warn', message }));
      lost = 0;
    }
    return { text: lines.map((line) => `${line}\n`).join(''), lines: lines.length };
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const { text, lines } = takeWaiting();
      try {
        size ??= await look();
        const bytes = Buffer.byteLength(text);
        if (size > 0 && size + bytes > maxBytes) {
          await rotate();
          size = 0;
        }
        await appendFile(current, text, { mode: 0o600 });
        size += bytes;
        trouble = null;
      } catch (error) {
        trouble = codeOf(error);
        lost += lines;
        // What was written of it, if anything, is no whole line.
        if (size !== null) await truncate(current, size).catch(() => undefined);
        size = null;
        if (closed) return;
        retry = setTimeout(goOn, retryMs);
        retry.unref();
        return;
      }
    }
  }

  function goOn(): void {
    retry = undefined;
    writing = writeAll().finally(() => {
      writing = undefined;
    });
  }

  return {
    folder,
    recent: () => recent,
    get trouble() {
      return trouble;
    },
    write: (line) => {
      recent.push(line);
      if (recent.length > RECENT_LINES) recent.shift();
      if (closed) return;
      waiting.push(line);
      waitingSize += line.length;
      while (waitingSize > MAX_WAITING) {
        waitingSize -= waiting.shift()?.length ?? 0;
        lost += 1;
      }
      if (writing === undefined && retry === undefined) goOn();
    },
    flushNow: () => {
      if (waiting.length === 0) return;
      try {
        appendFileSync(current, takeWaiting().text, { mode: 0o600 });
      } catch {
        // It was the last attempt.
      }
    },
    close: async () => {
      closed = true;
      if (retry !== undefined) {
        clearTimeout(retry);
        goOn();
      }
      await writing;
    },
  };
}
