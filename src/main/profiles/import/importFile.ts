/**
 * A client.properties file as the beginning of a profile: read within bounds, with the PEM files that it names. Its secrets
 * stay here, under tokens.
 */
import { basename, dirname, resolve } from 'node:path';
import type { ChosenPem, ImportedProfile, ImportFinding, SecretName } from '../../../shared/profiles';
import { CommandFailure } from '../../ipc/commandFailure';
import { readFileUpTo } from '../boundedFile';
import type { HeldSecrets } from '../heldSecrets';
import { formOfFile, formWords } from '../keyMaterial';
import { type PemFile, type PemKind, pemIn, readPemFile } from '../pemFile';
import { type ClientSettings, readClientProperties } from './clientProperties';
import { PropertiesError, parseProperties } from './properties';
import type { PemSource } from './tlsSettings';

const MAX_BYTES = 1_000_000;
const MAX_NAME = 90;

export interface ImportOptions {
  readonly held: HeldSecrets;
  /** Names of profiles that are there already. */
  readonly taken: ReadonlySet<string>;
  /** Epoch ms. */
  readonly now: number;
}

const wrongFile = (message: string, action = "Choose a settings file of a Kafka client, such as Java's.") =>
  new CommandFailure('file', message, action);

/** Java reads ISO 8859-1; editors write UTF-8, and PowerShell UTF-16. */
function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

async function settingsOf(path: string): Promise<ClientSettings> {
  const name = basename(path);
  const bytes = await readFileUpTo(path, MAX_BYTES);
  const form = formOfFile(bytes);
  const text = decoded(bytes);
  // PEM may be in a settings file too, and where it is alone no setting will be found.
  if (form !== 'pem' && form !== 'other' && form !== 'empty') {
    throw wrongFile(`${name} is ${formWords[form]}, and holds no settings.`);
  }
  if (text.includes('\0')) throw wrongFile(`${name} is no text file.`);
  try {
    const settings = readClientProperties(parseProperties(text));
    if (settings === null) throw wrongFile(`${name} holds no setting of a Kafka client.`);
    return settings;
  } catch (error) {
    if (!(error instanceof PropertiesError)) throw error;
    throw wrongFile(
      `${name} cannot be read. ${error.message}`,
      'Write a backslash that is meant, as in a path, twice.',
    );
  }
}

/** After the file's name; with a number where that is taken. */
function suggestedName(path: string, taken: ReadonlySet<string>): string {
  const base = basename(path)
    .replace(/\.[A-Za-z0-9]{1,12}$/, '')
    .trim()
    .slice(0, MAX_NAME);
  const start = base === '' ? 'Imported' : base;
  let name = start;
  for (let i = 2; taken.has(name); i++) name = `${start} ${i}`;
  return name;
}

/** Elsewhere on the network: to open it would sign this computer in there. */
const isNetworkPath = (path: string): boolean => /^(?:\\\\|\/\/)/.test(path);

/** C:\temp\ca.pem, once its backslashes were taken for escapes. */
const isTornPath = ({ kind, setting }: PemSource): boolean =>
  kind === 'file' && (/[\t\n\r\f]/.test(setting.value) || /^[A-Za-z]:[^\\/]/.test(setting.value));

async function readPem(
  kind: PemKind,
  { kind: form, setting }: PemSource,
  folder: string,
  now: number,
): Promise<PemFile> {
  if (form === 'text') return { fileName: setting.name, ...pemIn(kind, setting.name, setting.value, now) };
  if (isNetworkPath(setting.value)) {
    throw new CommandFailure('file', 'It names a file on the network.', 'Choose the file in the form.');
  }
  return readPemFile(kind, resolve(folder, setting.value), now);
}

export async function importFile(path: string, { held, taken, now }: ImportOptions): Promise<ImportedProfile> {
  const settings = await settingsOf(path);
  const fileName = basename(path);
  const findings: ImportFinding[] = [...settings.findings];
  const secrets: ImportedProfile['secrets'] = {};
  const hold = (name: SecretName, secret: string | undefined, summary: string) => {
    if (secret !== undefined) secrets[name] = { token: held.keep(name, secret), summary };
  };

  async function pem(kind: PemKind, source: PemSource | null): Promise<PemFile | null> {
    if (source === null) return null;
    try {
      return await readPem(kind, source, dirname(path), now);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      const { name: setting } = source.setting;
      const { message } = error;
      const action = isTornPath(source)
        ? 'In such a file a backslash is written twice. Choose the file in the form.'
        : error.action;
      // A store that holds both the certificate and the key would be told twice.
      if (!findings.some((one) => one.setting === setting && one.message === message)) {
        findings.push({ setting, message, action });
      }
      return null;
    }
  }
  const shown = (file: PemFile | null): ChosenPem | null => file && { token: '', ...file };

  const { tls } = settings;
  const ca = await pem('ca', tls?.ca ?? null);
  const certificate = await pem('certificate', tls?.certificate ?? null);
  const key = await pem('key', tls?.key ?? null);
  if (key !== null) hold('key', key.pem, `${key.fileName}: ${key.summary}`);
  const origin = `from ${fileName}`;
  if (key !== null) hold('keyPassphrase', tls?.keyPassphrase, origin);
  hold('password', settings.password, origin);
  hold('clientSecret', settings.clientSecret, origin);
  return {
    fileName,
    name: suggestedName(path, taken),
    bootstrap: [...settings.bootstrap],
    clientId: settings.clientId,
    tls: tls && { ca: shown(ca), certificate: shown(certificate), checkHostname: tls.checkHostname },
    sasl: settings.sasl,
    secrets,
    findings,
    notNeeded: [...settings.notNeeded],
  };
}
