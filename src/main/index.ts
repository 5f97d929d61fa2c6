/** Entry of the main process: takes what has been compiled before, and begins. */
import { useCodeCache } from './start/codeCache';

/** What is said before there is a log. */
const early: string[] = [];
let warn = (message: string): void => {
  early.push(message);
};

const built = import.meta.dirname;
useCodeCache(built, 'main', (message) => warn(message));
void import('./begin').then(({ begin }) =>
  begin({
    built,
    followWarnings: (listener) => {
      warn = listener;
      for (const message of early) listener(message);
    },
  }),
);
