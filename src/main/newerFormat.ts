/** Files of the user-data folder name their format's version. One of a newer app is left as it is. */
import { z } from 'zod';

const versioned = z.looseObject({ version: z.number().int().positive() });

/** The version that a file's text names, if this app does not know it yet; `known` is the newest that it does. */
export function newerFormat(text: string, known: number): number | undefined {
  try {
    const parsed = versioned.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.version > known ? parsed.data.version : undefined;
  } catch {
    return undefined; // No JSON: damaged, which is another matter.
  }
}

/** Says that and what to do; `what` begins a sentence, as in "The settings are". */
export const newerFormatWords = (what: string, path: string, version: number): string =>
  `${what} of a newer GeoStream (format ${version} of ${path}) and are left as they are: nothing is read from there, and ` +
  'nothing that you change now is kept. Install the newer GeoStream again, or start this one with --user-data-dir and ' +
  'another folder.';
