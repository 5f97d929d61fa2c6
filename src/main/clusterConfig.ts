/** Which cluster to use: KAFKA_URI and KAFKA_PORT where they are set, else the built-in broker. */
import { isIPv6 } from 'node:net';
import { isHost } from '../shared/profiles';
import { clusterVariables, namesCluster } from './start/clusterVariables';

export type ClusterConfig =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'environment'; readonly bootstrap: readonly string[] }
  | { readonly kind: 'invalid'; readonly reason: string; readonly action: string };

const DEFAULT_PORT = 9092;

function parsePort(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : null;
}

const invalid = (reason: string): ClusterConfig => ({
  kind: 'invalid',
  reason,
  action:
    'Set KAFKA_URI to a host (or host:port, several divided by commas) and KAFKA_PORT to a port, then start again.',
});

/** KAFKA_PORT counts for every host that names no port of its own; 9092 when it is not set. */
export function clusterConfig(env: Readonly<Record<string, string | undefined>>): ClusterConfig {
  const variables = clusterVariables(env);
  const { uri, port: portText } = variables;
  if (!namesCluster(variables)) return { kind: 'built-in' };
  const usualPort = portText === '' ? DEFAULT_PORT : parsePort(portText);
  if (usualPort === null) return invalid(`KAFKA_PORT is "${portText}", which is no port (1 to 65535).`);
  const bootstrap: string[] = [];
  for (const part of (uri === '' ? 'localhost' : uri).split(',')) {
    const address = part
      .trim()
      .replace(/^(?:kafka|plaintext):\/\//i, '')
      .replace(/\/$/, '');
    const split = /^(\[[^\]]+\]|[^:]*)(?::(.*))?$/.exec(address);
    const host = split?.[1] ?? '';
    const port = split?.[2] === undefined ? usualPort : parsePort(split[2]);
    if (isIPv6(address))
      return invalid(`KAFKA_URI holds "${part.trim()}"; write an IPv6 address in brackets: [::1]:9092.`);
    if (!isHost(host)) return invalid(`KAFKA_URI holds "${part.trim()}", which is no host name.`);
    if (port === null) return invalid(`KAFKA_URI holds "${part.trim()}", whose port is none (1 to 65535).`);
    bootstrap.push(`${host}:${port}`);
  }
  return { kind: 'environment', bootstrap };
}
