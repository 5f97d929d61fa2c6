/**
 * A certificate authority, a server certificate for localhost and a client certificate, made anew for each cluster and
 * good for a day. Written in DER (X.690, RFC 5280) by hand: keytool gives no private keys in PEM, and Node makes no
 * certificates.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  readonly cert: string;
  /** PKCS #8, not encrypted. */
  readonly key: string;
}

export interface Certificates {
  /** Of the authority, PEM. */
  readonly ca: string;
  readonly server: Certificate;
  readonly client: Certificate;
}

const HOUR_MS = 3_600_000;

export function makeCertificates(): Certificates {
  const authority = { name: 'GeoStream test CA', keys: makeKeys() };
  const ca = certificate('GeoStream test CA', authority.keys.publicKey, authority, [
    extension('2.5.29.19', sequence(boolean(true)), true), // basicConstraints: a CA
    extension('2.5.29.15', keyUsage(0x06, 1), true), // keyCertSign, cRLSign
  ]);
  const issue = (name: string, extensions: Buffer[]): Certificate => {
    const { publicKey, privateKey } = makeKeys();
    return {
      cert: certificate(name, publicKey, authority, [extension('2.5.29.15', keyUsage(0x80, 7), true), ...extensions]),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  };
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  return {
    ca,
    server: issue('localhost', [
      extension('2.5.29.17', names), // subjectAltName: DNS, IP
      extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))), // serverAuth
    ]),
    client: issue('geostream-test', [
      extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.2'))), // clientAuth
    ]),
  };
}

const makeKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

function certificate(
  subject: string,
  publicKey: KeyObject,
  issuer: { readonly name: string; readonly keys: { readonly privateKey: KeyObject } },
  extensions: readonly Buffer[],
): string {
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2')); // ecdsa-with-SHA256
  const now = Date.now();
  const signed = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(utcTime(now - HOUR_MS), utcTime(now + 24 * HOUR_MS)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', signed, issuer.keys.privateKey);
  const base64 = sequence(signed, algorithm, bitString(signature)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trim()}\n-----END CERTIFICATE-----\n`;
}

const distinguishedName = (name: string) =>
  sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(name))))); // commonName

const extension = (id: string, value: Buffer, critical = false) =>
  sequence(objectId(id), ...(critical ? [boolean(true)] : []), der(0x04, value));

const keyUsage = (bits: number, unusedBits: number) => bitString(Buffer.from([bits]), unusedBits);

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

const sequence = (...content: readonly Buffer[]) => der(0x30, ...content);
const integer = (bytes: Buffer) => der(0x02, bytes);
const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 0xff : 0]));
const bitString = (bytes: Buffer, unusedBits = 0) => der(0x03, Buffer.from([unusedBits]), bytes);

/** "YYMMDDHHMMSSZ" */
const utcTime = (ms: number) =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}
