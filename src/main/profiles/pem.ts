/** PEM (RFC 7468, and RFC 1421's headers of older keys): blocks of a text, certificates and private keys in them. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

export interface PemBlock {
  readonly label: string;
  /** Written anew, lines of 64 characters, whatever the white space was. */
  readonly text: string;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,60})-----/g;

function rewritten(label: string, body: string): string {
  const lines = body.includes(':')
    ? body
        .trim()
        .split(/\r\n|[\r\n]/)
        .map((line) => line.trim())
    : (body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []);
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** In their order. What stands between blocks is passed over; a block without an end ends the search. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin !== null; begin = BEGIN.exec(text)) {
    const label = begin[1] ?? '';
    const end = `-----END ${label}-----`;
    const at = text.indexOf(end, BEGIN.lastIndex);
    if (at < 0) break;
    blocks.push({ label, text: rewritten(label, text.slice(BEGIN.lastIndex, at)) });
    BEGIN.lastIndex = at + end.length;
  }
  return blocks;
}

export interface Certificates {
  /** The certificates alone, PEM: a private key beside them is left out. */
  readonly pem: string;
  readonly certificates: readonly X509Certificate[];
}

/** null when there is none, or one that cannot be read. */
export function certificatesIn(text: string): Certificates | null {
  const blocks = pemBlocks(text).filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE');
  if (blocks.length === 0) return null;
  try {
    const certificates = blocks.map((block) => new X509Certificate(block.text));
    return { pem: certificates.map((certificate) => certificate.toString()).join(''), certificates };
  } catch {
    return null;
  }
}

/** PKCS #8, encrypted or not, PKCS #1 and SEC 1. */
const KEY_LABELS: ReadonlySet<string> = new Set([
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
]);

/** The first private key, PEM; null when there is none. Nothing is said of whether it can be read. */
export const privateKeyIn = (text: string): string | null =>
  pemBlocks(text).find(({ label }) => KEY_LABELS.has(label))?.text ?? null;

export const isEncryptedKey = (pem: string): boolean =>
  pem.startsWith('-----BEGIN ENCRYPTED ') || /^Proc-Type: *4, *ENCRYPTED/m.test(pem);

/** null when it is damaged, or the passphrase does not open it. */
export function openKey(pem: string, passphrase: string | undefined): KeyObject | null {
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch {
    return null;
  }
}

/** Whether the private key is the one of the certificate, the first where there are several. */
export function keyFits(certificate: string, key: KeyObject): boolean {
  const first = certificatesIn(certificate)?.certificates[0];
  try {
    return first?.checkPrivateKey(key) ?? false;
  } catch {
    return false;
  }
}
