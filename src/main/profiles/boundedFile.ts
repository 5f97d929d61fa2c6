/** Reads a file that a person named: a file, no larger than expected, and in words what is wrong when it is not. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandFailure } from '../ipc/commandFailure';

/** Throws CommandFailure. @param maxBytes larger files are refused. */
export async function readFileUpTo(path: string, maxBytes: number): Promise<Buffer> {
  const name = basename(path);
  try {
    const found = await stat(path);
    // Looked at before it is opened: to open a pipe would wait for its writer for ever.
    if (!found.isFile()) throw new CommandFailure('file', `${name} is not a file.`, 'Choose a file.');
    if (found.size <= maxBytes) {
      const bytes = await readFile(path);
      if (bytes.length <= maxBytes) return bytes;
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const why =
      code === 'ENOENT'
        ? 'is not there'
        : code === 'EACCES' || code === 'EPERM'
          ? 'may not be read by you'
          : `cannot be read (${code})`;
    throw new CommandFailure(
      'file',
      `${name} ${why}.`,
      'Check the path and that you may read the file, or choose another.',
      {
        cause: error,
      },
    );
  }
  const limit = `${Math.floor(maxBytes / 1_000)} kB`;
  throw new CommandFailure('file', `${name} is larger than ${limit}.`, 'Choose the file that was meant.');
}
