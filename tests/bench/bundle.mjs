/** TypeScript of the app and of the benchmarks as modules that a bare Node process runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, runnerImport } from 'vite';
import { ROOT } from './openApp.mjs';

/**
 * @param {Readonly<Record<string, string>>} entries the source of each module `NAME.mjs`
 * @returns {Promise<{ folder: string, remove: () => Promise<void> }>} where they are; in the tree, for packages are
 *   found from there
 */
export async function bundle(entries) {
  const folder = await mkdtemp(join(ROOT, 'out', 'bench-'));
  /** @type {{ module: typeof import('../../scripts/setup/assembly') }} */
  const { module } = await runnerImport(join(ROOT, 'scripts/setup/assembly.ts'), {
    root: ROOT,
    configFile: false,
    logLevel: 'error',
  });
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [module.assembly(ROOT)],
    publicDir: false,
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20.18',
      minify: false,
      rollupOptions: {
        input: { ...entries },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
