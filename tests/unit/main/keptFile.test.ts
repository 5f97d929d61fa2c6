import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepFile, leaveFile, setAside } from '../../../src/main/files/keptFile';
import { openProfiles } from '../../../src/main/profiles/profiles';
import { electronSecretStore } from '../../../src/main/profiles/secretStore';
import { defaultSettings, openSettings } from '../../../src/main/settings/settings';
import { memorySafeStorage } from './memorySafeStorage';

/** A disk that fails as it is told to, with half of what was to be written already there. */
const disk = vi.hoisted(() => ({ fails: '', failsToRename: '', synced: [] as string[] }));
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  const failure = (code: string) => Object.assign(new Error(code), { code });
  return {
    ...real,
    writeFile: async (path: string, text: string, options: object) => {
      if (disk.fails === '' || !path.endsWith('.tmp')) return real.writeFile(path, text, options);
      await real.writeFile(path, text.slice(0, text.length / 2), options);
      throw failure(disk.fails);
    },
    rename: async (from: string, to: string) => {
      if (disk.failsToRename !== '') throw failure(disk.failsToRename);
      return real.rename(from, to);
    },
    open: async (path: string, flags: string) => {
      const handle = await real.open(path, flags);
      const sync = handle.sync.bind(handle);
      handle.sync = () => {
        disk.synced.push(path);
        return sync();
      };
      return handle;
    },
  };
});

let folder: string;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-kept-'));
  Object.assign(disk, { fails: '', failsToRename: '', synced: [] });
  told = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const onTrouble = (message: string) => told.push(message);
const path = () => join(folder, 'file.json');
const opened = (retryMs = 60_000) => keepFile({ path: path(), what: 'settings', mode: 0o600, onTrouble, retryMs });

describe('a kept file', () => {
  it('is on the disk with its name when a write of it has ended, and nothing beside it', async () => {
    const file = opened();
    await file.write('one');
    expect(await readFile(path(), 'utf8')).toBe('one');
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(disk.synced).toEqual([folder]);
    await Promise.all(['two', 'three', 'four'].map(file.write));
    await file.close();
    expect(await readFile(path(), 'utf8')).toBe('four');
    expect(await readdir(folder)).toEqual(['file.json']);
  });

  it.each([
    ['ENOSPC', 'there is no room left on the disk'],
    ['EDQUOT', 'your quota on that disk is used up'],
    ['EROFS', 'the disk is read-only'],
    ['EACCES', 'you may not write there'],
    ['EIO', 'EIO'],
  ])('stays the old one when the disk says %s, which is told in words, once', async (code, words) => {
    const file = opened();
    await file.write('old');
    disk.fails = code;
    await file.write('new');
    await file.write('newer');
    expect(told).toEqual([expect.stringContaining(`The settings could not be written to ${path()}: ${words}.`)]);
    expect(await readFile(path(), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file.json']);
    disk.fails = '';
    await file.close();
    expect(await readFile(path(), 'utf8')).toBe('newer');
  });

  it('is tried again by itself, and told again when it fails anew', async () => {
    const file = opened(10);
    disk.fails = 'ENOSPC';
    await file.write('late');
    disk.fails = '';
    await vi.waitFor(async () => expect(await readFile(path(), 'utf8')).toBe('late'));
    disk.fails = 'ENOSPC';
    await file.write('later');
    expect(told).toHaveLength(2);
    disk.fails = '';
    await file.close();
    expect(await readFile(path(), 'utf8')).toBe('later');
  });

  it('stays the old one when it cannot be put in its place', async () => {
    const file = opened();
    await file.write('old');
    disk.failsToRename = 'EBUSY';
    await file.write('new');
    expect(await readFile(path(), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file.json']);
    disk.failsToRename = '';
    await file.close();
    expect(await readFile(path(), 'utf8')).toBe('new');
  });

  it('is set aside under a name with the time; where that fails it is left, and nothing is written over it', async () => {
    await writeFile(path(), 'damaged');
    const before = Date.now();
    const aside = await setAside(path());
    expect(Number(aside?.split('unreadable-')[1])).toBeGreaterThanOrEqual(before);
    expect(await readFile(aside!, 'utf8')).toBe('damaged');
    disk.failsToRename = 'EACCES';
    expect(await setAside(aside!)).toBeNull();
    const left = leaveFile({ path: aside!, what: 'settings', onTrouble });
    await left.write('new');
    await left.write('newer');
    await left.close();
    expect(await readFile(aside!, 'utf8')).toBe('damaged');
    expect(told).toEqual([expect.stringContaining('could neither be read nor be set aside')]);
  });
});

describe('settings and profiles', () => {
  const openBoth = async () => ({
    settings: await openSettings(folder, onTrouble),
    profiles: await openProfiles({
      folder,
      secretStore: electronSecretStore(memorySafeStorage(), 'linux'),
      config: { kind: 'built-in' },
      onError: onTrouble,
    }),
  });
  const fields = { name: 'A', bootstrap: ['a:1'], clientId: 'x', readOnly: false, tls: null, sasl: null };
  const draft = { id: null, fields, secrets: {}, keepSecrets: false };

  it('survive a full disk: what was there stays, what was changed is written once there is room', async () => {
    const { settings, profiles } = await openBoth();
    disk.fails = 'ENOSPC';
    settings.change({ firstFleet: 'stopped' });
    await profiles.save(draft);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told.join()).toMatch(/The profiles could.*no room left on the disk.*The settings could.*no room left/);
    disk.fails = '';
    await settings.close();
    await profiles.close();
    const again = await openBoth();
    expect(again.settings.current.firstFleet).toBe('stopped');
    expect(again.profiles.view('').list.map((one) => one.fields.name)).toContain('A');
    await again.profiles.close();
  });

  it('are never reset in silence: damaged ones that cannot be set aside are told, and not written over', async () => {
    const files = ['settings.json', 'profiles.json'].map((name) => join(folder, name));
    for (const file of files) await writeFile(file, '{"version": 2, "half');
    disk.failsToRename = 'EACCES';
    const { settings, profiles } = await openBoth();
    expect(settings.current).toEqual(defaultSettings);
    for (const { problem } of [settings, profiles])
      expect(problem).toContain('cannot be set aside, and stays as it is');
    disk.failsToRename = '';
    settings.change({ firstFleet: 'stopped' });
    await profiles.save(draft);
    await settings.close();
    await profiles.close();
    for (const file of files) expect(await readFile(file, 'utf8')).toBe('{"version": 2, "half');
    expect(told).toHaveLength(2);
  });

  it('that cannot even be opened are set aside too', async () => {
    await mkdir(join(folder, 'settings.json'));
    const { settings } = await openBoth();
    expect(settings.problem).toMatch(/could not be read \(EISDIR\)\. It is kept as .*unreadable-\d+; the defaults/);
    settings.change({ firstFleet: 'stopped' });
    await settings.close();
    expect((await openBoth()).settings.current.firstFleet).toBe('stopped');
  });
});
