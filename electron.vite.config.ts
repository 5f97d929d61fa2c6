// Three builds from one tree: the main process (with entries of its own for the decoder's thread and the broker's process,
// and the broker itself, so that the app and `npm run broker` run the same file), the preload bridge, and the page.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { assembly } from './scripts/setup/assembly';
import { bundledKafkajs } from './scripts/setup/bundledKafkajs';
import { noteBundledPackages } from './scripts/setup/bundledPackages.mjs';
import { preloadedMap } from './scripts/setup/preloadedMap';
import { worldColumns } from './scripts/setup/worldColumns';

const { dependencies } = JSON.parse(readFileSync(resolve(import.meta.dirname, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const packages = Object.keys(dependencies);

const inMain = noteBundledPackages();
const inPreload = noteBundledPackages();
const inPage = noteBundledPackages();

const at = (path: string) => resolve(import.meta.dirname, path);

// Explicit targets: the oldest runtime that the app is developed on (Electron 33 = Chromium 130, Node 20.18).
export default defineConfig({
  main: {
    plugins: [assembly(import.meta.dirname), bundledKafkajs(import.meta.dirname, inMain.workerPlugin), inMain.plugin],
    build: {
      target: 'node20.18',
      // Every package is built in.
      externalizeDeps: { exclude: packages },
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          decoder: at('src/main/streams/decoding/entry.ts'),
          brokerProcess: at('src/main/broker/entry.ts'),
          broker: at('src/broker/cli.ts'),
        },
        // CommonJS, which V8's code cache can be used with (src/main/start/codeCache.ts).
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    plugins: [inPreload.plugin],
    build: {
      target: 'node20.18',
      // A sandboxed preload can load one CommonJS file and nothing else.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', inlineDynamicImports: true },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react(), preloadedMap('/src/renderer/mapRoom/startMap.ts'), inPage.plugin],
    worker: { format: 'es', plugins: () => [worldColumns(), inPage.workerPlugin] },
    build: {
      target: 'chrome130',
      // Half the script to load before the first paint.
      minify: true,
      rollupOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
});
