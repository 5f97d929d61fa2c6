import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAppLog } from '../../../src/main/logs/appLog';
import { createSecrets } from '../../../src/main/logs/hideSecrets';
import { openLogFiles } from '../../../src/main/logs/logFiles';

const disk = vi.hoisted(() => ({ full: false }));
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  return {
    ...real,
    /** As on a disk with room for half of it. */
    appendFile: async (path: string, text: string, options: object) => {
      if (!disk.full) return real.appendFile(path, text, options);
      await real.appendFile(path, text.slice(0, text.length / 2), options);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    },
  };
});

let top: string;
let folder: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'geostream-logs-'));
  folder = join(top, 'logs');
  disk.full = false;
});
afterEach(() => rm(top, { recursive: true, force: true }));

const linesOf = async (name: string) => (await readFile(join(folder, name), 'utf8')).split('\n').slice(0, -1);
const line = (message: string) => JSON.stringify({ message });

describe('the log files', () => {
  it('hold what was written, in order, also what a process before wrote', async () => {
    for (const messages of [['a', 'b'], ['c']]) {
      const files = openLogFiles({ folder });
      for (const message of messages) files.write(line(message));
      await files.close();
    }
    expect(await linesOf('geostream.log')).toEqual(['a', 'b', 'c'].map(line));
    expect((await stat(join(folder, 'geostream.log'))).mode & 0o077).toBe(0);
  });

  it('are bounded in size and in number, the oldest lines giving way', async () => {
    const files = openLogFiles({ folder, maxBytes: 1_000, files: 3 });
    const message = (i: number) => line(`${i} `.padEnd(80, 'x'));
    for (let i = 0; i < 200; i++) {
      files.write(message(i));
      // Written one by one, as they come in life.
      if (i % 5 === 4)
        await vi.waitFor(async () => expect(await linesOf('geostream.log')).toContain(message(i)), { interval: 2 });
    }
    await files.close();
    expect((await readdir(folder)).sort()).toEqual(['geostream.1.log', 'geostream.2.log', 'geostream.log']);
    const all = await Promise.all(['geostream.2.log', 'geostream.1.log', 'geostream.log'].map(linesOf));
    for (const lines of all) expect(lines.join('\n').length).toBeLessThan(1_000);
    const kept = all.flat();
    expect(kept.length).toBeGreaterThan(20);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => message(200 - kept.length + i)));
  });

  it('lose lines while the disk is full, whole ones only, and say how many once there is room', async () => {
    const files = openLogFiles({ folder, retryMs: 20 });
    files.write(line('before'));
    await vi.waitFor(async () => expect(await linesOf('geostream.log')).toHaveLength(1));
    disk.full = true;
    files.write(line('lost'));
    await vi.waitFor(() => expect(files.trouble).toBe('ENOSPC'));
    expect(files.recent()).toEqual([line('before'), line('lost')]);
    disk.full = false;
    files.write(line('after'));
    await vi.waitFor(async () => expect(await linesOf('geostream.log')).toHaveLength(3));
    const lines = await linesOf('geostream.log');
    expect(lines[0]).toBe(line('before'));
    expect(JSON.parse(lines[1]!).message).toBe('1 lines of the log could not be written (ENOSPC)');
    expect(lines[2]).toBe(line('after'));
    await vi.waitFor(() => expect(files.trouble).toBeNull());
    await files.close();
  });

  it('harm nobody where their folder cannot be, and remember the newest lines all the same', async () => {
    await writeFile(folder, 'a file in its place');
    const files = openLogFiles({ folder });
    for (let i = 0; i < 1_000; i++) files.write(line(String(i)));
    await files.close();
    expect(files.trouble).toMatch(/EEXIST|ENOTDIR/);
    expect(files.recent().at(-1)).toBe(line('999'));
    expect(files.recent().length).toBeLessThan(1_000);
    expect(() => files.flushNow()).not.toThrow();
  });

  it('keep no more than so much in memory while nothing can be written', async () => {
    await writeFile(folder, '');
    const files = openLogFiles({ folder, retryMs: 60_000 });
    files.write(line('first'));
    await vi.waitFor(() => expect(files.trouble).not.toBeNull());
    for (let i = 0; i < 3_000; i++) files.write(line(`${i}`.padEnd(1_000, 'x')));
    await rm(folder);
    await mkdir(folder);
    await chmod(folder, 0o700);
    await files.close();
    const lines = await linesOf('geostream.log');
    expect(lines.length).toBeLessThan(600);
    expect(JSON.parse(lines[0]!).message).toMatch(/^2[45]\d\d lines of the log could not be written/);
  });

  it('are flushed at once in the last moments', async () => {
    await mkdir(folder);
    const files = openLogFiles({ folder });
    files.write(line('first'));
    files.write(line('last words'));
    files.flushNow();
    expect(await linesOf('geostream.log')).toContain(line('last words'));
    await files.close();
  });
});

describe("the app's log", () => {
  it('goes to stderr as it is, and to the files without secrets and not without end', async () => {
    const files = openLogFiles({ folder });
    const secrets = createSecrets();
    secrets.know(['correct horse', 'abc']);
    const stderr: string[] = [];
    const { log, fromPage } = createAppLog(files, secrets, (text) => stderr.push(text));
    log('info', 'signed in with correct horse, abc');
    log('error', 'x'.repeat(100_000));
    for (let i = 0; i < 100; i++) fromPage('error', `again ${i}`);
    await files.close();
    expect(JSON.parse(stderr[0]!)).toMatchObject({ level: 'info', message: 'signed in with correct horse, abc' });
    const lines = (await linesOf('geostream.log')).map((text) => JSON.parse(text));
    expect(lines[0]).toMatchObject({ level: 'info', message: 'signed in with [hidden], abc' });
    expect(lines[1].message).toHaveLength(8_001);
    expect(lines.slice(2).map(({ message }) => message)).toEqual(
      Array.from({ length: 40 }, (_, i) => `page: again ${i}`),
    );
    expect(stderr).toHaveLength(2);
  });

  it.each([
    ['KAFKA_URI holds "alice:pa55word@kafka-1"', 'pa55word'],
    ['https://alice:pa55word@auth.example/token said 401', 'pa55word'],
    ['{"password":"pa55word","lat":1}', 'pa55word'],
    ['sasl.jaas.config=… password="pa55word";', 'pa55word'],
    ['client_secret=pa55word&grant_type=client_credentials', 'pa55word'],
    ['Authorization: Bearer eyJhbGciOi.eyJzdWIi.c2ln', 'eyJhbGciOi'],
    ['key -----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY----- end', 'MIIB'],
  ])('hides what looks like a secret in %j', (text, secret) => {
    const hidden = createSecrets().hide(text);
    expect(hidden).not.toContain(secret);
    expect(hidden).toContain('[hidden]');
  });

  it.each([
    'broker: {"event":"log","message":"listening","host":"127.0.0.1","port":9092}',
    'TypeError: x is not a function\n    at run (file:///app/out/main/index.cjs:10:5)',
    'the token endpoint answered 401: the password or the token is wrong',
    'node_modules/@mantine/core: 3 warnings',
  ])('leaves %j as it is', (text) => expect(createSecrets().hide(text)).toBe(text));
});
