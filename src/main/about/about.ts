/** What this app is: versions, licence, and where it keeps things. */
import type { About } from '../../shared/contract';
import { kafkajsVersion } from '../kafka/kafkajsVersion';
import { logFolderOf } from '../logs/logFiles';

export const LICENCE = 'Apache-2.0';

export function describeApp(version: string, userData: string): About {
  const { electron = 'none', chrome = 'none', node } = process.versions;
  return {
    versions: { app: version, electron, chromium: chrome, node, kafkajs: kafkajsVersion() },
    licence: LICENCE,
    dataFolder: userData,
    logFolder: logFolderOf(userData),
  };
}
