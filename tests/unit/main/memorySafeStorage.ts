/** A twin of Electron's safeStorage in memory: encrypts with a key of its own, which can be locked away or replaced. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SafeStorage } from '../../../src/main/profiles/secretStore';

export interface MemorySafeStorage extends SafeStorage {
  /** Times that anything was asked of the keychain, which a person may have to answer for. */
  readonly asked: number;
  /** As a keychain that is closed, or whose prompt is declined. */
  locked: boolean;
  /** As on another computer. */
  forgetKey(): void;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

export function memorySafeStorage(backend = 'gnome_libsecret'): MemorySafeStorage {
  let key = randomBytes(32);
  let asked = 0;
  let plainTextAllowed = false;
  const isUsable = () => !storage.locked && backend !== 'unknown' && (backend !== 'basic_text' || plainTextAllowed);
  const refuseUnusable = () => {
    asked += 1;
    if (!isUsable()) throw new Error('encryption is not available');
  };
  const storage: MemorySafeStorage = {
    locked: false,
    get asked() {
      return asked;
    },
    forgetKey: () => {
      key = randomBytes(32);
    },
    isEncryptionAvailable: () => {
      asked += 1;
      return isUsable();
    },
    getSelectedStorageBackend: () => backend,
    setUsePlainTextEncryption: (use) => {
      plainTextAllowed = use;
    },
    encryptString: (text) => {
      refuseUnusable();
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    decryptString: (encrypted) => {
      refuseUnusable();
      const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, IV_BYTES));
      decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
      return decipher.update(encrypted.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
  return storage;
}
