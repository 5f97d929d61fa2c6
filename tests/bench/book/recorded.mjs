/** docs/bench/rows.json: the rows as they were last measured, each with the circumstances it was measured in. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../openApp.mjs';
import { ratiosSvg } from './ratios.mjs';
import { tableMarkdown } from './table.mjs';

const FOLDER = join(ROOT, 'docs/bench');
const FILE = join(FOLDER, 'rows.json');
const MOST_ROWS = 1_000;
const MOST_BYTES = 4 * 1024 * 1024;

const text = z.string().max(300);
/** JSON has no infinity and writes null: a ratio to nothing at all. */
const orInfinite = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.POSITIVE_INFINITY);
const recordedRow = z.object({
  row: text,
  case: text,
  unit: text,
  median: z.number(),
  min: z.number(),
  max: z.number(),
  reference: z.object({ name: text, median: z.number() }),
  ratio: orInfinite,
  goal: z
    .union([
      z.strictObject({ ratio: z.number() }),
      z.strictObject({ atMost: z.number() }),
      z.strictObject({ overReference: z.number() }),
    ])
    .nullable(),
  goalRatio: z.number().nullable(),
  met: z.boolean().nullable(),
  note: text.optional(),
  circumstances: z.object({
    date: text,
    short: z.boolean(),
    machine: z.object({ cores: z.number(), memoryGib: z.number(), cpu: text, system: text }),
    versions: z.record(text, text),
  }),
});

/**
 * @typedef {{ date: string, short: boolean, versions: Record<string, string>,
 *   machine: { cores: number, memoryGib: number, cpu: string, system: string } }} Circumstances
 * @typedef {import('../rows.mjs').Row & { circumstances: Circumstances }} RecordedRow
 */

/**
 * @returns {Promise<RecordedRow[] | null>} null where there is no such file yet
 * @throws {Error} that says what is wrong with the file
 */
export async function readRecorded() {
  let written;
  try {
    written = await readFile(FILE, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if (written.length > MOST_BYTES) throw new Error(`docs/bench/rows.json is larger than ${MOST_BYTES} bytes`);
  const { success, data, error } = z.array(recordedRow).max(MOST_ROWS).safeParse(jsonOf(written));
  if (success) return data;
  const [issue] = error.issues;
  throw new Error(
    `docs/bench/rows.json is not as --table writes it (${issue?.path.join('.')}: ${issue?.message}). ` +
      'Take it back from git, or delete it and run `npm run bench -- --table`.',
  );
}

/** @param {string} written @returns {unknown} undefined where it is no JSON */
function jsonOf(written) {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/**
 * Puts these rows in the place of the same ones of an earlier day, and writes all as JSON, table and plot.
 *
 * @param {readonly import('../rows.mjs').Row[]} rows
 * @param {{ electron: string, short: boolean }} options
 */
export async function record(rows, options) {
  const circumstances = await circumstancesNow(options);
  const figures = rows.filter(({ median, reference }) => Number.isFinite(median) && Number.isFinite(reference.median));
  for (const row of rows)
    if (!figures.includes(row)) console.log(`${row.row}: ${row.case} has no figure, and is not written.`);
  const all = mergeRows(
    (await readRecorded()) ?? [],
    figures.map((row) => ({ ...row, circumstances })),
  );
  await mkdir(FOLDER, { recursive: true });
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(join(FOLDER, 'table.md'), tableMarkdown(all));
  await writeFile(join(FOLDER, 'ratios.svg'), ratiosSvg(all));
}

/**
 * Earlier rows keep their place; new ones come behind those of the same row, or last.
 *
 * @param {readonly RecordedRow[]} before
 * @param {readonly RecordedRow[]} now
 */
export function mergeRows(before, now) {
  const all = [...before];
  for (const row of now) {
    const same = all.findIndex((one) => one.row === row.row && one.case === row.case);
    if (same !== -1) all[same] = row;
    else {
      const behind = all.findLastIndex((one) => one.row === row.row);
      all.splice(behind === -1 ? all.length : behind + 1, 0, row);
    }
  }
  return all;
}

/**
 * Of the machine nothing that names it.
 *
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<Circumstances>}
 */
async function circumstancesNow({ electron, short }) {
  const require = createRequire(import.meta.url);
  const [cpu] = cpus();
  // Electron's folder says which it is; one that the system has installed may not.
  const electronVersion = await readFile(join(dirname(electron), 'version'), 'utf8').catch(() => 'unknown');
  return {
    date: new Date().toISOString().slice(0, 10),
    short,
    machine: {
      cores: cpus().length,
      memoryGib: Math.round(totalmem() / 2 ** 30),
      cpu: cpu?.model.trim() || 'unknown CPU',
      system: `${platform()} ${arch()}`,
    },
    versions: {
      GeoStream: require(join(ROOT, 'package.json')).version,
      Electron: electronVersion.trim().replace(/^v/, ''),
      'Node.js': process.versions.node,
      kafkajs: require('kafkajs/package.json').version,
      '@platformatic/kafka': require(join(ROOT, 'package.json')).devDependencies['@platformatic/kafka'],
    },
  };
}
