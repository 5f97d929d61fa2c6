/**
 * A plugin of the build that compiles AssemblyScript: a module `assembly:NAME` exports the WebAssembly of
 * src/geo/assembly/NAME.ts, as bytes. That takes the compiler some five seconds, so what it made is kept.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = 'assembly:';
const KEPT = 'node_modules/.cache/geostream-assembly';
const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as { version: string };

/** No allocator, and no data in the memory below 2,048, which the sources divide up themselves. */
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--memoryBase', '2048', '--outFile', 'out.wasm'];

/** @param root top of the checkout */
export function assembly(root: string): Plugin {
  return {
    name: 'geostream:assembly',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null;
      const file = `src/geo/assembly/${id.slice(PREFIX.length + 1)}.ts`;
      this.addWatchFile(join(root, file));
      const base64 = Buffer.from(await compiled(root, file)).toString('base64');
      return `export default Uint8Array.from(atob('${base64}'), (byte) => byte.charCodeAt(0));`;
    },
  };
}

async function compiled(root: string, file: string): Promise<Uint8Array> {
  const source = readFileSync(join(root, file), 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([version, OPTIONS, source]))
    .digest('hex');
  const folder = join(root, KEPT);
  const kept = join(folder, `${key}.wasm`);
  if (existsSync(kept)) return readFileSync(kept);
  // Its compiler, some 90 MB, is loaded only when there is something for it to do.
  const { main } = await import('assemblyscript/asc');
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await main([file, ...OPTIONS], {
    readFile: (name) => (name === file ? source : null),
    writeFile: (name, contents) => {
      if (name === 'out.wasm' && typeof contents !== 'string') wasm = contents;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`${file} cannot be compiled: ${error?.message}\n${stderr.toString()}`);
  mkdirSync(folder, { recursive: true });
  // Several builds may be under way: nobody finds half of it.
  const unfinished = join(folder, `${key}.${process.pid}`);
  writeFileSync(unfinished, wasm);
  renameSync(unfinished, kept);
  return wasm;
}
