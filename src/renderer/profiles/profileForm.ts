/**
 * A profile as it stands in the form, and from there to what the main process saves and tests, or to what is wrong,
 * field by field. What is wrong is said by the contract's own schemas.
 */
import {
  type ImportedProfile,
  type Profile,
  type ProfileDraft,
  profileDraft,
  type SaslMechanism,
  type SecretName,
  secretName,
} from '../../shared/profiles';
import { shorten } from '../words/showText';

/** What becomes of one secret when the profile is saved. */
export type SecretEdit =
  /** As it is, stored or not. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'new'; readonly text: string }
  /** From a file: the main process holds it under the token. `shown` is what can be said of it. */
  | { readonly kind: 'held'; readonly token: string; readonly shown: string };

/** A certificate file that was chosen, PEM, with what can be said of it. */
export interface Certificate {
  readonly pem: string;
  readonly shown: string;
}

export interface ProfileForm {
  /** null: not saved yet. */
  readonly id: string | null;
  readonly name: string;
  readonly bootstrap: string;
  readonly clientId: string;
  readonly readOnly: boolean;
  readonly encryption: 'none' | 'tls';
  readonly ca: Certificate | null;
  readonly certificate: Certificate | null;
  readonly checkHostname: boolean;
  readonly mechanism: SaslMechanism | 'none';
  readonly username: string;
  readonly tokenEndpoint: string;
  readonly oauthClientId: string;
  readonly scope: string;
  readonly secrets: Readonly<Record<SecretName, SecretEdit>>;
  readonly keepSecrets: boolean;
}

export type ProfileField =
  | Exclude<
      keyof ProfileForm,
      'id' | 'secrets' | 'readOnly' | 'encryption' | 'checkHostname' | 'mechanism' | 'keepSecrets'
    >
  | SecretName;
export type ProfileErrors = Partial<Record<ProfileField, string>>;

export type ReadProfile =
  | { readonly ok: true; readonly draft: ProfileDraft }
  | { readonly ok: false; readonly errors: ProfileErrors };

const kept: SecretEdit = { kind: 'kept' };
const allKept: ProfileForm['secrets'] = { password: kept, clientSecret: kept, key: kept, keyPassphrase: kept };

export const newProfile = (keepSecrets: boolean): ProfileForm => ({
  id: null,
  name: '',
  bootstrap: '',
  clientId: 'geostream',
  readOnly: false,
  encryption: 'none',
  ca: null,
  certificate: null,
  checkHostname: true,
  mechanism: 'none',
  username: '',
  tokenEndpoint: '',
  oauthClientId: '',
  scope: '',
  secrets: allKept,
  keepSecrets,
});

/** What can be said of a stored certificate file, without its names and dates. */
function certificateOf(pem: string | null | undefined): Certificate | null {
  if (pem === null || pem === undefined) return null;
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  return { pem, shown: certificates === 1 ? '1 certificate' : `${certificates} certificates` };
}

/** How one signs in, as it stands in the form. */
export function signInOf(sasl: Profile['fields']['sasl'] | ImportedProfile['sasl']) {
  const oauth = sasl?.mechanism === 'OAUTHBEARER' ? sasl : null;
  return {
    mechanism: sasl?.mechanism ?? 'none',
    username: sasl && sasl.mechanism !== 'OAUTHBEARER' ? sasl.username : '',
    tokenEndpoint: oauth?.tokenEndpoint ?? '',
    oauthClientId: oauth?.clientId ?? '',
    scope: oauth?.scope ?? '',
  } as const;
}

export function formOf({ id, fields, keepSecrets }: Profile): ProfileForm {
  const { tls, sasl } = fields;
  return {
    id,
    name: fields.name,
    bootstrap: fields.bootstrap.join(', '),
    clientId: fields.clientId,
    readOnly: fields.readOnly,
    encryption: tls ? 'tls' : 'none',
    ca: certificateOf(tls?.ca),
    certificate: certificateOf(tls?.certificate),
    checkHostname: tls?.checkHostname ?? true,
    ...signInOf(sasl),
    secrets: allKept,
    keepSecrets,
  };
}

/** Servers as people write them: separated by commas, semicolons, spaces or lines, perhaps with a protocol in front. */
export const readBootstrap = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((server) => server.replace(/^[A-Za-z_]+:\/\//, ''))
    .filter(Boolean);

/** The secrets that these settings have a use for. */
export function secretsInUse(form: Pick<ProfileForm, 'encryption' | 'certificate' | 'mechanism'>): SecretName[] {
  const used: SecretName[] = [];
  if (form.mechanism === 'OAUTHBEARER') used.push('clientSecret');
  else if (form.mechanism !== 'none') used.push('password');
  if (form.encryption === 'tls' && form.certificate) used.push('key', 'keyPassphrase');
  return used;
}

/** Absent: left as it is; null: forgotten; a text: the new one. What there is no use for is not kept either. */
function draftSecrets(form: ProfileForm, stored: readonly SecretName[]): ProfileDraft['secrets'] {
  const used = secretsInUse(form);
  const secrets: ProfileDraft['secrets'] = {};
  for (const name of secretName.options) {
    const edit = form.secrets[name];
    if (!used.includes(name) || edit.kind === 'forgotten') {
      if (stored.includes(name)) secrets[name] = null;
    } else if (edit.kind === 'held') secrets[name] = { kind: 'held', token: edit.token };
    else if (edit.kind === 'new' && name !== 'key' && (edit.text !== '' || stored.includes(name)))
      secrets[name] = { kind: 'typed', text: edit.text };
  }
  return secrets;
}

function draftSasl(form: ProfileForm): unknown {
  const { mechanism, username, tokenEndpoint, oauthClientId, scope } = form;
  if (mechanism === 'none') return null;
  if (mechanism !== 'OAUTHBEARER') return { mechanism, username: username.trim() };
  const endpoint = tokenEndpoint.trim();
  return { mechanism, tokenEndpoint: endpoint, clientId: oauthClientId.trim(), scope: scope.trim() || null };
}

function draftTls({ encryption, ca, certificate, checkHostname }: ProfileForm): unknown {
  if (encryption === 'none') return null;
  return { ca: ca?.pem ?? null, certificate: certificate?.pem ?? null, checkHostname };
}

/** The form's field that an issue of the schema is about. */
function fieldOf([group, name, ...more]: readonly PropertyKey[]): ProfileField | null {
  if (group === 'secrets') return secretName.safeParse(name).data ?? null;
  if (name === 'sasl') {
    const field = more[0] === 'clientId' ? 'oauthClientId' : more[0];
    return field === 'username' || field === 'tokenEndpoint' || field === 'oauthClientId' || field === 'scope'
      ? field
      : null;
  }
  const field = name === 'tls' ? more[0] : name;
  switch (field) {
    case 'name':
    case 'bootstrap':
    case 'clientId':
    case 'ca':
    case 'certificate':
      return field;
    default:
      return null;
  }
}

/** A draft without a name can be tested, under the name of its first server. */
export interface ReadOptions {
  readonly nameNeeded: boolean;
}

/** @param stored the secrets that the main process has of this profile */
export function readProfile(
  form: ProfileForm,
  stored: readonly SecretName[],
  { nameNeeded }: ReadOptions = { nameNeeded: true },
): ReadProfile {
  const bootstrap = readBootstrap(form.bootstrap);
  const name = nameNeeded || form.name.trim() !== '' ? form.name : shorten(bootstrap[0] ?? '', 99);
  const parsed = profileDraft.safeParse({
    id: form.id,
    fields: {
      name,
      bootstrap,
      clientId: form.clientId.trim(),
      readOnly: form.readOnly,
      tls: draftTls(form),
      sasl: draftSasl(form),
    },
    secrets: draftSecrets(form, stored),
    keepSecrets: form.keepSecrets,
  });
  if (parsed.success) return { ok: true, draft: parsed.data };
  const errors: ProfileErrors = {};
  for (const { path, message } of parsed.error.issues) {
    const field = fieldOf(path);
    if (field === null || errors[field] !== undefined) continue;
    const server = path[1] === 'bootstrap' && typeof path[2] === 'number' ? bootstrap[path[2]] : undefined;
    if (field in form.secrets) errors[field] = secretError(form.secrets[field as SecretName]);
    else errors[field] = server === undefined ? message : `${shorten(server, 60)}: ${message}`;
  }
  return { ok: false, errors };
}

const secretError = (edit: SecretEdit): string =>
  edit.kind === 'new' && edit.text === '' ? 'Type the new one, or keep the one that is stored.' : 'This is too long.';

/** What is dangerous without being wrong. */
export function riskOf(form: ProfileForm): string | null {
  const { mechanism, encryption, tokenEndpoint } = form;
  if (mechanism === 'PLAIN' && encryption === 'none')
    return 'Without TLS the password crosses the network in the clear.';
  if (mechanism === 'OAUTHBEARER' && encryption === 'none')
    return 'Without TLS the token crosses the network in the clear.';
  if (mechanism === 'OAUTHBEARER' && /^http:\/\/(?!localhost[:/]|127\.|\[::1\])/i.test(tokenEndpoint.trim()))
    return 'Over http:// the client secret crosses the network in the clear.';
  return null;
}
