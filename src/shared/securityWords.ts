/** How a connection is secured, in words: for the cluster in use, and for every profile. */
import type { ProfileFields } from './profiles';

/** "TLS, SCRAM-SHA-512", or "unencrypted". */
export function securityWords({ tls, sasl }: Pick<ProfileFields, 'tls' | 'sasl'>): string {
  const parts = [tls && (tls.certificate === null ? 'TLS' : 'TLS with client certificate'), sasl?.mechanism];
  if (!tls) parts.push('unencrypted');
  return parts.filter(Boolean).join(', ');
}
