/** What the app logs: on stderr as ever, and in the log files, there without secrets and of bounded length. */
import type { Secrets } from './hideSecrets';
import type { LogFiles } from './logFiles';

export type Level = 'info' | 'warn' | 'error';

export interface AppLog {
  /** To stderr and to the files. */
  log(level: Level, message: string): void;
  /** To the files only. */
  note(level: Level, message: string): void;
  /** What the page wrote to its console: to the files only, and no more of it than anybody would read. */
  fromPage(level: Level, message: string): void;
}

/** Characters of a message in the files. */
const LONGEST = 8_000;
/** Lines of the page that are written within a window, ms; of further ones the number is told. */
const PAGE_LINES = 40;
const WINDOW_MS = 10_000;

export function createAppLog(files: LogFiles, secrets: Secrets, write: (line: string) => void): AppLog {
  let left = PAGE_LINES;
  let dropped = 0;
  let window: NodeJS.Timeout | undefined;

  function keep(level: Level, message: string): void {
    // A key that is cut off can no longer be recognized: cut afterwards, but never search in what has no end.
    const hidden = secrets.hide(message.slice(0, LONGEST * 4));
    const text = hidden.length > LONGEST ? `${hidden.slice(0, LONGEST)}…` : hidden;
    files.write(JSON.stringify({ time: new Date().toISOString(), level, message: text }));
  }

  function closeWindow(): void {
    window = undefined;
    left = PAGE_LINES;
    if (dropped > 0) keep('warn', `page: ${dropped} more lines within ${WINDOW_MS / 1_000} s`);
    dropped = 0;
  }

  return {
    log: (level, message) => {
      write(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
      keep(level, message);
    },
    note: keep,
    fromPage: (level, message) => {
      if (window === undefined) {
        window = setTimeout(closeWindow, WINDOW_MS);
        window.unref();
      }
      left -= 1;
      if (left >= 0) keep(level, `page: ${message}`);
      else dropped += 1;
    },
  };
}
