import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversion, formOfFile } from '../../../src/main/profiles/keyMaterial';
import { isEncryptedKey, keyFits, openKey, pemBlocks } from '../../../src/main/profiles/pem';
import { type PemKind, readPemFile } from '../../../src/main/profiles/pemFile';
import { makeCertificates } from '../../apacheKafka/certificates';

const DAY_MS = 86_400_000;
const { ca, client, server } = makeCertificates();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const encrypted = createPrivateKey(client.key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'p',
});
const der = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
/** The beginning of PFX (RFC 7292): a sequence whose first element is the version, 3. */
const PKCS12 = Buffer.from('3082000a020103', 'hex');
const JKS = Buffer.from('feedfeed00000002', 'hex');
const SSH_KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geostream-pem-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(kind: PemKind, content: string | Buffer, now = Date.now()) {
  const path = join(folder, 'chosen.pem');
  await writeFile(path, content);
  return readPemFile(kind, path, now);
}

describe('a PEM file that is chosen', () => {
  it('gives its certificates alone, and says what they are', async () => {
    const found = await read('ca', `a comment\n${client.key}${ca}${server.cert}`);
    expect(found).toMatchObject({ fileName: 'chosen.pem', pem: ca + server.cert });
    expect(found.summary).toMatch(/^CN=GeoStream test CA, valid until \d{4}-\d\d-\d\d and 1 more$/);
    const later = await read('certificate', client.cert + ca, Date.now() + 7 * DAY_MS);
    expect(later.summary).toMatch(/^CN=geostream-test, expired \d{4}-\d\d-\d\d and 1 more \(1 of them expired\)$/);
    const before = await read('certificate', client.cert, Date.now() - 7 * DAY_MS);
    expect(before.summary).toContain('not valid before');
  });

  it.each([
    ['PKCS #8', client.key, 'EC prime256v1'],
    ['SEC 1', createPrivateKey(client.key).export({ type: 'sec1', format: 'pem' }), 'EC prime256v1'],
    ['PKCS #1', rsa.export({ type: 'pkcs1', format: 'pem' }), 'RSA 2048 bit'],
    ['PKCS #8, encrypted', encrypted, 'encrypted'],
  ])('gives its private key alone: %s', async (_, pem, summary) => {
    const found = await read('key', client.cert + pem);
    expect(found).toMatchObject({ pem: String(pem), summary });
  });

  it('may be broken into lines in any way, and be in the encoding of PowerShell', async () => {
    const windows = client.key.replaceAll('\n', '\r\n');
    expect((await read('key', windows)).pem).toBe(client.key);
    expect((await read('key', client.key.replaceAll('\n', ' '))).pem).toBe(client.key);
    expect((await read('key', Buffer.from(`\uFEFF${client.key}`, 'utf16le'))).pem).toBe(client.key);
  });

  it.each<[string, PemKind, string | Buffer, RegExp]>([
    ['nothing', 'ca', ' \n', /is empty/],
    ['something else', 'ca', 'hello', /is no PEM file/],
    ['a key in place of a certificate', 'ca', client.key, /holds a private key, but no certificate/],
    ['a certificate in place of a key', 'key', client.cert, /holds a certificate, but no private key/],
    ['an SSH key', 'key', SSH_KEY, /private key of another kind/],
    ['half a key', 'key', client.key.slice(0, 80), /holds no whole private key/],
    ['half a certificate', 'ca', ca.slice(0, 80), /holds no whole certificate/],
    ['a damaged certificate', 'ca', ca.replace(/\n.{40}/, '\nAAAA'), /holds a certificate that cannot be read/],
    ['a damaged key', 'key', client.key.replace(/\n.{40}/, '\nAAAA'), /cannot be read: it is damaged/],
    ['a Java key store', 'ca', JKS, /is a Java key store \(JKS\), which cannot be read here/],
    ['a PKCS #12 store', 'certificate', PKCS12, /is a PKCS #12 store/],
    ['a certificate in DER', 'certificate', der(client.cert), /is a certificate in DER/],
    ['a key in DER', 'key', der(client.key), /is a private key in DER/],
    ['more than 1 MB', 'ca', 'x'.repeat(1_000_001), /is larger than 1000 kB/],
  ])('is refused with what to do: %s', async (_, kind, content, message) => {
    await expect(read(kind, content)).rejects.toMatchObject({
      code: 'file',
      message: expect.stringMatching(message),
      action: expect.stringMatching(/./),
    });
  });

  it('is refused when it is a folder, or not there', async () => {
    await mkdir(join(folder, 'folder'));
    await expect(readPemFile('ca', join(folder, 'folder'), 0)).rejects.toMatchObject({
      message: 'folder is not a file.',
    });
    await expect(readPemFile('ca', join(folder, 'gone'), 0)).rejects.toMatchObject({ message: 'gone is not there.' });
  });
});

describe('the command that makes PEM of a file', () => {
  it('asks for the passwords, and leaves the keys out of an authority', () => {
    expect(conversion('pkcs12', 'trust.p12', 'ca')).toBe('openssl pkcs12 -in trust.p12 -nokeys -out trust.pem');
    expect(conversion('jks', 'my store.jks', 'key')).toBe(
      'keytool -importkeystore -srckeystore "my store.jks" -destkeystore "my store.p12" -deststoretype PKCS12' +
        ' && openssl pkcs12 -in "my store.p12" -out "my store.pem"',
    );
  });

  it('holds no name that a shell could read more into', () => {
    for (const name of ['$(rm -rf x).der', 'a`b`.der', 'a"b.der', "a'b.der", 'a;b.der', '-rf.der', 'a\nb.der']) {
      expect(conversion('der-certificate', name, 'ca')).toBe('openssl x509 -inform der -in FILE -out FILE.pem');
    }
  });
});

describe('certificates and keys', () => {
  it('are told by what is in a file, whatever its name says', () => {
    const forms = [' ', JKS, PKCS12, der(ca), der(client.key), ca, '{}'].map((bytes) => formOfFile(Buffer.from(bytes)));
    expect(forms).toEqual(['empty', 'jks', 'pkcs12', 'der-certificate', 'der-key', 'pem', 'other']);
  });

  it('belong together, or do not', () => {
    const key = openKey(client.key, undefined);
    if (key === null) throw new Error('the key cannot be opened');
    expect([keyFits(client.cert, key), keyFits(server.cert, key), keyFits('none', key)]).toEqual([true, false, false]);
  });

  it('open with their passphrase alone', () => {
    const pem = String(encrypted);
    expect(isEncryptedKey(pem)).toBe(true);
    expect([openKey(pem, undefined), openKey(pem, 'q')]).toEqual([null, null]);
    expect(openKey(pem, 'p')?.asymmetricKeyType).toBe('ec');
  });

  it('are blocks of a text, up to one without an end', () => {
    const text = `${ca}between\n-----BEGIN A-----\nQQ==\n-----END A----- -----BEGIN B-----\nQQ==\n-----END A-----`;
    expect(pemBlocks(text).map(({ label }) => label)).toEqual(['CERTIFICATE', 'A']);
  });
});
