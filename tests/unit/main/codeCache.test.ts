import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { packCache, unpackCache, useCodeCache } from '../../../src/main/start/codeCache';

const require = createRequire(import.meta.url);
const MAKE = 'GEOSTREAM_MAKE_CODE_CACHE';
let folder: string;
let warnings: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geostream-code-cache-'));
  warnings = [];
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  delete require.extensions['.cjs'];
  rmSync(folder, { recursive: true, force: true });
});

const top = () => join(folder, 'code-cache');
const use = () => useCodeCache(folder, 'main', (message) => warnings.push(message));

/** Loads a module of this source, as if nobody had asked for it before. */
function load(source: string, name = 'one.cjs'): unknown {
  const file = join(folder, name);
  writeFileSync(file, source);
  delete require.cache[file];
  return require(file);
}

/** Makes the cache, as an app does that has just been built. */
function make(...sources: string[]): string {
  vi.stubEnv(MAKE, '1');
  use();
  for (const source of sources) load(source);
  vi.runAllTimers();
  vi.stubEnv(MAKE, undefined);
  const [electron = ''] = readdirSync(top());
  return join(top(), electron, 'main');
}

describe('a module', () => {
  test('is the same with and without it', () => {
    const source = "exports.square = (x) => x * x; exports.here = [__filename, __dirname, require('node:path').sep];";
    const without = JSON.stringify(require('node:module') && load(source));
    make(source);
    use();
    const loaded = load(source) as { square: (x: number) => number };
    expect(loaded.square(12)).toBe(144);
    expect(JSON.stringify(loaded)).toBe(without);
    expect(warnings).toEqual([]);
  });

  test('is taken from it, and not compiled again', () => {
    const made = make("module.exports = 'cached';");
    // What is packed for another source of the same length, which V8 cannot tell apart.
    const file = join(made, 'one.cjs.bin');
    const source = "module.exports = 'parsed';";
    writeFileSync(file, packCache(Buffer.from(source), readFileSync(file).subarray(8)));
    use();
    expect(load(source)).toBe('cached');
    expect(warnings).toEqual([]);
  });

  test('that has changed since is what it is now, which is told', () => {
    make("module.exports = 'before';");
    use();
    expect(load("module.exports = 'behind';")).toBe('behind');
    expect(warnings).toEqual(['The code cache of one.cjs.bin cannot be used: it is of another file.']);
  });

  test('finds another by its own path, in a circle too', () => {
    mkdirSync(join(folder, 'chunks'));
    writeFileSync(join(folder, 'chunks', 'two.cjs'), "exports.two = 2; exports.one = require('../one.cjs').one;");
    use();
    expect(load("exports.one = 1; exports.other = require('./chunks/two.cjs');")).toEqual({
      one: 1,
      other: { two: 2, one: 1 },
    });
  });

  test('that fails says where, in its own lines and columns', () => {
    use();
    try {
      load("throw new Error('no');");
      expect.unreachable();
    } catch (error) {
      expect((error as Error).stack).toMatch(/\(one\.cjs:1:7\)$/m);
    }
  });
});

describe('the cache', () => {
  test('that is not there is passed over', () => {
    use();
    expect(load('module.exports = 1;')).toBe(1);
    expect(warnings).toEqual([]);
    expect(existsSync(top())).toBe(false);
  });

  test.each([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut off', (packed: Buffer) => packed.subarray(0, packed.length - 1)],
    ['has a flipped bit', (packed: Buffer) => packed.map((byte, i) => (i === packed.length >> 1 ? byte ^ 1 : byte))],
  ])('that %s is not used, which is told', (_how, damage) => {
    const source = 'module.exports = 7;';
    const file = join(make(source), 'one.cjs.bin');
    writeFileSync(file, damage(readFileSync(file)));
    use();
    expect(load(source)).toBe(7);
    expect(warnings).toHaveLength(1);
  });

  test('that V8 refuses is not used, which is told', () => {
    const file = join(make('module.exports = 6;'), 'one.cjs.bin');
    // Not the same: V8 remembers that it has compiled that one.
    const source = 'module.exports = 8;';
    const data = Buffer.from(readFileSync(file).subarray(8));
    // V8's own header: the version that compiled it.
    data.writeUInt32LE(data.readUInt32LE(4) ^ 1, 4);
    writeFileSync(file, packCache(Buffer.from(source), data));
    use();
    expect(load(source)).toBe(8);
    expect(warnings).toEqual(['The code cache of one.cjs.bin cannot be used: V8 refused it.']);
  });

  test('names no folder of the machine that it was made on', () => {
    const name = 'with-a-longer-name.cjs';
    vi.stubEnv(MAKE, '1');
    use();
    load("exports.late = () => { throw new Error('no'); };", name);
    vi.runAllTimers();
    const [electron = ''] = readdirSync(top());
    const made = readFileSync(join(top(), electron, 'main', `${name}.bin`));
    expect(made.includes(name)).toBe(true);
    expect(made.includes(folder)).toBe(false);
  });

  test('is made once', () => {
    const source = "module.exports = 'first';";
    const made = make(source);
    const before = readFileSync(join(made, 'one.cjs.bin'));
    make("module.exports = 'other';");
    expect(readFileSync(join(made, 'one.cjs.bin'))).toEqual(before);
    expect(readdirSync(join(made, '..'))).toEqual(['main']);
  });

  test('that cannot be made is told, and leaves nothing', () => {
    writeFileSync(top(), 'a file');
    vi.stubEnv(MAKE, '1');
    use();
    load('module.exports = 1;');
    vi.runAllTimers();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('The code cache could not be made: ENOTDIR');
    expect(readFileSync(top(), 'utf8')).toBe('a file');
  });

  test('comes back as it was packed, for its own source alone', () => {
    const [source, data] = [Buffer.from('a'), Buffer.from([1, 2, 3])];
    expect(unpackCache(source, packCache(source, data))).toEqual(data);
    expect(unpackCache(Buffer.from('b'), packCache(source, data))).toBe(null);
  });
});
