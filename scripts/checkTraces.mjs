/**
 * Looks for traces of this machine in the files that git tracks: the host of its package registry, and
 * the folder of this checkout. Neither means anything elsewhere, and either may be private.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/folders.mjs';
import { npmCommand } from './setup/npm.mjs';

const npm = npmCommand();
const registry = execFileSync(npm.command, [...npm.args, 'config', 'get', 'registry'], {
  cwd: root,
  encoding: 'utf8',
  shell: npm.shell,
  stdio: ['ignore', 'pipe', 'ignore'],
}).trim();
const { host, hostname } = new URL(registry);

const traces = [
  { what: "this machine's package registry", pattern: wholeWord(host) },
  { what: "this machine's package registry", pattern: wholeWord(hostname) },
  { what: 'the folder of this checkout', pattern: wholeWord(root) },
];

function wholeWord(text) {
  return new RegExp(`(?<![\\w.-])${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\w-])`);
}

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
let found = 0;
for (const file of tracked) {
  if (!statSync(join(root, file), { throwIfNoEntry: false })?.isFile()) continue;
  const text = readFileSync(join(root, file), 'latin1');
  const trace = traces.find(({ pattern }) => pattern.test(text));
  if (trace === undefined) continue;
  found += 1;
  const line = text.slice(0, text.search(trace.pattern)).split('\n').length;
  // The trace itself is not printed: this output may be public.
  console.error(`${file}:${line}  names ${trace.what}`);
}
console.log(found === 0 ? `No traces of this machine in ${tracked.length} tracked files.` : `${found} files to clean.`);
process.exitCode = found === 0 ? 0 : 1;
