/**
 * V8's code cache for the built files (`cachedData` of Node's `vm.Script`): what was compiled in a start like this one is
 * kept beside them, and is not parsed and compiled again. It is made when the app is packaged or measured
 * (scripts/setup/codeCache.mjs), or first started from its sources; without it, or with that of another Electron, the app
 * starts as well, only later.
 *
 * The files are CommonJS for its sake: Node takes no such data for ES modules.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What loads files of its own: the main process, its thread, the broker's process. Each needs other functions. */
export type Part = 'main' | 'decoder' | 'broker';

/** Set, to anything: a cache that is not there is made. */
const MAKE = 'GEOSTREAM_MAKE_CODE_CACHE';
/** By then the app has started and has shown its first points, ms. */
const STARTED_AFTER_MS = 4_000;

/** What Node puts around a CommonJS module. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';
const TAIL = '\n})';
type Run = (exports: unknown, require: NodeJS.Require, module: NodeJS.Module, file: string, folder: string) => void;

/** CRC-32 of the source and of the data, 4 bytes each: V8 itself looks at no more than the source's length. */
const HEADER_BYTES = 8;

export function packCache(source: Uint8Array, data: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(crc32(source), 0);
  header.writeUInt32LE(crc32(data), 4);
  return Buffer.concat([header, data]);
}

/** Null where it is of another source, or damaged. */
export function unpackCache(source: Uint8Array, packed: Buffer): Buffer | null {
  if (packed.length < HEADER_BYTES) return null;
  const data = packed.subarray(HEADER_BYTES);
  return packed.readUInt32LE(0) === crc32(source) && packed.readUInt32LE(4) === crc32(data) ? data : null;
}

/**
 * A file's path from a folder. It goes into the cache, and with it to other machines: a piece of a string would take the
 * whole along.
 */
const shortName = (from: string, file: string) => Buffer.from(relative(from, file)).toString();

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * From now on `require` takes this app's files (.cjs) from the cache, where they are in it. In stacks they are named from
 * the folder that holds all of them.
 *
 * @param built that folder, beside whose files the cache lies
 * @param warn is told of what is there and cannot be used, or could not be made
 */
export function useCodeCache(built: string, part: Part, warn: (message: string) => void): void {
  const { electron, v8 } = process.versions;
  const runtime = `electron-${electron ?? `none-v8-${v8}`}-${process.platform}-${process.arch}`;
  const folder = join(built, 'code-cache', runtime, part);
  const compiled: { readonly name: string; readonly source: Buffer; readonly script: Script }[] = [];
  const making = process.env[MAKE] !== undefined && !existsSync(folder);

  createRequire(import.meta.url).extensions['.cjs'] = (module, filename) => {
    const source = readFileSync(filename);
    const name = `${basename(filename)}.bin`;
    const packed = making ? undefined : readIfThere(join(folder, name));
    const cachedData = packed && unpackCache(source, packed);
    const script = new Script(`${HEAD}${source.toString('utf8')}${TAIL}`, {
      filename: shortName(built, filename),
      columnOffset: -HEAD.length,
      ...(cachedData && { cachedData }),
    });
    if (packed && (!cachedData || script.cachedDataRejected))
      warn(`The code cache of ${name} cannot be used: ${cachedData ? 'V8 refused it' : 'it is of another file'}.`);
    if (making) compiled.push({ name, source, script });
    const run = script.runInThisContext() as Run;
    run.call(module.exports, module.exports, createRequire(filename), module, filename, dirname(filename));
  };

  if (!making) return;
  const write = () => {
    const unfinished = `${folder}.${process.pid}`;
    try {
      mkdirSync(unfinished, { recursive: true });
      for (const { name, source, script } of compiled)
        writeFileSync(join(unfinished, name), packCache(source, script.createCachedData()));
      renameSync(unfinished, folder);
    } catch (error) {
      warn(`The code cache could not be made: ${error instanceof Error ? error.message : String(error)}`);
      if (existsSync(unfinished)) rmSync(unfinished, { recursive: true });
    }
  };
  setTimeout(write, STARTED_AFTER_MS).unref();
}
