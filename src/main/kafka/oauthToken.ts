/** Tokens for OAUTHBEARER, kept until they are nearly over. */
import type { TlsAccess } from './clusterAccess';
import type { OAuth } from './oauthRequest';

/** A token is got anew this part of its life before it ends. */
const EARLY = 0.2;

export function createTokenProvider(oauth: OAuth, tls: TlsAccess | null): () => Promise<string> {
  let token: { value: string; until: number } | undefined;
  let asking: Promise<string> | undefined;
  return async () => {
    if (token && Date.now() < token.until) return token.value;
    asking ??= import('./oauthRequest')
      .then(({ askForToken }) => askForToken(oauth, tls?.ca ?? null))
      .then(({ access_token: value, expires_in: seconds = 60 }) => {
        token = { value, until: Date.now() + seconds * 1_000 * (1 - EARLY) };
        return value;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
}
