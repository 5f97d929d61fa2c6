/** Looks at a file before it is played: what it is, what a key can be taken from. The page gets a token, not the path. */
import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { PlayableFile } from '../../shared/contract';
import { FileError, type FileFormat, fieldAt, fileRows, keyText } from './fileRows';

const LOOK_AT_BYTES = 256 << 10;
const LOOK_AT_ROWS = 50;
const MAX_FIELDS = 60;
const MAX_TOKENS = 50;

/** Fields that name an entity, best first. */
const LIKELY_KEYS = [
  'mmsi',
  'icao24',
  'id',
  'vehicle_id',
  'device_id',
  'entity',
  'name',
  'callsign',
  'properties.id',
  'properties.name',
];

export interface OpenedFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly format: FileFormat;
}

export interface PlayableFiles {
  /** @throws FileError when it cannot be read or is of no known format. */
  inspect(path: string): Promise<PlayableFile>;
  find(token: string): OpenedFile | undefined;
}

async function head(path: string): Promise<{ bytes: number; start: Buffer }> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FileError(`The file cannot be opened (${code}).`, 'Check that it is there and that you may read it.', {
      cause: error,
    });
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new FileError('That is not a file.', 'Choose an NDJSON or GPX file.');
    const buffer = Buffer.alloc(Math.min(stat.size, 4_096));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return { bytes: stat.size, start: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}

function formatOf(path: string, start: Buffer): FileFormat {
  const text = start
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text === '') throw new FileError('The file is empty.', 'Choose a file with rows in it.');
  if (extname(path).toLowerCase() === '.gpx' || text.startsWith('<')) {
    if (text.startsWith('<')) return 'gpx';
    throw new FileError('The file is named .gpx, but is no XML.', 'Choose a GPX or NDJSON file.');
  }
  if (start.includes(0))
    throw new FileError('The file is binary.', 'Choose an NDJSON (one JSON object a line) or GPX file.');
  return 'ndjson';
}

function collectFields(fields: unknown, found: Map<string, string>, prefix = ''): void {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return;
  for (const [name, value] of Object.entries(fields)) {
    if (found.size >= MAX_FIELDS) return;
    const path = `${prefix}${name}`;
    const text = keyText(value);
    if (text !== null && path.length <= 200) {
      if (!found.has(path)) found.set(path, text.slice(0, 60));
    } else if (prefix === '') collectFields(value, found, `${path}.`);
  }
}

export function createPlayableFiles(): PlayableFiles {
  const files = new Map<string, OpenedFile>();
  return {
    inspect: async (path) => {
      const { bytes, start } = await head(path);
      const format = formatOf(path, start);
      const name = basename(path);
      const found = new Map<string, string>();
      let rows = 0;
      let readable = 0;
      let firstTime: number | null = null;
      const seen: unknown[] = [];
      for await (const row of fileRows(path, format, name, LOOK_AT_BYTES)) {
        rows += 1;
        if (row.fields !== undefined && typeof row.fields === 'object') readable += 1;
        firstTime ??= row.time;
        seen.push(row.fields);
        collectFields(row.fields, found);
        if (rows >= LOOK_AT_ROWS) break;
      }
      if (readable === 0) {
        throw new FileError(
          format === 'gpx'
            ? 'The GPX file has no track points near its start.'
            : 'None of the first lines is a JSON object.',
          'Choose an NDJSON file (one JSON object a line) or a GPX file with a track.',
        );
      }
      const suggested =
        LIKELY_KEYS.find((key) => seen.some((fields) => keyText(fieldAt(fields, key)) !== null)) ?? null;
      const token = randomUUID();
      files.set(token, { path, name, bytes, format });
      for (const old of [...files.keys()].slice(0, Math.max(0, files.size - MAX_TOKENS))) files.delete(old);
      return {
        token,
        name,
        bytes,
        format,
        fields: [...found].map(([field, example]) => ({ path: field, example })),
        suggestedKey: suggested,
        firstTime,
      };
    },
    find: (token) => files.get(token),
  };
}
