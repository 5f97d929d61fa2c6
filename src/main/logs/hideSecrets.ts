/**
 * The last net before a line is kept: secrets are not logged, and should a library or a server put one into its words all
 * the same, it is taken out here, by its value where it is known, else by what it looks like.
 */

export interface Secrets {
  know(secrets: Iterable<string>): void;
  /** The text without them. */
  hide(text: string): string;
}

/** Shorter ones would be found in half of all words. */
const SHORTEST = 4;
const MOST = 1_000;
const HIDDEN = '[hidden]';

const LOOKS_LIKE: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
  // user:password@host, with a scheme or without.
  [/(\/\/)[^\s/"'@]+@/g, `$1${HIDDEN}@`],
  [/[^\s"'@/:]+:[^\s"'@/]+@(?=[\w.[])/g, `${HIDDEN}@`],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi, `$1 ${HIDDEN}`],
  [/((?:password|passphrase|secret|token)\\?"?\s*(?:=\s*\\?"?|:\s*\\?"))[^\s"\\,;&}]+/gi, `$1${HIDDEN}`],
];

export function createSecrets(): Secrets {
  const known = new Set<string>();
  return {
    know: (secrets) => {
      for (const secret of secrets) {
        if (secret.length < SHORTEST) continue;
        known.delete(secret);
        known.add(secret);
      }
      for (const oldest of known) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
    },
    hide: (text) => {
      let hidden = text;
      // Longest first: one may be a part of another.
      for (const secret of [...known].sort((a, b) => b.length - a.length)) hidden = hidden.replaceAll(secret, HIDDEN);
      for (const [pattern, instead] of LOOKS_LIKE) hidden = hidden.replace(pattern, instead);
      return hidden;
    },
  };
}
