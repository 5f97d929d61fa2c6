/** What of Chromium is switched on beyond what it switches on itself. */
import type { CommandLine } from 'electron';

/**
 * While its window is seen, the page's allocator keeps more of what has become free. The map's pictures are made of such
 * memory, anew for each frame; what is not kept is fetched from the system again, which takes longer than to paint it.
 * A Chromium that does not know of it passes over it.
 */
const FEATURES = ['PartitionAllocAdjustSizeWhenInForeground'];

const SWITCH = 'enable-features';

/** Call before the app is ready. What was asked for on the command line stays. */
export function enableFeatures(commandLine: Pick<CommandLine, 'getSwitchValue' | 'appendSwitch'>): void {
  const asked = commandLine.getSwitchValue(SWITCH).split(',');
  commandLine.appendSwitch(SWITCH, [...new Set([...asked, ...FEATURES])].filter((name) => name !== '').join(','));
}
