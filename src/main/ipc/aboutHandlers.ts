/** What each command of the Help menu does. The page names no path: it asks for the folder of the log, and no other. */
import { cpus, release, totalmem } from 'node:os';
import { clipboard, shell } from 'electron';
import type { About, Snapshot } from '../../shared/contract';
import { diagnosticsText } from '../about/diagnostics';
import type { LogFiles } from '../logs/logFiles';
import { CommandFailure } from './commandFailure';
import type { Handlers } from './router';

export interface AboutHandlerParts {
  readonly about: () => About;
  readonly logs: LogFiles;
  /** Takes secrets out of a text. */
  readonly hide: (text: string) => string;
  /** Who paints, as the page last said it. */
  readonly painting: () => string;
  readonly snapshot: () => Snapshot;
}

type AboutCommand = 'app.about' | 'diagnostics.copy' | 'logs.show';

export function createAboutHandlers(parts: AboutHandlerParts): Pick<Handlers, AboutCommand> {
  return {
    'app.about': parts.about,
    'diagnostics.copy': () => {
      const text = diagnosticsText(
        {
          at: new Date(),
          about: parts.about(),
          system: `${process.platform} ${release()}, ${process.arch}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
          uptime: process.uptime(),
          snapshot: parts.snapshot(),
          painting: parts.painting(),
          lines: parts.logs.recent(),
          logTrouble: parts.logs.trouble,
        },
        parts.hide,
      );
      clipboard.writeText(text);
      return { characters: text.length };
    },
    'logs.show': async () => {
      const { folder } = parts.logs;
      const trouble = await shell.openPath(folder);
      if (trouble === '') return {};
      throw new CommandFailure('file', `The folder ${folder} could not be opened: ${trouble}`, 'Open it by yourself.');
    },
  };
}
