/**
 * What the person configured, in one JSON file in the user-data folder: validated when read, and there whole at every
 * moment. A file that cannot be understood is set aside under another name, never overwritten; one of a newer app stays
 * where it is, and nothing is written.
 */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import {
  compression,
  layerStyle,
  limits,
  painterWish,
  panels,
  pictureWish,
  startPosition,
  stopPosition,
  topicName,
  view,
} from '../../shared/contract';
import { defaultLimits } from '../../shared/limitRanges';
import { keepFile, leaveFile, setAside } from '../files/keptFile';
import { newerFormat, newerFormatWords } from '../newerFormat';
import { FIRST_FLEETS, SETTINGS_VERSION, settingsPath } from './settingsFile';

const layerSetting = z.object({
  topic: topicName,
  start: startPosition,
  stop: stopPosition.default({ kind: 'never' }),
  style: layerStyle,
});
export type LayerSetting = z.infer<typeof layerSetting>;

/** What belongs to one cluster: its topics on the map, and how records are sent there. */
const clusterSettings = z.object({ layers: z.array(layerSetting).max(50), compression });
export type ClusterSettings = z.infer<typeof clusterSettings>;

export const defaultClusterSettings: ClusterSettings = { layers: [], compression: 'none' };

const windowBounds = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  maximized: z.boolean(),
});

const common = {
  view,
  panels,
  limits: limits.default(defaultLimits),
  painter: painterWish.default('automatic'),
  picture: pictureWish.default('marks'),
  smoothMotion: z.boolean().default(false),
  window: windowBounds,
  firstFleet: z.enum(FIRST_FLEETS),
};

const settings = z.object({
  version: z.literal(SETTINGS_VERSION),
  /** Id of the profile that was in use last. */
  activeProfile: z.string().max(100),
  /** By the id of the profile. */
  clusters: z.record(z.string().max(100), clusterSettings),
  ...common,
});
export type Settings = z.infer<typeof settings>;

/** Version 1 knew one cluster, and kept its layers at the top. */
const settingsOfVersion1 = z
  .object({ version: z.literal(1), layers: z.array(layerSetting).max(50), ...common })
  .transform(({ layers, ...others }): Settings => {
    const ofOne: ClusterSettings = { ...defaultClusterSettings, layers };
    return {
      ...others,
      version: SETTINGS_VERSION,
      activeProfile: 'built-in',
      clusters: { 'built-in': ofOne, environment: ofOne },
    };
  });

/** The Gulf of Finland, where the recorded ships of the examples are too. */
export const defaultSettings: Settings = {
  version: SETTINGS_VERSION,
  activeProfile: 'built-in',
  clusters: {},
  view: { lat: 59.8, lon: 24.9, zoom: 9 },
  panels: { left: true, right: true, rightTab: 'inject' },
  limits: defaultLimits,
  painter: 'automatic',
  picture: 'marks',
  smoothMotion: false,
  window: { width: 1280, height: 800, maximized: false },
  firstFleet: 'not-yet',
};

const WRITE_DELAY_MS = 250;
/** A larger file is none that the app has written. */
const MAX_FILE_BYTES = 64_000_000;

export interface SettingsStore {
  readonly current: Settings;
  /** What was wrong with the file, in words; null when it was read or is not there yet. */
  readonly problem: string | null;
  change(patch: Partial<Omit<Settings, 'version' | 'clusters'>>): void;
  cluster(profile: string): ClusterSettings;
  changeCluster(profile: string, patch: Partial<ClusterSettings>): void;
  /** The profile is gone, and with it what was kept for it. */
  forgetCluster(profile: string): void;
  /** Writes what is still unwritten. */
  close(): Promise<void>;
}

interface Loaded {
  readonly found: Settings;
  readonly problem: string | null;
  /** False when what is there would be lost by writing. */
  readonly mayWrite: boolean;
  /** The file is a newer app's. */
  readonly frozen?: boolean;
}

async function load(path: string): Promise<Loaded> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new RangeError('the file is too large');
    const text = await readFile(path, 'utf8');
    const newer = newerFormat(text, SETTINGS_VERSION);
    if (newer !== undefined) {
      // No fleet: whoever comes from a newer app does not see this for the first time.
      const found: Settings = { ...defaultSettings, firstFleet: 'stopped' };
      return { found, problem: newerFormatWords('The settings are', path, newer), mayWrite: false, frozen: true };
    }
    return { found: z.union([settings, settingsOfVersion1]).parse(JSON.parse(text)), problem: null, mayWrite: true };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { found: defaultSettings, problem: null, mayWrite: true };
    const why = code === undefined ? 'was damaged or from another version' : `could not be read (${code})`;
    const aside = await setAside(path);
    const kept = aside === null ? 'It cannot be set aside, and stays as it is' : `It is kept as ${aside}`;
    return {
      found: defaultSettings,
      problem: `The settings file ${why}. ${kept}; the defaults are used.`,
      mayWrite: aside !== null,
    };
  }
}

/** `onError` is told, in words, when the settings could not be written. */
export async function openSettings(folder: string, onError: (message: string) => void): Promise<SettingsStore> {
  const path = settingsPath(folder);
  const { found, problem, mayWrite, frozen = false } = await load(path);
  const options = { path, what: 'settings', mode: 0o600, onTrouble: onError };
  const file = mayWrite ? keepFile(options) : leaveFile(options);
  let current = found;
  let timer: NodeJS.Timeout | undefined;

  const write = () => {
    timer = undefined;
    void file.write(`${JSON.stringify(current, null, 2)}\n`);
  };

  const change = (patch: Partial<Settings>) => {
    current = { ...current, ...patch };
    if (!frozen) timer ??= setTimeout(write, WRITE_DELAY_MS);
  };
  const cluster = (profile: string) =>
    (Object.hasOwn(current.clusters, profile) ? current.clusters[profile] : undefined) ?? defaultClusterSettings;

  return {
    get current() {
      return current;
    },
    problem,
    change,
    cluster,
    changeCluster: (profile, patch) =>
      change({ clusters: { ...current.clusters, [profile]: { ...cluster(profile), ...patch } } }),
    forgetCluster: (profile) => {
      const { [profile]: _, ...others } = current.clusters;
      change({ clusters: others });
    },
    close: async () => {
      if (timer !== undefined) {
        clearTimeout(timer);
        write();
      }
      await file.close();
    },
  };
}
