/**
 * Whether this start will use the built-in broker, as far as that can be said at a glance: what reads the settings in full
 * is not loaded yet, and the broker's process takes longest to come up.
 */
import { readFileSync, statSync } from 'node:fs';
import { FIRST_FLEETS, type FirstFleet, SETTINGS_VERSION, settingsPath } from '../settings/settingsFile';
import { clusterVariables, namesCluster } from './clusterVariables';

/** Of settings that are looked at; larger ones are read with the rest. */
const MAX_FILE_BYTES = 1_000_000;

/**
 * What becomes of the fleet of the first start, where the built-in broker is certain to be used; null where it is not, or
 * where the settings have to be read in full to know.
 */
export function fleetIfBuiltIn(userData: string, env: Readonly<Record<string, string | undefined>>): FirstFleet | null {
  if (namesCluster(clusterVariables(env))) return null;
  try {
    const path = settingsPath(userData);
    if (statSync(path).size > MAX_FILE_BYTES) return null;
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof found !== 'object' || found === null) return null;
    const { version, activeProfile, firstFleet } = found as Record<string, unknown>;
    if (version !== SETTINGS_VERSION || activeProfile !== 'built-in') return null;
    return FIRST_FLEETS.find((one) => one === firstFleet) ?? null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not-yet' : null;
  }
}
