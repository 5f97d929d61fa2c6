/** docs/security.md names the test that holds each point: a test that is renamed or goes away must be missed there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const TESTS = join(import.meta.dirname, '../..');
const text = readFileSync(join(TESTS, '../docs/security.md'), 'utf8');

/** What is said of a test: its file or folder below tests/, and its title if there is one. */
const named = [...text.matchAll(/`((?:e2e|unit|integration|packaged)\/[\w/]+)`(?:[^`:;|]*: ([^;|]+))?/g)].map(
  ([, path = '', title]) => ({ path, title: title?.replace(/ \(.*\)/, '').trim() }),
);

function sourceOf(path: string): string {
  const folder = join(TESTS, path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  const files = readdirSync(join(folder, '..')).filter((file) => file.startsWith(`${name}.`));
  expect(files, `tests/${path}`).toHaveLength(1);
  return readFileSync(join(folder, '..', files[0] ?? ''), 'utf8');
}

it('docs/security.md has all points of the checklist, and names tests that there are', () => {
  expect([...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  expect(named.filter(({ title }) => title !== undefined).length).toBeGreaterThan(12);
  for (const { path, title } of named) expect(sourceOf(path)).toContain(title ?? '');
});
