/** A client.properties file as it comes to stand in the form of a new profile. */
import { type ChosenPem, type ImportedProfile, secretName } from '../../shared/profiles';
import { type Certificate, newProfile, type ProfileForm, type SecretEdit, signInOf } from './profileForm';

const certificateOf = (file: ChosenPem | null | undefined): Certificate | null =>
  file?.pem == null ? null : { pem: file.pem, shown: `${file.fileName}: ${file.summary}` };

function secretsOf({ secrets }: ImportedProfile, empty: ProfileForm['secrets']): ProfileForm['secrets'] {
  const edits: Record<keyof ProfileForm['secrets'], SecretEdit> = { ...empty };
  for (const name of secretName.options) {
    const held = secrets[name];
    if (held !== undefined) edits[name] = { kind: 'held', token: held.token, shown: held.summary };
  }
  return edits;
}

export function formOfImport(imported: ImportedProfile, keepSecrets: boolean): ProfileForm {
  const { name, bootstrap, clientId, tls, sasl } = imported;
  const empty = newProfile(keepSecrets);
  return {
    ...empty,
    name,
    bootstrap: bootstrap.join(', '),
    clientId: clientId ?? empty.clientId,
    encryption: tls ? 'tls' : 'none',
    ca: certificateOf(tls?.ca),
    certificate: certificateOf(tls?.certificate),
    checkHostname: tls?.checkHostname ?? true,
    ...signInOf(sasl),
    secrets: secretsOf(imported, empty.secrets),
  };
}
