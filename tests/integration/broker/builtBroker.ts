/**
 * The built-in broker as one file that plain Node can run: `src/broker/cli.ts`, bundled once for each state of its sources
 * and kept in the checkout, so that neither each test file nor each run has to build it anew.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '../../..');
const SOURCES = join(ROOT, 'src', 'broker');
/** What git does not look at. */
const BUILDS = join(ROOT, '.cache', 'broker');
const FILE = 'broker.mjs';
/** A build of other sources may still be in use, by a long run beside this one. */
const KEPT_MS = 86_400_000;

let building: Promise<string> | undefined;

/** Path of the built broker. */
export function buildBroker(): Promise<string> {
  building ??= findOrBuild();
  return building;
}

async function findOrBuild(): Promise<string> {
  const folder = join(BUILDS, await hashSources());
  if (!existsSync(join(folder, FILE))) {
    await bundle(folder);
    await removeOld();
  }
  return join(folder, FILE);
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  for (const path of [import.meta.filename, ...names.map((name) => join(SOURCES, name))]) {
    const content = await readFile(path);
    hash.update(`${path.slice(ROOT.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Beside the others first: of several test processes that build the same, one puts its own in place. */
async function bundle(folder: string): Promise<void> {
  const mine = `${folder}.${process.pid}`;
  await mkdir(BUILDS, { recursive: true });
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: join(SOURCES, 'cli.ts'),
        outDir: mine,
        target: 'node20.18',
        minify: false,
        rollupOptions: { output: { format: 'es', entryFileNames: FILE } },
      },
    });
    await rename(mine, folder);
  } catch (error) {
    if (!existsSync(join(folder, FILE))) throw error;
  } finally {
    await rm(mine, { recursive: true, force: true });
  }
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(BUILDS)) {
    const path = join(BUILDS, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
