/** Who signs in and how, in Java's words (JAAS among them) and in librdkafka's. */
import { type ImportedSasl, saslMechanism } from '../../../shared/profiles';
import { parseJaasConfig } from './jaasConfig';
import { holdsVariable, type SettingsReader, TYPE_IT, VARIABLE } from './settingsReader';

export interface SaslSettings {
  /** null when the mechanism is none that can be used here. */
  readonly sasl: ImportedSasl | null;
  readonly password?: string | undefined;
  readonly clientSecret?: string | undefined;
}

const JAAS = 'sasl.jaas.config';

const ELSEWHERE = 'Use another listener of the cluster, with PLAIN, SCRAM or OAUTHBEARER, if it has one.';

const UNUSABLE: Readonly<Record<string, string>> = {
  GSSAPI: 'Is Kerberos (GSSAPI), which is not among the ways to sign in here.',
  AWS_MSK_IAM: "Is AWS's IAM, which is not among the ways to sign in here.",
};

/** The options of the login module. Those that hold a variable are told and left out. */
function jaasOptions(settings: SettingsReader, loginModule: string, wanted: readonly string[]): Map<string, string> {
  const text = settings.written(JAAS) ?? '';
  const taken = new Map<string, string>();
  if (text === '') return taken;
  if (/^\$\{[^}]*\}$/.test(text)) {
    settings.tell(JAAS, VARIABLE, 'Type the sign-in into the form.');
    return taken;
  }
  const config = parseJaasConfig(text);
  if (config.kind === 'wrong') {
    settings.tell(JAAS, config.message, config.action);
    return taken;
  }
  if (config.module !== loginModule) {
    settings.tell(JAAS, `Names a login module other than ${loginModule}.`, 'Check mechanism and sign-in in the form.');
  }
  const others: string[] = [];
  for (const [name, value] of config.options) {
    if (!wanted.includes(name)) others.push(/^[A-Za-z_][\w.-]{0,60}$/.test(name) ? name : '…');
    else if (holdsVariable(value)) settings.tell(`${JAAS}, ${name}`, VARIABLE, TYPE_IT);
    else if (value !== '') taken.set(name, value);
  }
  if (others.length > 0) {
    const few = `${others.slice(0, 5).join(', ')}${others.length > 5 ? ` and ${others.length - 5} more` : ''}`;
    settings.tell(
      JAAS,
      `Has options that cannot be used here: ${few}.`,
      'Do without, or ask the owner of the cluster.',
    );
  }
  return taken;
}

function withPassword(settings: SettingsReader, mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'): SaslSettings {
  const loginModule = mechanism === 'PLAIN' ? 'PlainLoginModule' : 'ScramLoginModule';
  const options = jaasOptions(settings, loginModule, ['username', 'password']);
  const username = options.get('username') ?? settings.oneOf('sasl.username')?.value ?? '';
  const password = options.get('password') ?? settings.oneOf('sasl.password')?.value;
  return { sasl: { mechanism, username }, password };
}

function tokenEndpointOf(settings: SettingsReader): string {
  const found = settings.oneOf('sasl.oauthbearer.token.endpoint.url');
  if (found === undefined || /^https?:\/\//i.test(found.value)) return found?.value ?? '';
  settings.tell(
    found.name,
    'Is no address that starts with https:// or http://.',
    'Type the address of the token endpoint into the form; a token from a file cannot be used here.',
  );
  return '';
}

function withToken(settings: SettingsReader): SaslSettings {
  const options = jaasOptions(settings, 'OAuthBearerLoginModule', ['clientId', 'clientSecret', 'scope']);
  // Kafka 4.1's settings come before the options of the login module (KIP-1139), which are the way of older versions.
  const id = settings.oneOf('sasl.oauthbearer.client.credentials.client.id', 'sasl.oauthbearer.client.id');
  const secret = settings.oneOf('sasl.oauthbearer.client.credentials.client.secret', 'sasl.oauthbearer.client.secret');
  const scope = settings.oneOf('sasl.oauthbearer.scope');
  return {
    sasl: {
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: tokenEndpointOf(settings),
      clientId: id?.value ?? options.get('clientId') ?? '',
      scope: scope?.value ?? options.get('scope') ?? null,
    },
    clientSecret: secret?.value ?? options.get('clientSecret'),
  };
}

export function saslOf(settings: SettingsReader): SaslSettings {
  const found = settings.oneOf('sasl.mechanism', 'sasl.mechanisms');
  const mechanism = saslMechanism.safeParse(found?.value.toUpperCase()).data;
  if (mechanism === 'OAUTHBEARER') return withToken(settings);
  if (mechanism !== undefined) return withPassword(settings, mechanism);
  if (found === undefined) {
    const message = "Is not there, and Kafka's default, Kerberos (GSSAPI), cannot be used here.";
    settings.tell('sasl.mechanism', message, 'Choose the mechanism in the form.');
  } else {
    const message = UNUSABLE[found.value.toUpperCase()] ?? 'Is none of the ways to sign in here.';
    settings.tell(found.name, message, ELSEWHERE);
  }
  return { sasl: null };
}
