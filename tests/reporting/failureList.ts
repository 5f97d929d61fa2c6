/**
 * The failures of one test run as short text in a file: `GEOSTREAM_FAILURES` names it (set by scripts/test.mjs). What
 * ran for twenty minutes is then told at the end in a few lines, where a log that was cut still shows it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const MAX_LINES = 12;
const MAX_LINE = 240;
const MAX_FAILURES = 20;

export interface Failure {
  /** The test's file and names, or where else it happened. */
  where: string;
  /** The errors' text, as the runner gives it. */
  errors: string[];
}

/** Writes the list; without failures there is no file. */
export function writeFailures(failures: readonly Failure[], file = process.env.GEOSTREAM_FAILURES): void {
  if (file === undefined || file === '' || failures.length === 0) return;
  const told = failures.slice(0, MAX_FAILURES).map(({ where, errors }) => [`✗ ${where}`, ...errors.flatMap(shorten)]);
  const more = failures.length - told.length;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[...told.flat(), ...(more > 0 ? [`and ${more} more`] : [])].join('\n')}\n`);
}

function shorten(text: string): string[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `    ${line.slice(0, MAX_LINE)}`);
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), '    …'];
}
