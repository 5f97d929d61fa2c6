/**
 * The build in out/, made again only when something it is made from has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './folders.mjs';
import { runQuietly } from './processes.mjs';
import { log as defaultLog } from './progress.mjs';

const MADE_FROM = [
  'electron.vite.config.ts',
  'scripts/setup/assembly.ts',
  'scripts/setup/bundledKafkajs.ts',
  'scripts/setup/bundledPackages.mjs',
  'scripts/setup/preloadedMap.ts',
  'scripts/setup/worldColumns.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const RESULTS = [
  'main/index.cjs',
  'main/decoder.cjs',
  'main/brokerProcess.cjs',
  'main/broker.cjs',
  'preload/index.cjs',
  'renderer/index.html',
];
const out = join(root, 'out');
const stamp = join(out, '.geostream-stamp');

/** @throws {SetupError} with the end of the build's output, when it fails */
export async function ensureBuilt({ log = defaultLog } = {}) {
  const sources = hashSources();
  if (RESULTS.every((file) => existsSync(join(out, file))) && readStamp() === sources) return;

  await rm(stamp, { force: true });
  await log.during('Building (about 10 s)', () =>
    runQuietly(
      'The build',
      process.execPath,
      [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'],
      {
        cwd: root,
        // The oldest Electron that the app runs on, whichever is installed: one build serves both.
        env: { ...process.env, ELECTRON_MAJOR_VER: '33', NO_COLOR: '1' },
      },
    ),
  );
  await mkdir(out, { recursive: true });
  await writeFile(stamp, sources);
}

function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined; // Never built, or the build was interrupted.
  }
}

function hashSources() {
  const inSrc = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const hash = createHash('sha256');
  for (const file of [...MADE_FROM.map((name) => join(root, name)), ...inSrc.sort()]) {
    if (!existsSync(file)) continue;
    const content = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
