/** Where the settings are, and the version of their format. Apart, for the entry looks at them before all else is loaded. */
import { join } from 'node:path';

export const SETTINGS_VERSION = 2;

export const settingsPath = (folder: string): string => join(folder, 'settings.json');
