/**
 * What a client.properties file of Java's Kafka clients, or a file with librdkafka's names, tells of a cluster. Pure: files
 * that it names are left as names, and nothing of it is lost without a word.
 */
import type { ImportedSasl, ImportFinding } from '../../../shared/profiles';
import { hasNoUseHere, SASL_SETTINGS, TLS_SETTINGS } from './knownSettings';
import type { Property } from './properties';
import { saslOf } from './saslSettings';
import { createSettingsReader, type SettingsReader } from './settingsReader';
import { type TlsSettings, tlsOf } from './tlsSettings';
import { unusable } from './unusableSettings';

export interface ClientSettings {
  /** As they are written there. */
  readonly bootstrap: readonly string[];
  readonly clientId: string | null;
  readonly tls: TlsSettings | null;
  readonly sasl: ImportedSasl | null;
  readonly password: string | undefined;
  readonly clientSecret: string | undefined;
  readonly findings: readonly ImportFinding[];
  /** Names of settings that are understood, and that nothing depends on here. */
  readonly notNeeded: readonly string[];
}

const PROTOCOL = 'security.protocol';

/** What is shown of a name; anything else may be a piece of a value that went astray, such as a line of a key. */
const NAME = /^[a-z][a-z0-9_-]{0,40}(?:\.[a-z0-9_-]{1,40}){0,8}$/;

const ABOUT_TOKENS = /oauthbearer|^https\./;

const listed = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;

function protocolOf(settings: SettingsReader): { readonly encrypted: boolean; readonly signsIn: boolean } {
  const found = settings.oneOf(PROTOCOL);
  const protocol = found?.value.toUpperCase() ?? 'PLAINTEXT';
  if (!/^(?:SASL_)?(?:PLAINTEXT|SSL)$/.test(protocol)) {
    const message = 'Is none of PLAINTEXT, SSL, SASL_PLAINTEXT and SASL_SSL.';
    settings.tell(PROTOCOL, message, 'Set encryption and sign-in in the form.');
    return { encrypted: false, signsIn: false };
  }
  return { encrypted: protocol.endsWith('SSL'), signsIn: protocol.startsWith('SASL_') };
}

interface Meaning {
  readonly encrypted: boolean;
  readonly signsIn: boolean;
  readonly sasl: ImportedSasl | null;
}

/** Tells what was not asked for, each by its kind. @returns the names that nothing depends on */
function tellRest(settings: SettingsReader, { encrypted, signsIn, sasl }: Meaning): string[] {
  const notNeeded: string[] = [];
  const withoutEffect: string[] = [];
  const ofTheMechanism: string[] = [];
  const unknown: string[] = [];
  const strayLines: string[] = [];
  for (const { key, value, line } of settings.left()) {
    const isTls = TLS_SETTINGS.has(key);
    const isSasl = SASL_SETTINGS.has(key);
    const known = unusable(key, value.trim());
    if ((isTls && !encrypted) || (isSasl && !signsIn)) withoutEffect.push(key);
    else if (isSasl && sasl === null) ofTheMechanism.push(key);
    else if (isSasl && ABOUT_TOKENS.test(key) && sasl?.mechanism !== 'OAUTHBEARER') notNeeded.push(key);
    else if (known !== undefined) settings.tell(key, known.message, known.action);
    else if (isTls || isSasl || hasNoUseHere(key)) notNeeded.push(key);
    else if (NAME.test(key)) unknown.push(key);
    else strayLines.push(String(line));
  }
  const tell = (names: readonly string[], one: string, several: string, action: string) => {
    if (names.length > 0) settings.tell(listed(names), names.length === 1 ? one : several, action);
  };
  const inForm = 'If the cluster asks for it, set it in the form.';
  const where = `no effect with the ${PROTOCOL} of this file.`;
  tell(withoutEffect, `Has ${where}`, `Have ${where}`, inForm);
  const what = 'to the sign-in that cannot be used here.';
  tell(ofTheMechanism, `Belongs ${what}`, `Belong ${what}`, '');
  tell(unknown, 'Is not known here.', 'Are not known here.', `Check the spelling. ${inForm}`);
  if (strayLines.length > 0) {
    settings.tell(
      `${strayLines.length === 1 ? 'Line' : 'Lines'} ${listed(strayLines)}`,
      'No name of a setting is at the beginning.',
      'A value of several lines has a backslash at the end of each line but the last.',
    );
  }
  return notNeeded;
}

function tellRepeated(settings: SettingsReader, properties: readonly Property[]): void {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { key } of properties) {
    if (seen.has(key) && NAME.test(key)) repeated.add(key);
    seen.add(key);
  }
  if (repeated.size === 0) return;
  settings.tell(listed([...repeated]), 'Is there more than once; the last one counts.', 'Check it in the form.');
}

/** null when there is no setting of a Kafka client in it at all. */
export function readClientProperties(properties: readonly Property[]): ClientSettings | null {
  const isKnown = ({ key }: Property) =>
    /^(?:bootstrap\.servers|metadata\.broker\.list|client\.id|security\.protocol)$/.test(key) ||
    TLS_SETTINGS.has(key) ||
    SASL_SETTINGS.has(key) ||
    hasNoUseHere(key);
  if (!properties.some(isKnown)) return null;
  const settings = createSettingsReader(properties);
  tellRepeated(settings, properties);
  const bootstrap = settings.oneOf('bootstrap.servers', 'metadata.broker.list')?.value ?? '';
  const clientId = settings.oneOf('client.id')?.value ?? null;
  const { encrypted, signsIn } = protocolOf(settings);
  const tls = encrypted ? tlsOf(settings) : null;
  const { sasl, password, clientSecret } = signsIn
    ? saslOf(settings)
    : { sasl: null, password: undefined, clientSecret: undefined };
  const notNeeded = tellRest(settings, { encrypted, signsIn, sasl });
  const servers = bootstrap
    .split(',')
    .map((server) => server.trim())
    .filter(Boolean);
  return { bootstrap: servers, clientId, tls, sasl, password, clientSecret, findings: settings.findings, notNeeded };
}
