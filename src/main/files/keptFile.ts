/**
 * A file of the app's own that is there whole, old or new, at every moment: written to a temporary file, synced, renamed,
 * and the rename synced too. What cannot be written stays in memory, is said in words once, and is tried again.
 */
import { chmod, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskReason } from './diskReason';

export interface KeptFile {
  /** Resolves when the text is on the disk, or could not be written. Of texts that wait only the last is written. */
  write(text: string): Promise<void>;
  /** Tries once more what is unwritten. */
  close(): Promise<void>;
}

export interface KeptFileOptions {
  readonly path: string;
  /** In the plural: "settings". */
  readonly what: string;
  readonly mode: number;
  /** Told once until it can be written again. */
  readonly onTrouble: (message: string) => void;
  /** ms. */
  readonly retryMs?: number;
}

const RETRY_MS = 10_000;

export function keepFile({ path, what, mode, onTrouble, retryMs = RETRY_MS }: KeptFileOptions): KeptFile {
  let unwritten: string | null = null;
  let writing: Promise<void> = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;
  let told = '';
  let closed = false;

  async function writeLast(): Promise<void> {
    if (unwritten === null) return;
    const text = unwritten;
    try {
      await writeWhole(path, text, mode);
      if (unwritten === text) unwritten = null;
      told = '';
    } catch (error) {
      const trouble = troubleOf(what, path, error);
      if (trouble !== told) onTrouble(trouble);
      told = trouble;
      if (!closed) retry ??= setTimeout(tryAgain, retryMs);
    }
  }

  function queue(): Promise<void> {
    writing = writing.then(writeLast);
    return writing;
  }

  function tryAgain(): void {
    retry = undefined;
    void queue();
  }

  return {
    write: (text) => {
      unwritten = text;
      return queue();
    },
    close: () => {
      closed = true;
      if (retry !== undefined) clearTimeout(retry);
      return queue();
    },
  };
}

/** In place of a file that could neither be read nor set aside: it is not written over. */
export function leaveFile({ path, what, onTrouble }: Pick<KeptFileOptions, 'path' | 'what' | 'onTrouble'>): KeptFile {
  let told = false;
  return {
    write: async () => {
      if (!told) onTrouble(`The ${what} are not written: ${path} could neither be read nor be set aside.`);
      told = true;
    },
    close: async () => undefined,
  };
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, text, { flush: true, mode });
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    // Half a file would take the room that is missing.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Not every system can: on Windows a folder cannot be opened. The file is whole in any case. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // See above.
  }
}

function troubleOf(what: string, path: string, error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return `The ${what} could not be written to ${path}: ${diskReason(code)}. They hold until the app ends, and are written as soon as they can be.`;
}

/** Puts a file that cannot be understood out of the way, under a name with the time; null when that cannot be done. */
export async function setAside(path: string): Promise<string | null> {
  const aside = `${path}.unreadable-${Date.now()}`;
  return rename(path, aside).then(
    () => aside,
    () => null,
  );
}
