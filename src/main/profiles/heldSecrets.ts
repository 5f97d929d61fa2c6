/** Secrets that came from files, in memory under tokens: the page gets the token, never the secret. */
import { randomUUID } from 'node:crypto';
import type { SecretName } from '../../shared/profiles';
import { CommandFailure } from '../ipc/commandFailure';

const MAX_SECRETS = 50;

export interface HeldSecrets {
  /** @returns the token, good for a secret of this name alone. The oldest secret is let go where there are too many. */
  keep(name: SecretName, secret: string): string;
  /** Throws CommandFailure for a token that is not, or no longer, known. */
  find(name: SecretName, token: string): string;
}

export function createHeldSecrets(): HeldSecrets {
  const held = new Map<string, { readonly name: SecretName; readonly secret: string }>();
  return {
    keep: (name, secret) => {
      const token = randomUUID();
      held.set(token, { name, secret });
      for (const old of [...held.keys()].slice(0, Math.max(0, held.size - MAX_SECRETS))) held.delete(old);
      return token;
    },
    find: (name, token) => {
      const found = held.get(token);
      if (found?.name === name) return found.secret;
      throw new CommandFailure(
        'not-found',
        'A secret that came from a file is no longer held.',
        'Choose the file again.',
      );
    },
  };
}
