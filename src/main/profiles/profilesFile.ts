/** `profiles.json` of the user-data folder: what it holds, and how it is read and written whole. */
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { profileFields, secretName } from '../../shared/profiles';
import { newerFormat, newerFormatWords } from '../newerFormat';

export const MAX_PROFILES = 200;
/** Of the secrets of one profile as they are stored, characters. */
export const MAX_ENCRYPTED = 1_000_000;
/** Of the file, and of what is written to it. */
export const MAX_FILE_BYTES = 64_000_000;

const storedProfile = z.object({
  id: z.string().min(1).max(100),
  fields: profileFields,
  keepSecrets: z.boolean(),
  /** Encrypted JSON, base64; null when none are kept. */
  encrypted: z.string().max(MAX_ENCRYPTED).nullable(),
  kept: z.array(secretName),
});
export type StoredProfile = z.infer<typeof storedProfile>;

const VERSION = 1;

const profilesFile = z.object({ version: z.literal(VERSION), profiles: z.array(storedProfile).max(MAX_PROFILES) });

export interface LoadedProfiles {
  readonly found: StoredProfile[];
  /** What was wrong with the file, in words. */
  readonly problem: string | null;
  /** The file is a newer app's: it may not be written. */
  readonly frozen: boolean;
}

async function read(path: string): Promise<LoadedProfiles> {
  if ((await stat(path)).size > MAX_FILE_BYTES) throw new RangeError('the file is too large');
  const text = await readFile(path, 'utf8');
  const newer = newerFormat(text, VERSION);
  if (newer !== undefined) {
    return { found: [], problem: newerFormatWords('The profiles are', path, newer), frozen: true };
  }
  return { found: profilesFile.parse(JSON.parse(text)).profiles, problem: null, frozen: false };
}

/** A file that cannot be read is set aside, so that it is not written over. */
export async function loadProfiles(path: string): Promise<LoadedProfiles> {
  try {
    return await read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { found: [], problem: null, frozen: false };
    const aside = `${path}.unreadable-${Date.now()}`;
    const kept = await rename(path, aside).then(
      () => `It is kept as ${aside}.`,
      () => 'It could not be set aside.',
    );
    return {
      found: [],
      problem: `The profiles could not be read: the file is damaged or from another version. ${kept}`,
      frozen: false,
    };
  }
}

/** The text of the file. */
export const formatProfiles = (profiles: readonly StoredProfile[]): string =>
  `${JSON.stringify({ version: VERSION, profiles }, null, 2)}\n`;

/** The file is there whole, old or new, at every moment; only its owner may read it. */
export async function writeProfiles(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text, { flush: true, mode: 0o600 });
  await chmod(`${path}.tmp`, 0o600);
  await rename(`${path}.tmp`, path);
}
