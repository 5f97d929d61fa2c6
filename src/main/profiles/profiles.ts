/**
 * The clusters that the person works with, in `profiles.json` of the user-data folder. Secrets are in it encrypted or not
 * at all: those that are not kept live in memory until the app ends. They leave this file towards Kafka only.
 */
import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type ChosenPem,
  type Profile,
  type ProfileDraft,
  type ProfileFields,
  type Profiles as ProfilesView,
  profileFields,
  type SecretName,
  secretName,
} from '../../shared/profiles';
import type { ClusterConfig } from '../clusterConfig';
import { CommandFailure } from '../ipc/commandFailure';
import type { ClusterAccess, SaslAccess, TlsAccess } from '../kafka/clusterAccess';
import { createChosenFiles } from './chosenFiles';
import { isEncryptedKey, keyFits, openKey } from './pem';
import { type PemKind, readPemFile } from './pemFile';
import type { SecretStore } from './secretStore';

type Secrets = Partial<Record<SecretName, string>>;

const storedProfile = z.object({
  id: z.string().min(1).max(100),
  fields: profileFields,
  keepSecrets: z.boolean(),
  /** Encrypted JSON, base64; null when none are kept. */
  encrypted: z.string().max(1_000_000).nullable(),
  kept: z.array(secretName),
});
type StoredProfile = z.infer<typeof storedProfile>;
const profilesFile = z.object({ version: z.literal(1), profiles: z.array(storedProfile).max(200) });

const MAX_PROFILES = 200;
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
  unlock(id: string, secrets: Secrets): void;
  chooseFile(kind: PemKind, path: string): Promise<ChosenPem>;
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

export interface ProfilesOptions {
  readonly folder: string;
  readonly secretStore: SecretStore;
  readonly config: ClusterConfig;
  /** Told, in words, what is wrong with the disk or the keychain. */
  readonly onError: (message: string) => void;
}

const plain = (name: string, bootstrap: readonly string[]): ProfileFields => ({
  name,
  bootstrap: [...bootstrap],
  clientId: CLIENT_ID,
  readOnly: false,
  tls: null,
  sasl: null,
});

function neededSecrets({ tls, sasl }: ProfileFields, secrets: Secrets): SecretName[] {
  const needed: SecretName[] = [];
  if (sasl) needed.push(sasl.mechanism === 'OAUTHBEARER' ? 'clientSecret' : 'password');
  if (tls?.certificate != null) {
    needed.push('key');
    if (secrets.key !== undefined && isEncryptedKey(secrets.key)) needed.push('keyPassphrase');
  }
  return needed;
}

function toAccess({ bootstrap, clientId, tls, sasl }: ProfileFields, secrets: Secrets): ClusterAccess {
  const tlsAccess: TlsAccess | null = tls && {
    ...tls,
    key: tls.certificate === null ? null : (secrets.key ?? null),
    keyPassphrase: secrets.keyPassphrase ?? null,
  };
  let saslAccess: SaslAccess | null = null;
  if (sasl?.mechanism === 'OAUTHBEARER') saslAccess = { ...sasl, clientSecret: secrets.clientSecret ?? '' };
  else if (sasl) saslAccess = { ...sasl, password: secrets.password ?? '' };
  return { bootstrap, clientId, tls: tlsAccess, sasl: saslAccess };
}

async function load(path: string): Promise<{ found: StoredProfile[]; problem: string | null }> {
  try {
    return { found: profilesFile.parse(JSON.parse(await readFile(path, 'utf8'))).profiles, problem: null };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { found: [], problem: null };
    const aside = `${path}.unreadable-${Date.now()}`;
    const kept = await rename(path, aside).then(
      () => `It is kept as ${aside}.`,
      () => 'It could not be set aside.',
    );
    return {
      found: [],
      problem: `The profiles could not be read: the file is damaged or from another version. ${kept}`,
    };
  }
}

export async function openProfiles({ folder, secretStore, config, onError }: ProfilesOptions): Promise<Profiles> {
  const path = join(folder, 'profiles.json');
  const { found, problem } = await load(path);
  let stored = found;
  /** Decrypted, or typed since the app started. */
  const opened = new Map<string, Secrets>();
  const chosen = createChosenFiles();
  const listeners: (() => void)[] = [];
  let writing: Promise<void> = Promise.resolve();

  function changed(): Promise<void> {
    const text = `${JSON.stringify({ version: 1, profiles: stored }, null, 2)}\n`;
    writing = writing.then(async () => {
      try {
        await writeFile(`${path}.tmp`, text, { flush: true, mode: 0o600 });
        await chmod(`${path}.tmp`, 0o600);
        await rename(`${path}.tmp`, path);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        onError(`The profiles could not be written (${code ?? 'unknown error'}).`);
      }
    });
    for (const listener of listeners) listener();
    return writing;
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
        `The stored secrets of ${profile.fields.name} cannot be read on this computer any more; enter them again.`,
      );
      opened.set(id, {});
      return {};
    }
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

  /** The secrets that a draft comes to, without those that its settings do not use. */
  function secretsOfDraft({ id, fields, secrets: edits }: ProfileDraft): Secrets {
    const secrets: Secrets = { ...(id === null ? {} : secretsOf(id)) };
    for (const [name, value] of Object.entries(edits) as [SecretName, string | null | undefined][]) {
      if (value === undefined) continue;
      if (value === null) delete secrets[name];
      else secrets[name] = name === 'key' ? chosen.find(value) : value;
    }
    const needed = neededSecrets(fields, secrets);
    return Object.fromEntries(Object.entries(secrets).filter(([name]) => needed.includes(name as SecretName)));
  }

  function checkKey({ tls }: ProfileFields, { key, keyPassphrase }: Secrets): void {
    if (tls?.certificate == null || key === undefined || (isEncryptedKey(key) && keyPassphrase === undefined)) return;
    const open = openKey(key, keyPassphrase);
    if (open === null) {
      throw new CommandFailure('bad-input', 'The passphrase does not open the private key.', 'Type it again.');
    }
    if (keyFits(tls.certificate, open)) return;
    throw new CommandFailure(
      'bad-input',
      'The private key does not belong to the client certificate.',
      'Choose the key that the certificate was made for.',
    );
  }

  async function put(id: string, fields: ProfileFields, keepSecrets: boolean, secrets: Secrets): Promise<Profile> {
    const names = Object.keys(secrets) as SecretName[];
    let encrypted: string | null = null;
    if (keepSecrets && names.length > 0) {
      try {
        encrypted = secretStore.encrypt(JSON.stringify(secrets));
      } catch {
        throw new CommandFailure(
          'refused',
          'This system cannot encrypt the secrets, so they are not stored.',
          'Switch "Keep secrets" off: they are kept until the app ends.',
        );
      }
    }
    const one: StoredProfile = { id, fields, keepSecrets, encrypted, kept: encrypted === null ? [] : names };
    opened.set(id, secrets);
    stored = stored.some((other) => other.id === id)
      ? stored.map((other) => (other.id === id ? one : other))
      : [...stored, one];
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
      return missing.length > 0 ? { kind: 'locked', missing } : { kind: 'open', access: toAccess(fields, secrets) };
    },
    accessOfDraft: (draft) => {
      const secrets = secretsOfDraft(draft);
      checkKey(draft.fields, secrets);
      return toAccess(draft.fields, secrets);
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
      const { key } = secrets;
      const all = { ...secretsOf(id), ...secrets, ...(key === undefined ? {} : { key: chosen.find(key) }) };
      checkKey(fields, all);
      opened.set(id, all);
      for (const listener of listeners) listener();
    },
    chooseFile: async (kind, file) => {
      const { fileName, pem, summary } = await readPemFile(kind, file, Date.now());
      if (kind === 'key') return { token: chosen.keep(pem), fileName, pem: null, summary };
      return { token: '', fileName, pem, summary };
    },
    onChange: (listener) => void listeners.push(listener),
    close: () => writing,
  };
}
