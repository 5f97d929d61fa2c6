import { createPrivateKey } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeldSecrets } from '../../../src/main/profiles/heldSecrets';
import { importFile } from '../../../src/main/profiles/import/importFile';
import { importedProfile } from '../../../src/shared/profiles';
import { makeCertificates } from '../../apacheKafka/certificates';

const certificates = makeCertificates();
const { ca, client } = certificates;
const encryptedKey = createPrivateKey(client.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
  .toString();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-import-'));
  await writeFile(join(folder, 'ca.pem'), ca);
  await writeFile(join(folder, 'client.crt'), client.cert);
  await writeFile(join(folder, 'client.key'), encryptedKey);
  await writeFile(join(folder, 'both.pem'), client.key + client.cert);
  await writeFile(join(folder, 'trust.jks'), Buffer.from('feedfeed00000002', 'hex'));
  await mkdir(join(folder, 'folder.pem'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const taken = new Set(['Built-in broker']);
async function imported(text: string | Buffer, name = 'client.properties') {
  const path = join(folder, name);
  await writeFile(path, text);
  const held = createHeldSecrets();
  const profile = await importFile(path, { held, taken, now: Date.now() });
  expect(importedProfile.parse(profile)).toEqual(profile);
  const secret = (which: 'password' | 'clientSecret' | 'key' | 'keyPassphrase') => {
    const found = profile.secrets[which];
    return found && held.find(which, found.token);
  };
  return { profile, secret };
}
const inOneLine = (pem: string) => pem.trim().replaceAll('\n', '\\\n');

describe('a client.properties file that is imported', () => {
  it('gives certificates to the page, and holds every secret under a token', async () => {
    const { profile, secret } = await imported(`bootstrap.servers=kafka:9093\nsecurity.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="p4ss";
ssl.ca.location=ca.pem\nssl.certificate.location=${join(folder, 'client.crt')}\nssl.key.location=client.key
ssl.key.password=open sesame`);
    expect(profile).toMatchObject({
      fileName: 'client.properties',
      name: 'client',
      bootstrap: ['kafka:9093'],
      tls: {
        ca: { fileName: 'ca.pem', pem: ca, summary: expect.stringContaining('CN=GeoStream test CA, valid until') },
        certificate: { fileName: 'client.crt', pem: client.cert },
        checkHostname: true,
      },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice' },
      secrets: {
        password: { summary: 'from client.properties' },
        key: { summary: 'client.key: encrypted' },
        keyPassphrase: { summary: 'from client.properties' },
      },
      findings: [],
    });
    expect([secret('password'), secret('key'), secret('keyPassphrase')]).toEqual(['p4ss', encryptedKey, 'open sesame']);
    expect(JSON.stringify(profile)).not.toMatch(/p4ss|sesame|PRIVATE KEY/);
  });

  it('may hold PEM in itself', async () => {
    const { profile, secret } = await imported(`security.protocol=SSL
ssl.truststore.type=PEM\nssl.truststore.certificates=${inOneLine(ca)}
ssl.keystore.type=PEM\nssl.keystore.certificate.chain=${client.cert.replaceAll('\n', '\\n')}
ssl.keystore.key=${inOneLine(client.key)}`);
    expect(profile.findings).toEqual([]);
    expect(profile.tls).toMatchObject({ ca: { pem: ca }, certificate: { pem: client.cert } });
    expect(secret('key')).toBe(client.key);
    expect(profile.secrets.key?.summary).toContain('EC prime256v1');
  });

  it('may name one PEM file with both certificate and key', async () => {
    const { profile, secret } = await imported('security.protocol=SSL\nssl.keystore.location=both.pem');
    expect(profile).toMatchObject({ tls: { certificate: { pem: client.cert } }, findings: [] });
    expect(secret('key')).toBe(client.key);
  });

  it('tells of each file that cannot be used why, and what to do', async () => {
    const { profile } = await imported(`security.protocol=SSL\nssl.truststore.location=trust.jks
ssl.truststore.password=changeit\nssl.certificate.location=nowhere.pem\nssl.key.location=ca.pem\nssl.key.password=x`);
    expect(profile.tls).toEqual({ ca: null, certificate: null, checkHostname: true });
    expect(profile.secrets).toEqual({});
    expect(profile.findings).toEqual([
      {
        setting: 'ssl.truststore.location',
        message: 'trust.jks is a Java key store (JKS), which cannot be read here.',
        action: expect.stringContaining('keytool -importkeystore -srckeystore trust.jks'),
      },
      { setting: 'ssl.certificate.location', message: 'nowhere.pem is not there.', action: expect.any(String) },
      {
        setting: 'ssl.key.location',
        message: 'ca.pem holds a certificate, but no private key.',
        action: expect.any(String),
      },
    ]);
    expect(profile.notNeeded).toEqual(['ssl.truststore.password']);
    const store = await imported('security.protocol=SSL\nssl.keystore.location=trust.jks');
    expect(store.profile.findings).toHaveLength(1);
    const odd = await imported('security.protocol=SSL\nssl.ca.location=folder.pem\nssl.keystore.key=x');
    expect(odd.profile.findings.map(({ message }) => message)).toEqual([
      'Is a key without a certificate.',
      'folder.pem is not a file.',
      'ssl.keystore.key holds no whole private key.',
    ]);
  });

  it('opens nothing on the network, and knows paths whose backslashes were taken for escapes', async () => {
    const remote = await imported('security.protocol=SSL\nssl.ca.location=\\\\\\\\server\\\\share\\\\ca.pem');
    expect(remote.profile.findings[0]?.message).toBe('It names a file on the network.');
    const torn = await imported('security.protocol=SSL\nssl.ca.location=C:\\certs\\team\\ca.pem');
    expect(torn.profile.findings[0]?.action).toContain('a backslash is written twice');
    await expect(imported('security.protocol=SSL\nssl.ca.location=C:\\users\\me')).rejects.toMatchObject({
      code: 'file',
      message: 'client.properties cannot be read. Line 2 has "\\u" without four hexadecimal digits after it.',
      action: expect.stringContaining('twice'),
    });
  });

  it.each([
    ['utf-8', Buffer.from('client.id=é\nsecurity.protocol=x')],
    ['utf-8 with a mark', Buffer.from('\uFEFFclient.id=é')],
    ['latin-1', Buffer.from('client.id=é', 'latin1')],
    ['utf-16', Buffer.from('\uFEFFclient.id=é', 'utf16le')],
    ['escaped', Buffer.from('client.id=\\u00e9')],
  ])('may be written in %s', async (_, bytes) => {
    expect((await imported(bytes)).profile.clientId).toBe('é');
  });

  it.each([
    ['', /holds no setting of a Kafka client/],
    ['server.port=80', /holds no setting of a Kafka client/],
    [Buffer.from('feedfeed00000002', 'hex'), /is a Java key store/],
    [ca, /holds no setting of a Kafka client/],
    [Buffer.from('client.id=a\0b'), /is no text file/],
    [`client.id=${'a'.repeat(1_000_000)}`, /is larger than 1000 kB/],
  ])('is refused in words when it is something else', async (text, message) => {
    await expect(imported(text)).rejects.toMatchObject({ code: 'file', message: expect.stringMatching(message) });
  });

  it('is refused when it is not there', async () => {
    const options = { held: createHeldSecrets(), taken, now: 0 };
    await expect(importFile(join(folder, 'gone.properties'), options)).rejects.toMatchObject({
      message: 'gone.properties is not there.',
    });
  });

  it.each([
    ['harbour.prod.properties', 'harbour.prod'],
    ['.properties', 'Imported'],
    ['Built-in broker.conf', 'Built-in broker 2'],
    ['kafka', 'kafka'],
    [`${'x'.repeat(200)}.cfg`, 'x'.repeat(90)],
  ])('suggests a name after its own: %s', async (file, name) => {
    expect((await imported('client.id=a', file)).profile.name).toBe(name);
  });
});

describe('a secret that is held', () => {
  it('is found by its token, under its own name alone', () => {
    const held = createHeldSecrets();
    const token = held.keep('key', 'k');
    expect(held.find('key', token)).toBe('k');
    expect(() => held.find('password', token)).toThrow('no longer held');
    expect(() => held.find('key', 'made up')).toThrow('no longer held');
  });

  it('makes room for newer ones', () => {
    const held = createHeldSecrets();
    const first = held.keep('key', 'first');
    const others = Array.from({ length: 50 }, (_, n) => held.keep('key', `k${n}`));
    expect(() => held.find('key', first)).toThrow('no longer held');
    expect(others.map((token) => held.find('key', token))).toEqual(others.map((_, n) => `k${n}`));
  });
});
