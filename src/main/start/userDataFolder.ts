/** The folder named by --user-data-dir: made where it is missing, and looked at before anything relies on it. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { diskReason } from '../files/diskReason';

/** What is wrong with it, in words; null when it can be used. */
export function prepareUserData(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `--user-data-dir: ${folder} cannot be used: ${diskReason((error as NodeJS.ErrnoException).code)}.`;
  }
}
