/**
 * The clusters that the person works with, in `profiles.json` of the user-data folder. Secrets are in it encrypted or not
 * at all: those that are not kept live in memory until the app ends. They leave this file towards Kafka only.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type ChosenPem,
  type ImportedProfile,
  type NewSecret,
  type NewSecrets,
  type Profile,
  type ProfileDraft,
  type ProfileFields,
  type Profiles as ProfilesView,
  type SecretName,
  secretName,
} from '../../shared/profiles';
import type { ClusterConfig } from '../clusterConfig';
import { CommandFailure } from '../ipc/commandFailure';
import type { ClusterAccess } from '../kafka/clusterAccess';
import { createHeldSecrets } from './heldSecrets';
import { importFile } from './import/importFile';
import { type PemKind, readPemFile } from './pemFile';
import { checkKey, neededSecrets, type Secrets, toAccess } from './profileSecrets';
import {
  formatProfiles,
  loadProfiles,
  MAX_ENCRYPTED,
  MAX_FILE_BYTES,
  MAX_PROFILES,
  openProfilesFile,
  type StoredProfile,
} from './profilesFile';
import type { SecretStore } from './secretStore';

const CLIENT_ID = 'geostream';

export type Access =
  | { readonly kind: 'open'; readonly access: ClusterAccess }
  | { readonly kind: 'locked'; readonly missing: readonly SecretName[] };

/** Every method throws CommandFailure. */
export interface Profiles {
  /** What was wrong with the file, in words. */
  readonly problem: string | null;
  view(active: string): ProfilesView;
  has(id: string): boolean;
  find(id: string): Profile;
  access(id: string): Access;
  /** Secrets that a draft does not name are those of the stored profile. */
  accessOfDraft(draft: ProfileDraft): ClusterAccess;
  save(draft: ProfileDraft): Promise<Profile>;
  duplicate(id: string): Promise<Profile>;
  delete(id: string): Promise<void>;
  /** Kept until the app ends. */
  unlock(id: string, secrets: NewSecrets): void;
  chooseFile(kind: PemKind, path: string): Promise<ChosenPem>;
  /** A client.properties file as the beginning of a profile. Nothing is saved. */
  importFile(path: string): Promise<ImportedProfile>;
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

export interface ProfilesOptions {
  readonly folder: string;
  readonly secretStore: SecretStore;
  readonly config: ClusterConfig;
  /** Told, in words, what is wrong with the disk or the keychain. */
  readonly onError: (message: string) => void;
  /** Told of secrets that are about to be used, so that no log shows them. */
  readonly onSecrets?: (secrets: readonly string[]) => void;
}

const plain = (name: string, bootstrap: readonly string[]): ProfileFields => ({
  name,
  bootstrap: [...bootstrap],
  clientId: CLIENT_ID,
  readOnly: false,
  tls: null,
  sasl: null,
});

export async function openProfiles({
  folder,
  secretStore,
  config,
  onError,
  onSecrets,
}: ProfilesOptions): Promise<Profiles> {
  const path = join(folder, 'profiles.json');
  const { found, problem, mayWrite, frozen } = await loadProfiles(path);
  const kept = openProfilesFile(path, mayWrite, onError);
  let stored = found;
  /** Decrypted, or typed since the app started. */
  const opened = new Map<string, Secrets>();
  /** Ids of profiles whose stored secrets could not be decrypted. */
  const unreadable = new Set<string>();
  const held = createHeldSecrets();
  const listeners: (() => void)[] = [];

  function changed(): Promise<void> {
    const written = kept.write(formatProfiles(stored));
    for (const listener of listeners) listener();
    return written;
  }

  function secretsOf(id: string): Secrets {
    const known = opened.get(id);
    if (known) return known;
    const profile = stored.find((one) => one.id === id);
    if (!profile?.encrypted) return {};
    try {
      const secrets = z.partialRecord(secretName, z.string()).parse(JSON.parse(secretStore.decrypt(profile.encrypted)));
      opened.set(id, secrets);
      return secrets;
    } catch {
      onError(
        `The stored secrets of ${profile.fields.name} cannot be read: the keychain is locked, or holds another key. Enter them again.`,
      );
      opened.set(id, {});
      unreadable.add(id);
      return {};
    }
  }

  function accessWith(fields: ProfileFields, secrets: Secrets): ClusterAccess {
    onSecrets?.(Object.values(secrets));
    return toAccess(fields, secrets);
  }

  /** What is there without waking the keychain. */
  const namesOf = ({ id, kept }: StoredProfile): SecretName[] => {
    const known = opened.get(id);
    return known ? (Object.keys(known) as SecretName[]) : kept;
  };

  const toProfile = (one: StoredProfile): Profile => {
    const has = namesOf(one);
    const missing = neededSecrets(one.fields, opened.get(one.id) ?? {}).filter((name) => !has.includes(name));
    return { id: one.id, origin: 'saved', fields: one.fields, keepSecrets: one.keepSecrets, has, missing };
  };

  const given: Profile[] = [
    {
      id: 'built-in',
      origin: 'built-in',
      fields: plain('Built-in broker', []),
      keepSecrets: false,
      has: [],
      missing: [],
    },
  ];
  if (config.kind !== 'built-in') {
    const fields = plain('Kafka from KAFKA_URI', config.kind === 'environment' ? config.bootstrap : []);
    given.push({ id: 'environment', origin: 'environment', fields, keepSecrets: false, has: [], missing: [] });
  }
  const list = () => [...given, ...stored.map(toProfile)];

  function find(id: string): Profile {
    const profile = list().find((one) => one.id === id);
    if (profile) return profile;
    throw new CommandFailure('not-found', 'That profile is no longer there.', 'Choose another one.');
  }

  function savedOne(id: string): StoredProfile {
    const profile = stored.find((one) => one.id === id);
    if (profile) return profile;
    const { name } = find(id).fields;
    throw new CommandFailure('refused', `${name} cannot be edited.`, 'Make a profile of your own.');
  }

  const textOf = (name: SecretName, secret: NewSecret): string =>
    secret.kind === 'typed' ? secret.text : held.find(name, secret.token);

  /** The secrets that a draft comes to, without those that its settings do not use. */
  function secretsOfDraft({ id, fields, secrets: edits }: ProfileDraft): Secrets {
    const secrets: Secrets = { ...(id === null ? {} : secretsOf(id)) };
    for (const name of secretName.options) {
      const edit = edits[name];
      if (edit === null) delete secrets[name];
      else if (edit !== undefined) secrets[name] = textOf(name, edit);
    }
    const needed = neededSecrets(fields, secrets);
    return Object.fromEntries(Object.entries(secrets).filter(([name]) => needed.includes(name as SecretName)));
  }

  /** null when there is nothing to store. */
  function encrypted(secrets: Secrets): string | null {
    if (Object.keys(secrets).length === 0) return null;
    let base64: string;
    try {
      base64 = secretStore.encrypt(JSON.stringify(secrets));
    } catch {
      throw new CommandFailure(
        'refused',
        'This system cannot encrypt the secrets, so they are not stored.',
        'Switch "Keep secrets" off: they are kept until the app ends.',
      );
    }
    if (base64.length <= MAX_ENCRYPTED) return base64;
    throw new CommandFailure(
      'refused',
      'The secrets are too large to be stored.',
      'Choose the file with the private key alone, and check the other secrets.',
    );
  }

  function refuseWhenFrozen(): void {
    if (!frozen) return;
    throw new CommandFailure(
      'refused',
      `Profiles cannot be saved: ${path} is of a newer GeoStream.`,
      'Install the newer GeoStream again, or start this one with --user-data-dir and another folder.',
    );
  }

  async function put(id: string, fields: ProfileFields, keepSecrets: boolean, secrets: Secrets): Promise<Profile> {
    refuseWhenFrozen();
    const before = stored.find((other) => other.id === id);
    let one: StoredProfile = { id, fields, keepSecrets, encrypted: null, kept: [] };
    if (keepSecrets) {
      const text = encrypted(secrets);
      if (text !== null) one = { ...one, encrypted: text, kept: Object.keys(secrets) as SecretName[] };
      // The keychain may open another day: what could not be read now is not thrown away for another name.
      else if (before && unreadable.has(id) && neededSecrets(fields, {}).length > 0)
        one = { ...one, encrypted: before.encrypted, kept: before.kept };
    }
    const next = before ? stored.map((other) => (other === before ? one : other)) : [...stored, one];
    if (Buffer.byteLength(formatProfiles(next)) > MAX_FILE_BYTES) {
      throw new CommandFailure(
        'refused',
        `All profiles together are larger than ${MAX_FILE_BYTES / 1_000_000} MB.`,
        'Choose certificate files with fewer certificates, or delete profiles.',
      );
    }
    opened.set(id, secrets);
    stored = next;
    await changed();
    return toProfile(one);
  }

  function refuseWhenFull(): void {
    if (stored.length < MAX_PROFILES) return;
    throw new CommandFailure('refused', `There are ${MAX_PROFILES} profiles, which is the limit.`, 'Delete one first.');
  }

  return {
    problem,
    view: (active) => ({ active, list: list(), secretStore: secretStore.kind }),
    has: (id) => list().some((one) => one.id === id),
    find,
    access: (id) => {
      const { fields } = find(id);
      const secrets = secretsOf(id);
      const missing = neededSecrets(fields, secrets).filter((name) => secrets[name] === undefined);
      return missing.length > 0 ? { kind: 'locked', missing } : { kind: 'open', access: accessWith(fields, secrets) };
    },
    accessOfDraft: (draft) => {
      const secrets = secretsOfDraft(draft);
      checkKey(draft.fields, secrets);
      return accessWith(draft.fields, secrets);
    },
    save: async (draft) => {
      if (draft.id === null) refuseWhenFull();
      else savedOne(draft.id);
      if (list().some(({ id, fields }) => id !== draft.id && fields.name === draft.fields.name)) {
        throw new CommandFailure(
          'bad-input',
          `There is a profile named ${draft.fields.name} already.`,
          'Choose another name.',
        );
      }
      const secrets = secretsOfDraft(draft);
      checkKey(draft.fields, secrets);
      const changesSecrets = !draft.keepSecrets || Object.keys(draft.secrets).length > 0;
      if (draft.id !== null && changesSecrets) unreadable.delete(draft.id);
      return put(draft.id ?? randomUUID(), draft.fields, draft.keepSecrets, secrets);
    },
    duplicate: async (id) => {
      refuseWhenFull();
      const { fields, keepSecrets } = find(id);
      const names = new Set(list().map((one) => one.fields.name));
      const base = `${fields.name.slice(0, 85)} copy`;
      let name = base;
      for (let i = 2; names.has(name); i++) name = `${base} ${i}`;
      return put(randomUUID(), { ...fields, name }, keepSecrets, { ...secretsOf(id) });
    },
    delete: async (id) => {
      savedOne(id);
      stored = stored.filter((one) => one.id !== id);
      opened.delete(id);
      await changed();
    },
    unlock: (id, secrets) => {
      const { fields } = savedOne(id);
      const all = { ...secretsOf(id) };
      for (const name of secretName.options) {
        const secret = secrets[name];
        if (secret !== undefined) all[name] = textOf(name, secret);
      }
      checkKey(fields, all);
      opened.set(id, all);
      for (const listener of listeners) listener();
    },
    chooseFile: async (kind, file) => {
      const { fileName, pem, summary } = await readPemFile(kind, file, Date.now());
      if (kind === 'key') return { token: held.keep('key', pem), fileName, pem: null, summary };
      return { token: '', fileName, pem, summary };
    },
    importFile: (file) => {
      const taken = new Set(list().map(({ fields }) => fields.name));
      return importFile(file, { held, taken, now: Date.now() });
    },
    onChange: (listener) => void listeners.push(listener),
    close: kept.close,
  };
}
