import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem, readUpTo, writeAll } from '../../../src/broker/log/fileSystem.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geostream-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FILES = 1_000;

/** Descriptors of this process that lead into the folder. */
const openThere = () =>
  process.platform === 'linux' ? nodeFileSystem.list('/proc/self/fd').length : Number.POSITIVE_INFINITY;

describe('the files of the broker', () => {
  it.runIf(process.platform === 'linux')(
    'are many more than are open at a time, and keep what was written',
    async () => {
      const before = openThere();
      const files = Array.from({ length: FILES }, (_, i) => nodeFileSystem.open(join(folder, `${i}.log`)));
      for (const [i, file] of files.entries()) writeAll(file, Buffer.from(`first of ${i}`), 0);
      for (const [i, file] of files.entries()) writeAll(file, Buffer.from(`, then more`), `first of ${i}`.length);
      expect(openThere() - before).toBeLessThanOrEqual(250);
      await Promise.all(files.map((file) => file.syncLater()));
      expect(openThere() - before).toBeLessThanOrEqual(250);
      for (const [i, file] of files.entries()) {
        expect(readUpTo(file, 0, 100).toString()).toBe(`first of ${i}, then more`);
        file.close();
      }
      expect(openThere()).toBe(before);
      expect(readdirSync(folder)).toHaveLength(FILES);
    },
  );

  it('end a sync that was asked for before they were closed', async () => {
    const files = Array.from({ length: 100 }, (_, i) => nodeFileSystem.open(join(folder, `${i}.log`)));
    const syncs = files.map((file) => file.syncLater());
    for (const file of files) file.close();
    await expect(Promise.all(syncs)).resolves.toHaveLength(100);
    expect(() => files[0]?.size()).toThrow('has been closed');
  });
});
