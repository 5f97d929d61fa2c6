import { describe, expect, it } from 'vitest';
import { formOfImport } from '../../../src/renderer/profiles/importedForm';
import {
  formOf,
  newProfile,
  type ProfileForm,
  readBootstrap,
  readProfile,
  riskOf,
  type SecretEdit,
  secretsInUse,
} from '../../../src/renderer/profiles/profileForm';
import { type ImportedProfile, type Profile, profileDraft, type SecretName } from '../../../src/shared/profiles';

const CA = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
const kept: SecretEdit = { kind: 'kept' };
const typed = (text: string): SecretEdit => ({ kind: 'new', text });
const noSecrets = { password: kept, clientSecret: kept, key: kept, keyPassphrase: kept };

const filled = (change: Partial<ProfileForm> = {}): ProfileForm => ({
  ...newProfile(true),
  name: 'Harbour',
  bootstrap: 'kafka:9093',
  ...change,
});
const plain = (change: Partial<ProfileForm> = {}) => filled({ mechanism: 'PLAIN', username: 'geo', ...change });

function draftOf(form: ProfileForm, stored: SecretName[] = []) {
  const read = readProfile(form, stored);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  expect(profileDraft.parse(read.draft)).toEqual(read.draft);
  return read.draft;
}

function errorsOf(form: ProfileForm, stored: SecretName[] = []) {
  const read = readProfile(form, stored);
  return read.ok ? {} : read.errors;
}

describe('bootstrap servers', () => {
  it('are separated by commas, lines, semicolons or spaces', () => {
    expect(readBootstrap(' a:1, b:2\nc:3;d:4  [::1]:5 ,')).toEqual(['a:1', 'b:2', 'c:3', 'd:4', '[::1]:5']);
    expect(readBootstrap(' \n, ')).toEqual([]);
  });

  it('may be pasted with the protocol that brokers write before them', () => {
    expect(readBootstrap('SASL_SSL://kafka-1:9093,PLAINTEXT://kafka-2:9092')).toEqual(['kafka-1:9093', 'kafka-2:9092']);
  });

  it('are told to be wrong one by one, by the words of the contract', () => {
    expect(errorsOf(filled({ bootstrap: 'a:1, b' })).bootstrap).toBe('b: Write each server as host:port.');
    expect(errorsOf(filled({ bootstrap: 'a:99999' })).bootstrap).toBe('a:99999: A port is between 1 and 65535.');
    expect(errorsOf(filled({ bootstrap: ' , ' })).bootstrap).toBe('Give at least one bootstrap server.');
  });

  it('may be IPv6 addresses, in brackets', () => {
    const bootstrap = ['[::1]:9092', '[2001:db8::7]:1', '[fe80::1%eth0]:9092', '[::ffff:10.0.0.1]:9092'];
    expect(draftOf(filled({ bootstrap: bootstrap.join(' ') })).fields.bootstrap).toEqual(bootstrap);
    for (const wrong of ['[::1]', '[::1:9092', '[:::::]:9092', '[host]:9092', '[]:1', ':9092']) {
      expect(errorsOf(filled({ bootstrap: wrong })).bootstrap).toBe(`${wrong}: Write each server as host:port.`);
    }
    const bare = '::1:9092';
    expect(errorsOf(filled({ bootstrap: bare })).bootstrap).toContain('Write an IPv6 address in brackets');
  });
});

describe('a profile', () => {
  const profile: Profile = {
    id: 'p1',
    origin: 'saved',
    fields: {
      name: 'Harbour',
      bootstrap: ['kafka-1:9093', 'kafka-2:9093'],
      clientId: 'geostream',
      readOnly: true,
      tls: { ca: CA + CA, certificate: CA, checkHostname: false },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'geo' },
    },
    keepSecrets: false,
    has: ['password', 'key'],
    missing: [],
  };
  const oauth: Profile = {
    ...profile,
    fields: {
      ...profile.fields,
      tls: null,
      sasl: { mechanism: 'OAUTHBEARER', tokenEndpoint: 'https://login.example.org/t', clientId: 'me', scope: null },
    },
  };

  it.each([profile, oauth])('goes through the form and comes out as it was', (one) => {
    expect(draftOf(formOf(one), [])).toEqual({ id: 'p1', fields: one.fields, secrets: {}, keepSecrets: false });
  });

  it('has its stored certificates said in words', () => {
    const form = formOf(profile);
    expect([form.ca?.shown, form.certificate?.shown]).toEqual(['2 certificates', '1 certificate']);
  });

  it('is trimmed where blanks mean nothing', () => {
    const { fields } = draftOf(filled({ name: ' Harbour ', clientId: ' me ', mechanism: 'PLAIN', username: ' u ' }));
    expect(fields).toMatchObject({ name: 'Harbour', clientId: 'me', sasl: { username: 'u' } });
  });

  it('says what is wrong with each field', () => {
    expect(Object.keys(errorsOf(filled({ name: ' ', clientId: 'a b', bootstrap: '' }))).sort()).toEqual([
      'bootstrap',
      'clientId',
      'name',
    ]);
    expect(errorsOf(filled({ mechanism: 'SCRAM-SHA-256' }))).toEqual({ username: 'Give a user name.' });
    const wrong = errorsOf(filled({ mechanism: 'OAUTHBEARER', tokenEndpoint: 'login.example.org' }));
    expect(wrong.tokenEndpoint).toContain('https://');
    expect(wrong.oauthClientId).toBe('Give the client id.');
    expect(wrong).not.toHaveProperty('clientId');
  });

  it('can be tested before it has a name, and not be saved', () => {
    const form = filled({ name: '' });
    expect(errorsOf(form)).toHaveProperty('name');
    const read = readProfile(form, [], { nameNeeded: false });
    expect(read.ok && read.draft.fields.name).toBe('kafka:9093');
    const long = readProfile(filled({ name: '', bootstrap: `${'h'.repeat(200)}:9092` }), [], { nameNeeded: false });
    expect(long.ok).toBe(true);
  });
});

describe('the secrets of a draft', () => {
  it('are absent as long as nobody touches them', () => {
    expect(draftOf(plain()).secrets).toEqual({});
    expect(draftOf(plain({ id: 'p1' }), ['password']).secrets).toEqual({});
  });

  it('are there when they were typed', () => {
    expect(draftOf(plain({ secrets: { ...noSecrets, password: typed('  s p ') } })).secrets).toEqual({
      password: { kind: 'typed', text: '  s p ' },
    });
  });

  it('are null when they are to be forgotten', () => {
    const form = plain({ secrets: { ...noSecrets, password: { kind: 'forgotten' } } });
    expect(draftOf(form, ['password']).secrets).toEqual({ password: null });
  });

  it('are forgotten when the settings have no use for them any more', () => {
    const form = filled({ secrets: { ...noSecrets, password: typed('left over') } });
    expect(draftOf(form, ['password', 'key', 'keyPassphrase']).secrets).toEqual({
      password: null,
      key: null,
      keyPassphrase: null,
    });
    expect(draftOf(form, []).secrets).toEqual({});
  });

  it('are not replaced by nothing', () => {
    const form = plain({ secrets: { ...noSecrets, password: typed('') } });
    expect(errorsOf(form, ['password'])).toEqual({ password: 'Type the new one, or keep the one that is stored.' });
    expect(draftOf(form, []).secrets).toEqual({});
  });

  it('are the token of the chosen key, never a key', () => {
    const form = filled({
      encryption: 'tls',
      certificate: { pem: CA, shown: 'client.pem' },
      secrets: { ...noSecrets, key: { kind: 'held', token: 'token-1', shown: 'client.key: RSA 2048, encrypted' } },
    });
    expect(draftOf(form).secrets).toEqual({ key: { kind: 'held', token: 'token-1' } });
    const pasted = { ...form, secrets: { ...noSecrets, key: typed('-----BEGIN PRIVATE KEY-----') } };
    expect(draftOf(pasted).secrets).toEqual({});
  });

  it('are those that the settings need', () => {
    const certificate = { pem: CA, shown: '' };
    expect(secretsInUse(filled())).toEqual([]);
    expect(secretsInUse(plain({ certificate }))).toEqual(['password']);
    expect(secretsInUse(filled({ mechanism: 'OAUTHBEARER', encryption: 'tls' }))).toEqual(['clientSecret']);
    expect(secretsInUse(plain({ encryption: 'tls', certificate }))).toEqual(['password', 'key', 'keyPassphrase']);
  });
});

describe('an imported file', () => {
  const nothing: ImportedProfile = {
    fileName: 'client.properties',
    name: 'client',
    bootstrap: ['a:1', 'b:2'],
    clientId: null,
    tls: null,
    sasl: null,
    secrets: {},
    findings: [],
    notNeeded: [],
  };

  it('comes to stand in the form of a new profile, its secrets as tokens', () => {
    const ca = { token: '', fileName: 'ca.pem', pem: CA, summary: 'CN=Test' };
    const form = formOfImport(
      {
        ...nothing,
        clientId: 'me',
        tls: { ca, certificate: null, checkHostname: false },
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'geo' },
        secrets: { password: { token: 't1', summary: 'from client.properties' } },
      },
      true,
    );
    expect([form.ca?.shown, form.secrets.password]).toEqual([
      'ca.pem: CN=Test',
      { kind: 'held', token: 't1', shown: 'from client.properties' },
    ]);
    expect(draftOf(form)).toEqual({
      id: null,
      fields: {
        name: 'client',
        bootstrap: ['a:1', 'b:2'],
        clientId: 'me',
        readOnly: false,
        tls: { ca: CA, certificate: null, checkHostname: false },
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'geo' },
      },
      secrets: { password: { kind: 'held', token: 't1' } },
      keepSecrets: true,
    });
  });

  it('is asked for what it leaves open', () => {
    const sasl = { mechanism: 'OAUTHBEARER', tokenEndpoint: '', clientId: 'me', scope: 'read' } as const;
    const form = formOfImport({ ...nothing, bootstrap: [], sasl }, false);
    expect(form).toMatchObject({ clientId: 'geostream', mechanism: 'OAUTHBEARER', scope: 'read', keepSecrets: false });
    expect(Object.keys(errorsOf(form)).sort()).toEqual(['bootstrap', 'tokenEndpoint']);
  });
});

describe('what is dangerous without being wrong', () => {
  it('is said of secrets that cross the network in the clear', () => {
    expect(riskOf(plain())).toContain('password');
    expect(riskOf(plain({ encryption: 'tls' }))).toBeNull();
    expect(riskOf(filled({ mechanism: 'SCRAM-SHA-512' }))).toBeNull();
    const oauth = { mechanism: 'OAUTHBEARER', tokenEndpoint: 'https://login' } as const;
    expect(riskOf(filled(oauth))).toContain('token');
    expect(riskOf(filled({ ...oauth, encryption: 'tls' }))).toBeNull();
    expect(riskOf(filled({ ...oauth, encryption: 'tls', tokenEndpoint: 'http://login/t' }))).toContain('client secret');
    expect(riskOf(filled({ ...oauth, encryption: 'tls', tokenEndpoint: 'http://127.0.0.1:1/t' }))).toBeNull();
  });
});
