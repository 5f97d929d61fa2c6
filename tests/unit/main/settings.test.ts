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

  it.each(['', '{', '{"version":1}', '{"version":2}', '{"version":"3"}', '[]', '\u0000'])(
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

  it('of a newer app are left as they are, whatever is changed, and the person is told what to do', async () => {
    const text = '{"version":3,"clusters":{"new":true}}';
    await writeFile(join(folder, 'settings.json'), text);
    const store = await openSettings(folder, fail);
    expect(store.problem).toContain('of a newer GeoStream (format 3 ');
    expect(store.problem).toContain('Install the newer GeoStream again');
    // Nothing simulated is sent where the newer app was in use.
    expect(store.current).toEqual({ ...defaultSettings, firstFleet: 'stopped' });
    store.change({ view: { lat: 1, lon: 2, zoom: 3 } });
    expect(store.current.view.zoom).toBe(3);
    await store.close();
    expect(await readdir(folder)).toEqual(['settings.json']);
    expect(await readFile(join(folder, 'settings.json'), 'utf8')).toBe(text);
  });

  it('leave the choice of the painter, of the picture and of motion to the app where the file is from before there was one', async () => {
    const { painter: _, picture: __, smoothMotion: ___, ...before } = defaultSettings;
    await writeFile(join(folder, 'settings.json'), JSON.stringify(before));
    const store = await openSettings(folder, fail);
    expect(store.problem).toBeNull();
    expect(store.current).toEqual(defaultSettings);
    const chosen = { painter: 'webgl', picture: 'density', smoothMotion: true } as const;
    store.change(chosen);
    await store.close();
    expect((await openSettings(folder, fail)).current).toMatchObject(chosen);
  });

  it('take over what version 1 kept, its layers for the built-in broker', async () => {
    const { version: _, activeProfile: _active, clusters: _clusters, ...others } = defaultSettings;
    const style = { color: '#112233', visible: true, trails: true, fadeAfterMs: null, hideAfterMs: null };
    const layer = { topic: 'ships', start: { kind: 'now' }, style };
    const old = { ...others, firstFleet: 'stopped', version: 1, layers: [layer] };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(old));
    const store = await openSettings(folder, fail);
    expect(store.problem).toBeNull();
    expect(store.current).toMatchObject({ version: 2, activeProfile: 'built-in', firstFleet: 'stopped' });
    const whole = { ...layer, stop: { kind: 'never' }, style: { ...style, measure: null } };
    expect(store.cluster('built-in').layers).toEqual([whole]);
  });

  it('take over layers from before there were numbers to show, and keep the number that a layer shows', async () => {
    const style = { color: '#112233', visible: true, trails: true, fadeAfterMs: null, hideAfterMs: null };
    const layer = { topic: 'ships', start: { kind: 'now' }, stop: { kind: 'never' }, style };
    const measure = { field: 'depth', by: 'both', min: null, max: 40 };
    const depths = { ...layer, topic: 'depths', style: { ...style, measure } };
    const clusters = { 'built-in': { compression: 'none', layers: [layer, depths] } };
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ ...defaultSettings, clusters }));
    const store = await openSettings(folder, fail);
    expect(store.problem).toBeNull();
    expect(store.cluster('built-in').layers.map((one) => one.style.measure)).toEqual([null, measure]);
  });

  it('keep what belongs to a cluster apart from the others, until its profile is gone', async () => {
    const store = await openSettings(folder, fail);
    store.changeCluster('a', { compression: 'gzip' });
    store.changeCluster('b', { compression: 'lz4' });
    await store.close();
    const again = await openSettings(folder, fail);
    expect(['a', 'b', 'c'].map((id) => again.cluster(id).compression)).toEqual(['gzip', 'lz4', 'none']);
    again.forgetCluster('a');
    expect(again.cluster('a').compression).toBe('none');
    await again.close();
    expect(Object.keys((await openSettings(folder, fail)).current.clusters)).toEqual(['b']);
  });

  it('say in words when they cannot be written', async () => {
    const store = await openSettings(folder, (message) => errors.push(message));
    const errors: string[] = [];
    await rm(folder, { recursive: true });
    store.change({ firstFleet: 'stopped' });
    await store.close();
    expect(errors[0]).toContain('could not be written');
  });
});
