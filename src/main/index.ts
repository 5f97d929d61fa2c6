/** Entry of the main process: takes what has been compiled before, and begins. */
import { join } from 'node:path';
import { useCodeCache } from './start/codeCache';

/** What is said before there is a log. */
const early: string[] = [];
let warn = (message: string): void => {
  early.push(message);
};

const built = import.meta.dirname;
useCodeCache(join(built, 'code-cache'), 'main', (message) => warn(message));
void import('./begin').then(({ begin }) =>
  begin({
    built,
    followWarnings: (listener) => {
      warn = listener;
      for (const message of early) listener(message);
    },
  }),
);
