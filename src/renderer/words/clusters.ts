/** Profiles and the clusters behind them in words: a line for lists, what a switch would end. */
import type { Cluster, Playback, Simulation } from '../../shared/contract';
import type { Profile, SecretName } from '../../shared/profiles';
import { securityWords } from '../../shared/securityWords';
import { counted } from './numbers';

/** The first bootstrap server, and how many more there are. */
export function addressWords(bootstrap: readonly string[]): string {
  const [first, ...others] = bootstrap;
  if (first === undefined) return '';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** The line below a profile's name: "kafka-1:9093 and 2 more · read-only · TLS, PLAIN". */
export function profileLine({ origin, fields }: Profile): string {
  const address = addressWords(fields.bootstrap);
  const parts = [
    address === '' && origin === 'built-in' ? 'on this computer' : address,
    fields.readOnly && 'read-only',
    securityWords(fields),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Whose cluster it is, for the top bar's title. */
export function clusterTitle({ name, bootstrap, readOnly, security }: Cluster): string {
  return [name, bootstrap.join(', '), readOnly && 'read-only', security].filter(Boolean).join(' · ');
}

export const secretWords: Record<SecretName, string> = {
  password: 'password',
  clientSecret: 'client secret',
  key: 'private key',
  keyPassphrase: "key's passphrase",
};

/** The same as labels of fields. */
export const secretLabels: Record<SecretName, string> = {
  password: 'Password',
  clientSecret: 'Client secret',
  key: 'Private key',
  keyPassphrase: 'Key passphrase',
};

/** ["password", "private key"] → "its password and its private key". Names that are none of ours stay as they are. */
export function missingWords(missing: readonly string[]): string {
  const words = missing.map(
    (name) => `its ${Object.hasOwn(secretWords, name) ? secretWords[name as SecretName] : name}`,
  );
  const last = words.pop() ?? 'a secret';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

/**
 * What would be stopped by switching to another cluster: "3 fleets and 1 file". Empty when nothing is being sent.
 * The fleet of the first start does not count: it comes back by itself with the built-in broker.
 */
export function runningWords(simulations: readonly Simulation[], playbacks: readonly Playback[]): string {
  const fleets = simulations.filter(({ state, firstStart }) => state !== 'stopped' && !firstStart).length;
  const files = playbacks.filter(({ state }) => state === 'running' || state === 'retrying').length;
  const parts = [fleets > 0 && counted(fleets, 'fleet'), files > 0 && counted(files, 'file')];
  return parts.filter(Boolean).join(' and ');
}

/** "3 fleets and 1 file are sending to X; they stop when you switch." */
export function switchWarning(running: string, cluster: string): string {
  const single = running.startsWith('1 ') && !running.includes(' and ');
  return `${running} ${single ? 'is' : 'are'} sending to ${cluster}; ${single ? 'it stops' : 'they stop'} when you switch.`;
}
