import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings, openSettings } from '../../../src/main/settings/settings';
import { settingsPath } from '../../../src/main/settings/settingsFile';
import { fleetIfBuiltIn } from '../../../src/main/start/brokerAhead';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-ahead-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (text: string) => writeFile(settingsPath(folder), text);
const settings = (changed: object) => write(JSON.stringify({ ...defaultSettings, ...changed }));

describe('what is known of the broker before the settings are read', () => {
  it('at the very first start: it is used, and its fleet has not been there', () => {
    expect(fleetIfBuiltIn(folder, {})).toBe('not-yet');
  });

  it('with settings as the app writes them', async () => {
    const store = await openSettings(folder, (message) => expect.fail(message));
    for (const firstFleet of ['running', 'stopped', 'not-yet'] as const) {
      store.change({ firstFleet });
      await store.close();
      expect(fleetIfBuiltIn(folder, {})).toBe(firstFleet);
    }
  });

  it('nothing, when another cluster is used', async () => {
    expect(fleetIfBuiltIn(folder, { KAFKA_URI: 'kafka.example' })).toBeNull();
    expect(fleetIfBuiltIn(folder, { KAFKA_PORT: '9093' })).toBeNull();
    expect(fleetIfBuiltIn(folder, { KAFKA_URI: ' ', KAFKA_PORT: '' })).toBe('not-yet');
    await settings({ activeProfile: 'staging' });
    expect(fleetIfBuiltIn(folder, {})).toBeNull();
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['no object', '[2]'],
    ['an older format', JSON.stringify({ ...defaultSettings, version: 1 })],
    ['a newer format', JSON.stringify({ ...defaultSettings, version: 3 })],
    ['a fleet that nobody knows', JSON.stringify({ ...defaultSettings, firstFleet: 'sunk' })],
    ['far too large', `${JSON.stringify(defaultSettings)}${' '.repeat(1_000_001)}`],
  ])('nothing, when the settings have to be read in full: %s', async (_name, text) => {
    await write(text);
    expect(fleetIfBuiltIn(folder, {})).toBeNull();
  });
});
