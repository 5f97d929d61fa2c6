import { createPrivateKey } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterConfig } from '../../../src/main/clusterConfig';
import { openProfiles, type Profiles } from '../../../src/main/profiles/profiles';
import { electronSecretStore } from '../../../src/main/profiles/secretStore';
import { type ProfileDraft, type ProfileFields, profileDraft } from '../../../src/shared/profiles';
import { makeCertificates } from '../../apacheKafka/certificates';
import { type MemorySafeStorage, memorySafeStorage } from './memorySafeStorage';

const { ca, client, server } = makeCertificates();
const PASSWORD = 'correct horse battery staple';
const PASSPHRASE = 'open sesame';
const encryptedKey = createPrivateKey(client.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();

let folder: string;
let storage: MemorySafeStorage;
let told: string[];
const running: Profiles[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-profiles-'));
  storage = memorySafeStorage();
  told = [];
});
afterEach(async () => {
  for (const profiles of running.splice(0)) await profiles.close();
  await rm(folder, { recursive: true, force: true });
});

/** As the app does when it starts: in the same folder, with the same keychain. */
async function open(config: ClusterConfig = { kind: 'built-in' }): Promise<Profiles> {
  const profiles = await openProfiles({
    folder,
    secretStore: electronSecretStore(storage, 'linux'),
    config,
    onError: (message) => told.push(message),
  });
  running.push(profiles);
  return profiles;
}
const file = () => join(folder, 'profiles.json');
const written = () => readFile(file(), 'utf8');
const names = (profiles: Profiles) => profiles.view('built-in').list.map(({ fields }) => fields.name);

const plain = (change: Partial<ProfileFields> = {}): ProfileFields => ({
  name: 'Harbour',
  bootstrap: ['kafka-1:9092', '[::1]:9092'],
  clientId: 'geostream',
  readOnly: false,
  tls: null,
  sasl: null,
  ...change,
});
const signIn = { mechanism: 'SCRAM-SHA-512', username: 'alice' } as const;
const mutualTls = { ca, certificate: client.cert, checkHostname: true };
function draft(fields: ProfileFields, change: Partial<ProfileDraft> = {}): ProfileDraft {
  const whole = { id: null, fields, secrets: {}, keepSecrets: true, ...change };
  expect(profileDraft.parse(whole)).toEqual(whole);
  return whole;
}
const typed = (text: string) => ({ kind: 'typed', text }) as const;
const withPassword = (change: Partial<ProfileDraft> = {}) =>
  draft(plain({ sasl: signIn }), { secrets: { password: typed(PASSWORD) }, ...change });
const passwordOf = (profiles: Profiles, id: string) => {
  const found = profiles.access(id);
  return found.kind === 'open' && found.access.sasl && 'password' in found.access.sasl
    ? found.access.sasl.password
    : found;
};

async function chosenKey(profiles: Profiles, pem: string) {
  const path = join(folder, 'client.key');
  await writeFile(path, pem);
  const { token, pem: shown } = await profiles.chooseFile('key', path);
  expect(shown).toBeNull();
  return { kind: 'held', token } as const;
}

describe('profiles', () => {
  it('begin with the built-in broker, and with the cluster of the environment where there is one', async () => {
    expect((await open()).view('built-in')).toMatchObject({
      active: 'built-in',
      list: [{ id: 'built-in', origin: 'built-in', has: [], missing: [] }],
      secretStore: 'keychain',
    });
    const profiles = await open({ kind: 'environment', bootstrap: ['kafka:9092'] });
    expect(profiles.find('environment')).toMatchObject({
      origin: 'environment',
      fields: { bootstrap: ['kafka:9092'] },
    });
    expect(profiles.access('environment')).toMatchObject({ kind: 'open', access: { bootstrap: ['kafka:9092'] } });
    await expect(readdir(folder)).resolves.toEqual([]);
  });

  it('are made, and come back as they were', async () => {
    const profiles = await open();
    let changes = 0;
    profiles.onChange(() => {
      changes += 1;
    });
    const fields = plain({ readOnly: true, tls: { ca, certificate: null, checkHostname: false } });
    const saved = await profiles.save(draft(fields, { keepSecrets: false }));
    expect(saved).toMatchObject({ origin: 'saved', fields, keepSecrets: false, has: [], missing: [] });
    expect(changes).toBe(1);
    const again = await open();
    expect(again.problem).toBeNull();
    expect(again.find(saved.id)).toEqual(saved);
    expect(again.access(saved.id)).toEqual({
      kind: 'open',
      access: {
        bootstrap: fields.bootstrap,
        clientId: 'geostream',
        tls: { ca, certificate: null, key: null, keyPassphrase: null, checkHostname: false },
        sasl: null,
      },
    });
  });

  it('are edited in their place', async () => {
    const profiles = await open();
    const first = await profiles.save(draft(plain()));
    await profiles.save(draft(plain({ name: 'Other' })));
    await profiles.save(draft(plain({ name: 'Port', clientId: 'me' }), { id: first.id }));
    expect(names(profiles)).toEqual(['Built-in broker', 'Port', 'Other']);
    expect((await open()).find(first.id).fields.clientId).toBe('me');
  });

  it('have a name of their own', async () => {
    const profiles = await open();
    const { id } = await profiles.save(draft(plain()));
    await expect(profiles.save(draft(plain()))).rejects.toMatchObject({
      code: 'bad-input',
      message: 'There is a profile named Harbour already.',
    });
    await expect(profiles.save(draft(plain({ name: 'Built-in broker' })))).rejects.toMatchObject({ code: 'bad-input' });
    await profiles.save(draft(plain({ clientId: 'other' }), { id }));
    expect(names(profiles)).toEqual(['Built-in broker', 'Harbour']);
  });

  it('are duplicated under a free name, with their secrets', async () => {
    const profiles = await open({ kind: 'environment', bootstrap: ['kafka:9092'] });
    const { id } = await profiles.save(withPassword());
    const [first, second] = [await profiles.duplicate(id), await profiles.duplicate(id)];
    expect([first.fields.name, second.fields.name]).toEqual(['Harbour copy', 'Harbour copy 2']);
    expect(passwordOf(await open(), second.id)).toBe(PASSWORD);
    // What cannot be edited can be made one's own.
    const own = await profiles.duplicate('environment');
    expect(own).toMatchObject({ origin: 'saved', fields: { name: 'Kafka from KAFKA_URI copy' } });
    const long = await profiles.save(draft(plain({ name: 'x'.repeat(100) })));
    expect((await profiles.duplicate(long.id)).fields.name.length).toBeLessThanOrEqual(100);
  });

  it('are deleted with their secrets', async () => {
    const profiles = await open();
    const { id } = await profiles.save(withPassword());
    await profiles.delete(id);
    expect(profiles.has(id)).toBe(false);
    expect(JSON.parse(await written())).toEqual({ version: 1, profiles: [] });
    expect(() => profiles.find(id)).toThrow('no longer there');
    expect(() => profiles.access(id)).toThrow('no longer there');
    await expect(profiles.delete(id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(profiles.save(draft(plain(), { id }))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that come with the app are neither edited nor deleted', async () => {
    const profiles = await open();
    await expect(profiles.delete('built-in')).rejects.toMatchObject({ code: 'refused' });
    await expect(profiles.save(draft(plain(), { id: 'built-in' }))).rejects.toMatchObject({
      message: 'Built-in broker cannot be edited.',
    });
    expect(() => profiles.unlock('built-in', {})).toThrow('cannot be edited');
  });

  it('are at most 200', async () => {
    const one = (n: number) => ({ id: `p${n}`, fields: plain({ name: `p${n}` }), keepSecrets: false, kept: [] });
    const full = Array.from({ length: 200 }, (_, n) => ({ ...one(n), encrypted: null }));
    await writeFile(file(), JSON.stringify({ version: 1, profiles: full }));
    const profiles = await open();
    const refused = { code: 'refused', message: 'There are 200 profiles, which is the limit.' };
    await expect(profiles.save(draft(plain()))).rejects.toMatchObject(refused);
    await expect(profiles.duplicate('p1')).rejects.toMatchObject(refused);
    await profiles.save(draft(plain({ name: 'still edited' }), { id: 'p1' }));
    await profiles.delete('p2');
    await profiles.save(draft(plain()));
  });
});

describe('the secrets of a profile', () => {
  it('that are kept are encrypted on the disk, and nowhere in clear', async () => {
    const profiles = await open();
    const key = await chosenKey(profiles, encryptedKey);
    const oauth = {
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: 'https://login.example.org/token',
      clientId: 'me',
      scope: null,
    } as const;
    const secrets = { clientSecret: typed(PASSWORD), key, keyPassphrase: typed(PASSPHRASE) };
    const saved = await profiles.save(draft(plain({ tls: mutualTls, sasl: oauth }), { secrets }));
    expect(saved.has.toSorted()).toEqual(['clientSecret', 'key', 'keyPassphrase']);
    const everything = (await written()) + JSON.stringify(profiles.view('built-in'));
    for (const secret of [PASSWORD, PASSPHRASE, 'PRIVATE KEY', encryptedKey.split('\n')[1] ?? '']) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12));
    }
    expect((await open()).access(saved.id)).toMatchObject({
      kind: 'open',
      access: {
        tls: { certificate: client.cert, key: encryptedKey, keyPassphrase: PASSPHRASE },
        sasl: { ...oauth, clientSecret: PASSWORD },
      },
    });
  });

  it('do not wake the keychain before they are needed', async () => {
    const { id } = await (await open()).save(withPassword());
    const asked = storage.asked;
    const profiles = await open();
    expect(profiles.view('built-in').list.at(-1)).toMatchObject({ has: ['password'], missing: [] });
    expect(storage.asked).toBe(asked);
    expect(passwordOf(profiles, id)).toBe(PASSWORD);
    expect(storage.asked).toBeGreaterThan(asked);
  });

  it('that are not kept live until the app ends, and are then asked for', async () => {
    const profiles = await open();
    const { id, has } = await profiles.save(withPassword({ keepSecrets: false }));
    expect(has).toEqual(['password']);
    expect(passwordOf(profiles, id)).toBe(PASSWORD);
    expect(JSON.parse(await written()).profiles[0]).toMatchObject({ encrypted: null, kept: [] });
    expect(storage.asked).toBe(0);
    const again = await open();
    expect(again.access(id)).toEqual({ kind: 'locked', missing: ['password'] });
    expect(again.find(id)).toMatchObject({ has: [], missing: ['password'] });
    again.unlock(id, { password: typed('given again') });
    expect(passwordOf(again, id)).toBe('given again');
    expect(again.find(id).missing).toEqual([]);
    expect(await written()).not.toContain('given again');
  });

  it('stay, are replaced, and are forgotten, as the draft says', async () => {
    const profiles = await open();
    const { id } = await profiles.save(withPassword());
    await profiles.save(withPassword({ id, secrets: {} }));
    expect(passwordOf(profiles, id)).toBe(PASSWORD);
    await profiles.save(withPassword({ id, secrets: { password: typed('another') } }));
    expect(passwordOf(await open(), id)).toBe('another');
    await profiles.save(withPassword({ id, secrets: { password: null } }));
    expect(profiles.access(id)).toEqual({ kind: 'locked', missing: ['password'] });
    expect((await open()).access(id)).toEqual({ kind: 'locked', missing: ['password'] });
    expect(JSON.parse(await written()).profiles[0]).toMatchObject({ encrypted: null, kept: [] });
  });

  it('leave the disk when they are no longer to be kept', async () => {
    const profiles = await open();
    const { id } = await profiles.save(withPassword());
    await profiles.save(withPassword({ id, secrets: {}, keepSecrets: false }));
    expect(JSON.parse(await written()).profiles[0].encrypted).toBeNull();
    expect(passwordOf(profiles, id)).toBe(PASSWORD);
    expect((await open()).access(id)).toMatchObject({ kind: 'locked' });
  });

  it('that the settings have no use for are let go', async () => {
    const profiles = await open();
    const { id } = await profiles.save(withPassword());
    await profiles.save(draft(plain(), { id }));
    expect(JSON.parse(await written()).profiles[0]).toMatchObject({ encrypted: null, kept: [] });
    expect(profiles.find(id).has).toEqual([]);
  });

  it('are those of the draft in a test of a connection, and change nothing', async () => {
    const profiles = await open();
    const { id } = await profiles.save(withPassword());
    const before = await written();
    expect(profiles.accessOfDraft(withPassword({ id, secrets: {} })).sasl).toEqual({ ...signIn, password: PASSWORD });
    const other = withPassword({ id, secrets: { password: typed('tried out') } });
    expect(profiles.accessOfDraft(other).sasl).toEqual({ ...signIn, password: 'tried out' });
    expect(passwordOf(profiles, id)).toBe(PASSWORD);
    expect(await written()).toBe(before);
  });

  it('are refused, not written in clear, where nothing can encrypt', async () => {
    storage = memorySafeStorage('unknown');
    const profiles = await open();
    await expect(profiles.save(withPassword())).rejects.toMatchObject({
      code: 'refused',
      message: 'This system cannot encrypt the secrets, so they are not stored.',
    });
    expect(names(profiles)).toEqual(['Built-in broker']);
    const { id } = await profiles.save(withPassword({ keepSecrets: false }));
    expect(passwordOf(profiles, id)).toBe(PASSWORD);
    expect(await written()).not.toContain(PASSWORD);
  });

  it('that cannot be read are told, and asked for', async () => {
    const { id } = await (await open()).save(withPassword());
    storage.forgetKey();
    const profiles = await open();
    expect(profiles.access(id)).toEqual({ kind: 'locked', missing: ['password'] });
    profiles.access(id);
    expect(told).toEqual([
      'The stored secrets of Harbour cannot be read: the keychain is locked, or holds another key. Enter them again.',
    ]);
    await profiles.save(withPassword({ id }));
    expect(passwordOf(await open(), id)).toBe(PASSWORD);
  });

  it('are not lost when a profile is edited while the keychain is locked', async () => {
    const { id } = await (await open()).save(withPassword());
    storage.locked = true;
    const profiles = await open();
    const renamed = plain({ name: 'Port', sasl: signIn });
    await profiles.save(draft(renamed, { id }));
    storage.locked = false;
    const again = await open();
    expect(again.find(id)).toMatchObject({ fields: { name: 'Port' }, has: ['password'] });
    expect(passwordOf(again, id)).toBe(PASSWORD);
    // What the person lets go is let go all the same.
    storage.locked = true;
    const third = await open();
    expect(third.access(id)).toMatchObject({ kind: 'locked' });
    await third.save(draft(renamed, { id, secrets: { password: null } }));
    storage.locked = false;
    expect((await open()).access(id)).toMatchObject({ kind: 'locked' });
  });

  it('fit together: the key its certificate, and the passphrase the key', async () => {
    const profiles = await open();
    const fields = plain({ tls: mutualTls });
    const key = await chosenKey(profiles, encryptedKey);
    const save = (secrets: ProfileDraft['secrets']) => profiles.save(draft(fields, { secrets }));
    await expect(save({ key, keyPassphrase: typed('wrong') })).rejects.toMatchObject({
      message: 'The passphrase does not open the private key.',
    });
    await expect(save({ key: await chosenKey(profiles, server.key) })).rejects.toMatchObject({
      message: 'The private key does not belong to the client certificate.',
    });
    // Without its passphrase an encrypted key is kept, and the passphrase is asked for.
    const saved = await save({ key: await chosenKey(profiles, encryptedKey) });
    expect(saved.missing).toEqual(['keyPassphrase']);
    expect(() => profiles.unlock(saved.id, { keyPassphrase: typed('wrong') })).toThrow('does not open');
    profiles.unlock(saved.id, { keyPassphrase: typed(PASSPHRASE) });
    expect(profiles.access(saved.id)).toMatchObject({ kind: 'open', access: { tls: { key: encryptedKey } } });
  });

  it('may come from an imported file, without having been in the page', async () => {
    const profiles = await open();
    const path = join(folder, 'client.properties');
    const settings = 'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=u\nsasl.password=';
    await writeFile(path, settings + PASSWORD);
    const imported = await profiles.importFile(path);
    expect(JSON.stringify(imported)).not.toContain(PASSWORD);
    const token = imported.secrets.password?.token ?? '';
    const fields = plain({ sasl: { mechanism: 'PLAIN', username: 'u' } });
    const saved = await profiles.save(draft(fields, { secrets: { password: { kind: 'held', token } } }));
    expect(passwordOf(await open(), saved.id)).toBe(PASSWORD);
    const elsewhere = draft(plain({ name: 'Other', tls: mutualTls }), { secrets: { key: { kind: 'held', token } } });
    await expect(profiles.save(elsewhere)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('have a bound to their size, within what can be read again', async () => {
    const profiles = await open();
    // A key file may have 1 MB; what is none beyond its first lines is a key to nobody but its size.
    const bloated = encryptedKey.replace('\n', `\n${'A'.repeat(900_000)}\n`);
    const fields = plain({ tls: mutualTls });
    const key = await chosenKey(profiles, bloated);
    await expect(profiles.save(draft(fields, { secrets: { key } }))).rejects.toMatchObject({
      code: 'refused',
      message: 'The secrets are too large to be stored.',
    });
    expect(names(await open())).toEqual(['Built-in broker']);
  });
});

describe('profiles.json', () => {
  it('is left as it is when it is of a newer app: saving says so, and what to do', async () => {
    const text = '{"version":2,"profiles":{"somehow":"else"}}';
    await writeFile(file(), text);
    const profiles = await open();
    expect(profiles.problem).toContain('of a newer GeoStream (format 2 ');
    expect(names(profiles)).toEqual(['Built-in broker']);
    await expect(profiles.save(withPassword())).rejects.toMatchObject({
      message: expect.stringContaining('is of a newer GeoStream'),
      action: expect.stringContaining('Install the newer GeoStream again'),
    });
    await expect(profiles.duplicate('built-in')).rejects.toThrow('is of a newer GeoStream');
    await profiles.close();
    expect(await readdir(folder)).toEqual(['profiles.json']);
    expect(await written()).toBe(text);
  });

  it.each(['', '{', '[]', '\u0000', '{"version":1}', '{"version":"2","profiles":[]}', '{"version":1,"profiles":[{}]}'])(
    'is set aside, and told, when it holds %j',
    async (text) => {
      await writeFile(file(), text);
      const profiles = await open();
      expect(names(profiles)).toEqual(['Built-in broker']);
      expect(profiles.problem).toMatch(/damaged or from another version\. It is kept as .*unreadable/);
      const [aside] = (await readdir(folder)).filter((name) => name.includes('unreadable'));
      expect(await readFile(join(folder, aside ?? ''), 'utf8')).toBe(text);
      // From here on it is a file like any other.
      await profiles.save(draft(plain()));
      const again = await open();
      expect([again.problem, names(again)]).toEqual([null, ['Built-in broker', 'Harbour']]);
    },
  );

  it('is set aside when one profile in it is none', async () => {
    await (await open()).save(draft(plain()));
    const changed = (await written()).replace('kafka-1:9092', 'no address');
    await writeFile(file(), changed);
    expect((await open()).problem).toContain('kept as');
  });

  it('is set aside when it is larger than any that the app writes', async () => {
    await writeFile(file(), '');
    await truncate(file(), 64_000_001);
    expect((await open()).problem).toContain('kept as');
  });

  it('does not grow beyond what is read again', async () => {
    const certificate = { ca: 'x'.repeat(1_000_000), certificate: 'y'.repeat(1_000_000), checkHostname: true };
    const one = (n: number) => ({
      id: `p${n}`,
      fields: plain({ name: `p${n}`, tls: certificate }),
      keepSecrets: false,
    });
    const many = Array.from({ length: 31 }, (_, n) => ({ ...one(n), encrypted: null, kept: [] }));
    await writeFile(file(), JSON.stringify({ version: 1, profiles: many }));
    const profiles = await open();
    expect(profiles.problem).toBeNull();
    await expect(profiles.duplicate('p1')).rejects.toMatchObject({
      code: 'refused',
      message: 'All profiles together are larger than 64 MB.',
    });
    expect(names(profiles)).toHaveLength(32);
  });

  it("is its owner's alone", async () => {
    await writeFile(file(), JSON.stringify({ version: 1, profiles: [] }));
    await chmod(file(), 0o644);
    await (await open()).save(draft(plain()));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['profiles.json']);
  });

  it('stays whole when a write of it fails, which is told', async () => {
    const profiles = await open();
    await profiles.save(draft(plain()));
    const before = await written();
    await mkdir(`${file()}.tmp`);
    const { id } = await profiles.save(draft(plain({ name: 'Other' })));
    expect(told).toEqual([
      expect.stringMatching(/^The profiles could not be written to .*profiles\.json: [a-zA-Z ]+\. They hold until/),
    ]);
    expect(await written()).toBe(before);
    // The app goes on with it, and the next write has it.
    expect(profiles.has(id)).toBe(true);
    await rm(`${file()}.tmp`, { recursive: true });
    await profiles.save(draft(plain({ name: 'Third' })));
    expect(names(await open())).toEqual(['Built-in broker', 'Harbour', 'Other', 'Third']);
  });

  it('has everything that was saved at once, in order', async () => {
    const profiles = await open();
    const all = Array.from({ length: 20 }, (_, n) => `p${n}`);
    await Promise.all(all.map((name) => profiles.save(draft(plain({ name })))));
    await profiles.close();
    expect(names(await open())).toEqual(['Built-in broker', ...all]);
  });
});
