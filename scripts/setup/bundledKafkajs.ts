/**
 * A plugin of the build that makes one file of kafkajs's modules, of those that src/main/kafka/kafkajsModules.ts asks
 * for and what they need. It stays beside the rest of what is built: the app's start does not wait until it is read.
 */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { build, type Plugin } from 'vite';

const SOURCE = 'src/main/kafka/kafkajsModules.ts';
const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';
const ASKED_FOR = /\brequire\('(kafkajs[^']*)'\)/g;

/** Its name among what is built for the main process. */
const FILE = 'kafkajs.cjs';
const ENTRY = 'geostream:kafkajs';
/** Stands for it in code of which nobody knows yet in which file it will be. */
const FILE_FROM_HERE = '__KAFKAJS_FILE__';

/**
 * @param root top of the checkout
 * @param note looks at what is built, for the notices
 */
export function bundledKafkajs(root: string, note: Plugin): Plugin {
  return {
    name: 'geostream:bundled-kafkajs',
    enforce: 'pre',
    transform: {
      filter: { id: /src\/main\/kafka\/kafkajsModules\.ts$/ },
      async handler(code) {
        if (!code.includes(OWN_REQUIRE)) this.error(`there is no line "${OWN_REQUIRE}" to put another in place of`);
        this.emitFile({ type: 'asset', fileName: FILE, source: await oneFile(root, note) });
        const fromFile = [
          'let modules;',
          `const load = () => createRequire(import.meta.url)('${FILE_FROM_HERE}');`,
          'const require = (name) => (modules ??= load())[name]();',
        ].join('\n');
        return { code: code.replace(OWN_REQUIRE, fromFile), map: null };
      },
    },
    renderChunk(code, { fileName }) {
      if (!code.includes(FILE_FROM_HERE)) return null;
      const path = posix.relative(posix.dirname(fileName), FILE);
      return { code: code.replaceAll(FILE_FROM_HERE, path.startsWith('.') ? path : `./${path}`), map: null };
    },
  };
}

/** A CommonJS module that holds a function for each of the modules, which runs it at its first call. */
async function oneFile(root: string, note: Plugin): Promise<string> {
  const names = [...readFileSync(join(root, SOURCE), 'utf8').matchAll(ASKED_FOR)].map(([, name]) => name);
  const functions = names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(name)})`);
  const entry: Plugin = {
    name: 'geostream:kafkajs-entry',
    enforce: 'pre',
    resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : null),
    load: (id) => (id === `\0${ENTRY}` ? `module.exports = { ${functions.join(', ')} };` : null),
  };
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      write: false,
      target: 'node20.18',
      minify: true,
      rollupOptions: { input: ENTRY, output: { format: 'cjs', entryFileNames: FILE, exports: 'auto' } },
    },
    plugins: [entry, note],
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
  const [chunk, ...others] = outputs.filter((output) => output.type === 'chunk');
  if (!chunk || others.length > 0) throw new Error(`kafkajs became ${outputs.length} files in place of one`);
  return chunk.code;
}
