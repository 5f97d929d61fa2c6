// The rooms of docs/architecture.md, each proven to refuse what it must and to allow what it may.
import { describe, expect, it } from 'vitest';
import { checkImports } from '../../../scripts/checkImports.mjs';

const check = (path: string, text: string) => checkImports([{ path, text }]);
const importing = (path: string, name: string) => check(path, `import { thing } from '${name}';\n`);

describe('each room refuses what it may not import', () => {
  it.each([
    ['src/shared/contract.ts', 'node:fs', 'zod'],
    ['src/shared/contract.ts', 'kafkajs', 'zod'],
    ['src/shared/contract.ts', '../geo/decode', 'src/shared is the contract'],
    ['src/geo/decode.ts', 'node:path', 'src/geo is pure'],
    ['src/geo/decode.ts', 'zod', 'src/geo is pure'],
    ['src/geo/decode.ts', '../main/streams/reader', 'src/geo is pure'],
    ['src/broker/server.ts', 'zod', 'src/broker runs alone'],
    ['src/broker/server.ts', 'electron', 'src/broker runs alone'],
    ['src/broker/api/produce.ts', '../../shared/contract', 'src/broker runs alone'],
    ['src/main/broker/supervisor.ts', '../../broker/server', 'never imported'],
    ['src/main/window/window.ts', '../../renderer/App', 'src/main may import'],
    ['src/main/window/window.ts', '../../preload/index', 'src/main may import'],
    ['src/main/produce/send.ts', 'kafkajs', 'only src/main/kafka/'],
    ['src/main/produce/send.ts', 'kafkajs/src/broker', 'only src/main/kafka/'],
    ['src/preload/index.ts', 'zod', 'src/preload is as thin'],
    ['src/preload/index.ts', 'node:fs', 'src/preload is as thin'],
    ['src/preload/index.ts', '../geo/decode', 'src/preload is as thin'],
    ['src/renderer/App.tsx', 'fs', 'no Node built-in'],
    ['src/renderer/App.tsx', 'node:fs/promises', 'no Node built-in'],
    ['src/renderer/App.tsx', 'electron', 'no electron'],
    ['src/renderer/App.tsx', 'electron/renderer', 'no electron'],
    ['src/renderer/App.tsx', 'kafkajs', 'no kafkajs'],
    ['src/renderer/map/layer.ts', '../../main/streams/reader', 'src/renderer is a web page'],
    ['src/renderer/App.tsx', '../../tests/fixtures', 'src/renderer is a web page'],
    ['src/renderer/App.tsx', '/src/main/index.ts', 'relative path'],
  ])('%s may not import %s', (path, name, words) => {
    expect(importing(path, name)).toEqual([{ path, line: 1, import: name, rule: expect.stringContaining(words) }]);
  });
});

describe('each room allows what the table names', () => {
  it.each([
    ['src/shared/contract.ts', 'zod'],
    ['src/shared/contract.ts', './pointBatch'],
    ['src/geo/decode.ts', '../shared/pointBatch'],
    ['src/broker/api/produce.ts', '../wire/codec'],
    ['src/broker/server.ts', 'node:net'],
    ['src/main/kafka/consumer.ts', 'kafkajs'],
    ['src/main/index.ts', 'electron/main'],
    ['src/main/streams/reader.ts', '../../geo/decode'],
    ['src/main/profiles/store.ts', 'node:fs/promises'],
    ['src/preload/index.ts', 'electron'],
    ['src/preload/index.ts', '../shared/contract'],
    ['src/renderer/App.tsx', '@mantine/core/styles.css'],
    ['src/renderer/App.tsx', './map/layer.worker?worker'],
    ['src/renderer/App.tsx', '../geo/motion'],
  ])('%s may import %s', (path, name) => {
    expect(importing(path, name)).toEqual([]);
  });
});

describe('every way of naming a module counts', () => {
  it.each([
    ['a bare import', "import 'electron';"],
    ['a type-only import', "import type { App } from 'electron';"],
    ['a re-export', "export { app } from 'electron';"],
    ['a re-export of everything', "export * from 'electron';"],
    ['a dynamic import', "const electron = await import('electron');"],
    ['a dynamic import of a template', 'const electron = await import(`electron`);'],
    ['require', "const electron = require('electron');"],
    ['require.resolve', "const path = require.resolve('electron');"],
    ['import = require', "import electron = require('electron');"],
    ['an import type', "type App = import('electron').App;"],
  ])('%s', (_, text) => {
    expect(check('src/renderer/App.tsx', text)).toMatchObject([{ import: 'electron' }]);
  });

  it('the file of a worker', () => {
    const text = "new Worker(new URL('../main/index.ts', import.meta.url), { type: 'module' });";
    expect(check('src/renderer/paint.ts', text)).toMatchObject([{ import: '../main/index.ts' }]);
  });

  it('a name computed at run time, which cannot be checked', () => {
    expect(check('src/renderer/App.tsx', 'await import(name);')).toMatchObject([{ import: '(computed)' }]);
  });

  it('not what a comment, a string or a text in the page says', () => {
    const text = "// import 'electron'\nconst a = \"import 'electron'\";\nconst b = <p>Don't import 'electron'</p>;\n";
    expect(check('src/renderer/App.tsx', text)).toEqual([]);
  });
});

it('names the line of the import', () => {
  expect(check('src/geo/decode.ts', "import './a';\n\nimport 'zod';\n")).toMatchObject([{ line: 3 }]);
});

it('does not mind the broker being started by its path', () => {
  const text =
    "utilityProcess.fork(join(import.meta.dirname, 'broker.js'));\nnew URL('../broker/cli.ts', import.meta.url);";
  expect(check('src/main/broker/supervisor.ts', text)).toEqual([]);
});

it('refuses a source outside the rooms', () => {
  expect(check('src/common/clock.ts', '')).toMatchObject([{ rule: expect.stringContaining('one of the rooms') }]);
});

it('says so when a source cannot be read', () => {
  expect(check('src/geo/decode.ts', 'import {')).toMatchObject([{ rule: expect.stringContaining('cannot be read') }]);
});

it.each(['utils.ts', 'util.test.ts', 'helpers/time.ts', 'misc.css', 'common2.ts', 'Manager.ts'])(
  'refuses the name %s',
  (name) => {
    expect(check(`src/geo/${name}`, '')).toMatchObject([{ rule: expect.stringContaining('says nothing') }]);
  },
);
