import { describe, expect, it } from 'vitest';
import { electronSecretStore } from '../../../src/main/profiles/secretStore';
import { memorySafeStorage } from './memorySafeStorage';

describe('secrets that are stored', () => {
  it('are encrypted with the key of the keychain, and come back', () => {
    const store = electronSecretStore(memorySafeStorage(), 'linux');
    const encrypted = store.encrypt('geheim é€');
    expect(Buffer.from(encrypted, 'base64').toString('latin1')).not.toContain('geheim');
    expect(store.decrypt(encrypted)).toBe('geheim é€');
    expect(store.kind).toBe('keychain');
  });

  it.each([
    ['linux', 'gnome_libsecret', 'keychain'],
    ['linux', 'basic_text', 'basic'],
    ['linux', 'unknown', 'none'],
    ['darwin', 'basic_text', 'keychain'],
    ['win32', 'basic_text', 'keychain'],
  ] as const)('on %s with %s: %s, without asking the keychain', (platform, backend, kind) => {
    const storage = memorySafeStorage(backend);
    expect(electronSecretStore(storage, platform).kind).toBe(kind);
    expect(storage.asked).toBe(0);
  });

  it('are encrypted with the known key only where there is no other, when there is something to encrypt', () => {
    const store = electronSecretStore(memorySafeStorage('basic_text'), 'linux');
    expect(store.decrypt(store.encrypt('x'))).toBe('x');
    expect(store.kind).toBe('basic');
  });

  it('are refused where nothing can encrypt, or while the keychain is locked', () => {
    const none = electronSecretStore(memorySafeStorage('unknown'), 'linux');
    expect(() => none.encrypt('x')).toThrow('no keychain that can be used');
    const storage = memorySafeStorage();
    const store = electronSecretStore(storage, 'linux');
    const encrypted = store.encrypt('x');
    storage.locked = true;
    expect(() => store.encrypt('x')).toThrow('no keychain that can be used');
    expect(() => store.decrypt(encrypted)).toThrow('no keychain that can be used');
    expect(store.kind).toBe('none');
    storage.locked = false;
    expect(store.decrypt(encrypted)).toBe('x');
    expect(store.kind).toBe('keychain');
  });

  it('cannot be read with another key, and the error says nothing of them', () => {
    const storage = memorySafeStorage();
    const store = electronSecretStore(storage, 'linux');
    const encrypted = store.encrypt('geheim');
    storage.forgetKey();
    const failure = (() => {
      try {
        return store.decrypt(encrypted);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ name: 'SecretStoreError', message: "the system's keychain holds another key" });
    expect(JSON.stringify([failure, (failure as Error).stack])).not.toContain('geheim');
  });
});
