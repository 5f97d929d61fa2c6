/**
 * What the person configured, in one JSON file in the user-data folder: validated when read, written to a temporary
 * file and renamed. A file that cannot be understood is set aside under another name, never overwritten; one of a newer
 * app stays where it is, and nothing is written.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { newerFormat, newerFormatWords } from '../newerFormat';

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
  /** The simulated fleet of the first start: not yet started, to be started again, or stopped by the person. */
  firstFleet: z.enum(['not-yet', 'running', 'stopped']),
};

const VERSION = 2;

const settings = z.object({
  version: z.literal(VERSION),
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
      version: VERSION,
      activeProfile: 'built-in',
      clusters: { 'built-in': ofOne, environment: ofOne },
    };
  });

/** The Gulf of Finland, where the recorded ships of the examples are too. */
export const defaultSettings: Settings = {
  version: VERSION,
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
  /** The file is a newer app's. */
  readonly frozen?: boolean;
}

async function load(path: string): Promise<Loaded> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { found: defaultSettings, problem: null };
    return {
      found: defaultSettings,
      problem: `The settings could not be read (${String(error)}); the defaults are used.`,
    };
  }
  const newer = newerFormat(text, VERSION);
  if (newer !== undefined) {
    // No fleet: whoever comes from a newer app does not see this for the first time.
    const found: Settings = { ...defaultSettings, firstFleet: 'stopped' };
    return { found, problem: newerFormatWords('The settings are', path, newer), frozen: true };
  }
  try {
    return { found: z.union([settings, settingsOfVersion1]).parse(JSON.parse(text)), problem: null };
  } catch {
    const aside = `${path}.unreadable-${Date.now()}`;
    try {
      await rename(path, aside);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { found: defaultSettings, problem: `The settings file is damaged, and cannot be set aside: ${why}` };
    }
    return {
      found: defaultSettings,
      problem: `The settings file was damaged or from another version. It is kept as ${aside}; the defaults are used.`,
    };
  }
}

/** `onError` is told, in words, when the settings could not be written. */
export async function openSettings(folder: string, onError: (message: string) => void): Promise<SettingsStore> {
  const path = join(folder, 'settings.json');
  const { found, problem, frozen = false } = await load(path);
  let current = found;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const write = () => {
    timer = undefined;
    const text = `${JSON.stringify(current, null, 2)}\n`;
    writing = writing.then(async () => {
      try {
        await writeFile(`${path}.tmp`, text, { flush: true });
        await rename(`${path}.tmp`, path);
      } catch (error) {
        onError(`The settings could not be written: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
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
      await writing;
    },
  };
}
