/** What a file with certificates or keys is, whatever its name says, and how it is made into PEM. */
import { createPrivateKey, X509Certificate } from 'node:crypto';

export type FileForm = 'empty' | 'pem' | 'jks' | 'pkcs12' | 'der-certificate' | 'der-key' | 'other';

export const MAX_PEM_BYTES = 1_000_000;

/** PowerShell writes UTF-16 where a file is redirected. */
export const pemText = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('latin1');

const succeeds = (run: () => unknown): boolean => {
  try {
    run();
    return true;
  } catch {
    return false;
  }
};

/** PFX of RFC 7292: a sequence whose first element is the version, 3. */
function isPkcs12(bytes: Buffer): boolean {
  const length = bytes[1] ?? 0;
  const start = length > 0x80 ? 2 + (length & 0x7f) : 2;
  return bytes[0] === 0x30 && bytes.subarray(start, start + 3).equals(Buffer.from([2, 1, 3]));
}

export function formOfFile(bytes: Buffer): FileForm {
  const text = pemText(bytes);
  if (text.trim() === '') return 'empty';
  // The magic numbers of Java's KeyStore formats JKS and JCEKS.
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0xfeedfeed || magic === 0xcececece) return 'jks';
  if (text.includes('-----BEGIN ')) return 'pem';
  if (bytes[0] !== 0x30) return 'other';
  if (isPkcs12(bytes)) return 'pkcs12';
  if (succeeds(() => new X509Certificate(bytes))) return 'der-certificate';
  const types = ['pkcs8', 'pkcs1', 'sec1'] as const;
  const isKey = types.some((type) => succeeds(() => createPrivateKey({ key: bytes, format: 'der', type })));
  return isKey ? 'der-key' : 'other';
}

/** Left out of a command that is meant to be pasted when a shell could read more than a name into it. */
const shown = (path: string, stands: string): string => {
  if (/^[A-Za-z0-9_./:\\][A-Za-z0-9_./:\\-]*$/.test(path)) return path;
  return /^[\p{L}\p{N}_./:\\][\p{L}\p{N} _./:\\@+,()-]*$/u.test(path) ? `"${path}"` : stands;
};

/** The commands that make PEM of such a file, to be pasted into a shell. They ask for the passwords. */
export function conversion(form: Exclude<FileForm, 'pem' | 'empty' | 'other'>, path: string, wanted: string): string {
  const base = path.replace(/\.[A-Za-z0-9]+$/, '');
  const source = shown(path, 'FILE');
  const output = shown(`${base}.pem`, 'FILE.pem');
  const flags = wanted === 'ca' ? '-nokeys ' : '';
  switch (form) {
    case 'jks': {
      const between = shown(`${base}.p12`, 'FILE.p12');
      const change = `keytool -importkeystore -srckeystore ${source} -destkeystore ${between} -deststoretype PKCS12`;
      return `${change} && openssl pkcs12 -in ${between} ${flags}-out ${output}`;
    }
    case 'pkcs12':
      return `openssl pkcs12 -in ${source} ${flags}-out ${output}`;
    case 'der-certificate':
      return `openssl x509 -inform der -in ${source} -out ${output}`;
    case 'der-key':
      return `openssl pkey -inform der -in ${source} -out ${output}`;
  }
}

export const formWords: Readonly<Record<Exclude<FileForm, 'pem' | 'empty' | 'other'>, string>> = {
  jks: 'a Java key store (JKS)',
  pkcs12: 'a PKCS #12 store',
  'der-certificate': 'a certificate in DER',
  'der-key': 'a private key in DER',
};
