/** Private keys that the person chose, in memory under a token: the page gets the token, never the key. */
import { randomUUID } from 'node:crypto';
import { CommandFailure } from '../ipc/commandFailure';

const MAX_KEYS = 20;

export interface ChosenFiles {
  /** @returns the token. The oldest key is let go where there are too many. */
  keep(pem: string): string;
  /** The key, PEM. Throws CommandFailure for a token that is not, or no longer, known. */
  find(token: string): string;
}

export function createChosenFiles(): ChosenFiles {
  const keys = new Map<string, string>();
  return {
    keep: (pem) => {
      const token = randomUUID();
      keys.set(token, pem);
      for (const old of [...keys.keys()].slice(0, Math.max(0, keys.size - MAX_KEYS))) keys.delete(old);
      return token;
    },
    find: (token) => {
      const pem = keys.get(token);
      if (pem !== undefined) return pem;
      throw new CommandFailure(
        'not-found',
        'The private key that was chosen is no longer held.',
        'Choose its file again.',
      );
    },
  };
}
