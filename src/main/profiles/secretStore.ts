/**
 * Where secrets are encrypted before they are written: the system's keychain, by way of Electron's safeStorage. Nothing
 * is asked of the keychain before there is something to encrypt or decrypt, since it may prompt the person.
 */
import type { Profiles } from '../../shared/profiles';

export interface SecretStore {
  /** `basic`: encrypted with a key that everybody knows; `none`: nothing can be encrypted. As far as is known yet. */
  readonly kind: Profiles['secretStore'];
  /** Base64. Throws SecretStoreError. */
  encrypt(text: string): string;
  /** Throws SecretStoreError, also for what was encrypted with another key. */
  decrypt(base64: string): string;
}

export class SecretStoreError extends Error {
  override readonly name = 'SecretStoreError';
}

/** What is used of Electron's safeStorage. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  getSelectedStorageBackend(): string;
  setUsePlainTextEncryption(use: boolean): void;
}

/** To be used after the app is ready only. */
export function electronSecretStore(safeStorage: SafeStorage, platform: NodeJS.Platform): SecretStore {
  let kind: SecretStore['kind'] | undefined;

  function kindNow(): SecretStore['kind'] {
    if (kind === undefined) {
      const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'keychain';
      kind = backend === 'basic_text' ? 'basic' : backend === 'unknown' ? 'none' : 'keychain';
    }
    return kind;
  }

  /** The keychain may be locked now and open later: asked each time. Electron remembers the key, so that is cheap. */
  function prepare(): void {
    // Encrypting with the known key is allowed only here, when there is a secret that the person chose to store.
    if (kindNow() === 'basic') safeStorage.setUsePlainTextEncryption(true);
    else kind = safeStorage.isEncryptionAvailable() ? 'keychain' : 'none';
    if (kind === 'none') throw new SecretStoreError('the system has no keychain that can be used');
  }

  function attempt<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      // Electron's own message says no more, and must not be able to hold what was to be encrypted.
      throw new SecretStoreError(what, { cause: error instanceof Error ? error.name : undefined });
    }
  }

  return {
    get kind() {
      return kindNow();
    },
    encrypt: (text) => {
      prepare();
      return attempt("the system's keychain did not encrypt", () => safeStorage.encryptString(text).toString('base64'));
    },
    decrypt: (base64) => {
      prepare();
      return attempt("the system's keychain holds another key", () =>
        safeStorage.decryptString(Buffer.from(base64, 'base64')),
      );
    },
  };
}
