/** `profiles.json` of the user-data folder: what it holds, and how it is read and written whole. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { profileFields, secretName } from '../../shared/profiles';
import { type KeptFile, keepFile, leaveFile, setAside } from '../files/keptFile';
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
  /** False when what is there would be lost by writing. */
  readonly mayWrite: boolean;
  /** The file is a newer app's. */
  readonly frozen: boolean;
}

async function read(path: string): Promise<LoadedProfiles> {
  if ((await stat(path)).size > MAX_FILE_BYTES) throw new RangeError('the file is too large');
  const text = await readFile(path, 'utf8');
  const newer = newerFormat(text, VERSION);
  if (newer !== undefined) {
    return { found: [], problem: newerFormatWords('The profiles are', path, newer), mayWrite: false, frozen: true };
  }
  return { found: profilesFile.parse(JSON.parse(text)).profiles, problem: null, mayWrite: true, frozen: false };
}

/** A file that cannot be read is set aside, so that it is not written over. */
export async function loadProfiles(path: string): Promise<LoadedProfiles> {
  try {
    return await read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { found: [], problem: null, mayWrite: true, frozen: false };
    const aside = await setAside(path);
    const kept = aside === null ? 'It cannot be set aside, and stays as it is.' : `It is kept as ${aside}.`;
    return {
      found: [],
      problem: `The profiles could not be read: the file is damaged or from another version. ${kept}`,
      mayWrite: aside !== null,
      frozen: false,
    };
  }
}

/** The text of the file. */
export const formatProfiles = (profiles: readonly StoredProfile[]): string =>
  `${JSON.stringify({ version: VERSION, profiles }, null, 2)}\n`;

/** Only its owner may read it. */
export function openProfilesFile(path: string, mayWrite: boolean, onTrouble: (message: string) => void): KeptFile {
  const options = { path, what: 'profiles', mode: 0o600, onTrouble };
  return mayWrite ? keepFile(options) : leaveFile(options);
}
