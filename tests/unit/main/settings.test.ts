import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings, openSettings } from '../../../src/main/settings/settings';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fail = (message: string) => {
  throw new Error(message);
};

describe('settings', () => {
  it('come back as they were left', async () => {
    const store = await openSettings(folder, fail);
    expect(store.current).toEqual(defaultSettings);
    store.change({ view: { lat: 1, lon: 2, zoom: 3 } });
    store.change({ firstFleet: 'stopped' });
    await store.close();
    const again = await openSettings(folder, fail);
    expect(again.current).toEqual({ ...defaultSettings, view: { lat: 1, lon: 2, zoom: 3 }, firstFleet: 'stopped' });
    expect(again.problem).toBeNull();
  });

  it.each(['', '{', '{"version":1}', '{"version":2}', '[]', '\u0000'])(
    'set a file aside that holds %j',
    async (text) => {
      await writeFile(join(folder, 'settings.json'), text);
      const store = await openSettings(folder, fail);
      expect(store.current).toEqual(defaultSettings);
      expect(store.problem).toContain('kept as');
      const aside = (await readdir(folder)).find((name) => name.includes('unreadable'));
      expect(await readFile(join(folder, aside!), 'utf8')).toBe(text);
    },
  );

  it('say in words when they cannot be written', async () => {
    const store = await openSettings(folder, (message) => errors.push(message));
    const errors: string[] = [];
    await rm(folder, { recursive: true });
    store.change({ firstFleet: 'stopped' });
    await store.close();
    expect(errors[0]).toContain('could not be written');
  });
});
