/** Whom to trust and with which certificate to sign in, in Java's words and in librdkafka's. */
import type { Setting, SettingsReader } from './settingsReader';

/** Certificates or a key in PEM: in the value of the setting itself, or in the file that it names. */
export interface PemSource {
  readonly kind: 'text' | 'file';
  readonly setting: Setting;
}

export interface TlsSettings {
  readonly ca: PemSource | null;
  readonly certificate: PemSource | null;
  readonly key: PemSource | null;
  readonly keyPassphrase: string | undefined;
  readonly checkHostname: boolean;
}

function pemSource(settings: SettingsReader, texts: readonly string[], files: readonly string[]): PemSource | null {
  const text = settings.oneOf(...texts);
  const file = settings.oneOf(...files);
  if (text === undefined) return file === undefined ? null : { kind: 'file', setting: file };
  if (file !== undefined) {
    settings.tell(file.name, `Is left out, for ${text.name} holds the same.`, 'Check it in the form.');
  }
  return { kind: 'text', setting: text };
}

function checksHostname(settings: SettingsReader): boolean {
  const name = 'ssl.endpoint.identification.algorithm';
  const value = settings.written(name);
  if (value === undefined || /^https$/i.test(value)) return true;
  if (value === '' || /^none$/i.test(value)) return false;
  settings.tell(name, 'Is neither https nor empty, so the host name is checked.', 'Check it in the form.');
  return true;
}

export function tlsOf(settings: SettingsReader): TlsSettings {
  // What a file is, it tells itself.
  for (const store of ['truststore', 'keystore']) settings.written(`ssl.${store}.type`);
  // librdkafka's word for what the system trusts.
  const probed = /^probe$/i.test(settings.written('ssl.ca.location') ?? '');
  const ca = pemSource(
    settings,
    ['ssl.truststore.certificates', 'ssl.ca.pem'],
    probed ? ['ssl.truststore.location'] : ['ssl.truststore.location', 'ssl.ca.location'],
  );
  const certificate = pemSource(
    settings,
    ['ssl.keystore.certificate.chain', 'ssl.certificate.pem'],
    ['ssl.keystore.location', 'ssl.certificate.location'],
  );
  // A key store in PEM holds both.
  const key = pemSource(
    settings,
    ['ssl.keystore.key', 'ssl.key.pem'],
    certificate?.setting.name === 'ssl.keystore.location' ? ['ssl.keystore.location'] : ['ssl.key.location'],
  );
  if (key !== null && certificate === null) {
    settings.tell(key.setting.name, 'Is a key without a certificate.', 'Choose the client certificate in the form.');
  }
  const keyPassphrase = settings.oneOf('ssl.key.password')?.value;
  return { ca, certificate, key, keyPassphrase, checkHostname: checksHostname(settings) };
}
