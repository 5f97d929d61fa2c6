/** The secrets of a profile: which ones its settings need, whether they fit, and how they come to a cluster's access. */
import type { ProfileFields, SecretName } from '../../shared/profiles';
import { CommandFailure } from '../ipc/commandFailure';
import type { ClusterAccess, SaslAccess, TlsAccess } from '../kafka/clusterAccess';
import { isEncryptedKey, keyFits, openKey } from './pem';

export type Secrets = Partial<Record<SecretName, string>>;

export function neededSecrets({ tls, sasl }: ProfileFields, secrets: Secrets): SecretName[] {
  const needed: SecretName[] = [];
  if (sasl) needed.push(sasl.mechanism === 'OAUTHBEARER' ? 'clientSecret' : 'password');
  if (tls?.certificate != null) {
    needed.push('key');
    if (secrets.key !== undefined && isEncryptedKey(secrets.key)) needed.push('keyPassphrase');
  }
  return needed;
}

export function toAccess({ bootstrap, clientId, tls, sasl }: ProfileFields, secrets: Secrets): ClusterAccess {
  const tlsAccess: TlsAccess | null = tls && {
    ...tls,
    key: tls.certificate === null ? null : (secrets.key ?? null),
    keyPassphrase: secrets.keyPassphrase ?? null,
  };
  let saslAccess: SaslAccess | null = null;
  if (sasl?.mechanism === 'OAUTHBEARER') saslAccess = { ...sasl, clientSecret: secrets.clientSecret ?? '' };
  else if (sasl) saslAccess = { ...sasl, password: secrets.password ?? '' };
  return { bootstrap, clientId, tls: tlsAccess, sasl: saslAccess };
}

/** Throws CommandFailure. */
export function checkKey({ tls }: ProfileFields, { key, keyPassphrase }: Secrets): void {
  if (tls?.certificate == null || key === undefined || (isEncryptedKey(key) && keyPassphrase === undefined)) return;
  const open = openKey(key, keyPassphrase);
  if (open === null) {
    throw new CommandFailure('bad-input', 'The passphrase does not open the private key.', 'Type it again.');
  }
  if (keyFits(tls.certificate, open)) return;
  throw new CommandFailure(
    'bad-input',
    'The private key does not belong to the client certificate.',
    'Choose the key that the certificate was made for.',
  );
}
