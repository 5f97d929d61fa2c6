/** The folder named by --user-data-dir: made where it is missing, and looked at before anything relies on it. */
import { accessSync, constants, mkdirSync } from 'node:fs';

/** What is wrong with it, in words; null when it can be used. */
export function prepareUserData(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `--user-data-dir: ${folder} cannot be used: ${reasonOf((error as NodeJS.ErrnoException).code)}.`;
  }
}

function reasonOf(code: string | undefined): string {
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return 'a file is in its place';
    case 'EACCES':
    case 'EPERM':
      return 'you may not write there';
    case 'EROFS':
      return 'the disk is read-only';
    case 'ENOSPC':
      return 'there is no room left on the disk';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return code ?? 'for an unknown reason';
  }
}
