/** What the entry has to know of the settings' file, which it looks at before all else is loaded. */
import { join } from 'node:path';

export const SETTINGS_VERSION = 2;

export const settingsPath = (folder: string): string => join(folder, 'settings.json');

/** The simulated fleet of the first start: not yet started, to be started again, or stopped by the person. */
export const FIRST_FLEETS = ['not-yet', 'running', 'stopped'] as const;
export type FirstFleet = (typeof FIRST_FLEETS)[number];
