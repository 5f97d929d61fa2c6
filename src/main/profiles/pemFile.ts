/** A PEM file that the person chose for a profile: what is in it, or what is wrong with it, in words. */
import type { X509Certificate } from 'node:crypto';
import { basename } from 'node:path';
import { CommandFailure } from '../ipc/commandFailure';
import { readFileUpTo } from './boundedFile';
import { conversion, formOfFile, formWords, MAX_PEM_BYTES, pemText } from './keyMaterial';
import { certificatesIn, isEncryptedKey, openKey, pemBlocks, privateKeyIn } from './pem';

export type PemKind = 'ca' | 'certificate' | 'key';

export interface PemFile {
  readonly fileName: string;
  /** Certificates alone, or the private key alone. */
  readonly pem: string;
  readonly summary: string;
}

const CHOOSE: Readonly<Record<PemKind, string>> = {
  ca: 'Choose a PEM file with the certificate of the authority.',
  certificate: "Choose a PEM file with the client's certificate.",
  key: 'Choose a PEM file with the private key.',
};

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** "CN=Test CA"; the whole subject where it has no common name. */
function subjectWords({ subject }: X509Certificate): string {
  const parts = (subject ?? '').split('\n').filter(Boolean);
  const words = parts.find((part) => part.startsWith('CN=')) ?? parts.join(', ');
  return words === '' ? 'a certificate without a name' : words.length > 100 ? `${words.slice(0, 99)}…` : words;
}

const isExpired = (certificate: X509Certificate, now: number): boolean => Date.parse(certificate.validTo) < now;

function validityWords(certificate: X509Certificate, now: number): string {
  const until = day(Date.parse(certificate.validTo));
  if (isExpired(certificate, now)) return `expired ${until}`;
  const from = Date.parse(certificate.validFrom);
  return from > now ? `not valid before ${day(from)}` : `valid until ${until}`;
}

/** "CN=Test CA, valid until 2027-01-01 and 2 more (1 of them expired)". @param now epoch ms */
export function certificateWords(certificates: readonly X509Certificate[], now: number): string {
  const [first, ...others] = certificates;
  if (first === undefined) return 'no certificate';
  const words = `${subjectWords(first)}, ${validityWords(first, now)}`;
  if (others.length === 0) return words;
  const expired = others.filter((certificate) => isExpired(certificate, now)).length;
  return `${words} and ${others.length} more${expired === 0 ? '' : ` (${expired} of them expired)`}`;
}

/** "RSA 2048 bit", "EC prime256v1", "encrypted"; null when the key is damaged or of a kind unknown here. */
export function keyWords(pem: string): string | null {
  if (isEncryptedKey(pem)) return 'encrypted';
  const key = openKey(pem, undefined);
  if (key === null) return null;
  const kind = (key.asymmetricKeyType ?? 'private key').toUpperCase();
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `${kind} ${modulusLength} bit`;
  return namedCurve === undefined ? kind : `${kind} ${namedCurve}`;
}

type Pem = Omit<PemFile, 'fileName'>;

function keyOf(name: string, text: string): Pem {
  const pem = privateKeyIn(text);
  if (pem === null) {
    const labels = pemBlocks(text).map(({ label }) => label);
    if (labels.includes('CERTIFICATE')) {
      const message = `${name} holds a certificate, but no private key.`;
      throw new CommandFailure('file', message, 'Choose the file with the private key that belongs to it.');
    }
    if (labels.some((label) => label.endsWith('PRIVATE KEY'))) {
      const action = 'Choose a key in PKCS #8, PKCS #1 or SEC 1; an SSH key is none that TLS can use.';
      throw new CommandFailure('file', `${name} holds a private key of another kind.`, action);
    }
    throw new CommandFailure('file', `${name} holds no whole private key.`, CHOOSE.key);
  }
  const summary = keyWords(pem);
  if (summary === null) {
    throw new CommandFailure('file', `The private key in ${name} cannot be read: it is damaged.`, CHOOSE.key);
  }
  return { pem, summary };
}

function certificateOf(kind: PemKind, name: string, text: string, now: number): Pem {
  const found = certificatesIn(text);
  if (found !== null) return { pem: found.pem, summary: certificateWords(found.certificates, now) };
  const labels = pemBlocks(text).map(({ label }) => label);
  const isKey = labels.some((label) => label.endsWith('PRIVATE KEY')) && !labels.includes('CERTIFICATE');
  if (isKey) throw new CommandFailure('file', `${name} holds a private key, but no certificate.`, CHOOSE[kind]);
  const what = labels.includes('CERTIFICATE') ? 'a certificate that cannot be read' : 'no whole certificate';
  throw new CommandFailure('file', `${name} holds ${what}.`, CHOOSE[kind]);
}

/** What of a text is of this kind. Throws CommandFailure. @param name of the text's source @param now epoch ms */
export const pemIn = (kind: PemKind, name: string, text: string, now: number): Pem =>
  kind === 'key' ? keyOf(name, text) : certificateOf(kind, name, text, now);

/** Throws CommandFailure. @param now epoch ms */
export async function readPemFile(kind: PemKind, path: string, now: number): Promise<PemFile> {
  const name = basename(path);
  const bytes = await readFileUpTo(path, MAX_PEM_BYTES);
  const form = formOfFile(bytes);
  if (form === 'empty') throw new CommandFailure('file', `${name} is empty.`, CHOOSE[kind]);
  if (form === 'other') throw new CommandFailure('file', `${name} is no PEM file.`, CHOOSE[kind]);
  if (form !== 'pem') {
    const action = `Make a PEM file of it, then choose that: ${conversion(form, name, kind)}`;
    throw new CommandFailure('file', `${name} is ${formWords[form]}, which cannot be read here.`, action);
  }
  return { fileName: name, ...pemIn(kind, name, pemText(bytes), now) };
}
