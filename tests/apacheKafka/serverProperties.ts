/** What stands in each broker's server.properties. */
import type { Certificates } from './certificates.ts';
import type { TokenEndpoint } from './tokenEndpoint.ts';

export type Security = 'plaintext' | 'ssl' | 'sasl_plaintext' | 'sasl_ssl';
export type Mechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';

export interface User {
  readonly username: string;
  readonly password: string;
}

/** Of 127.0.0.1, but for `client` (see ClusterSettings). */
export interface NodePorts {
  readonly client: number;
  /** Plaintext, between the brokers and for knowing whether they are ready. */
  readonly internal: number;
  readonly controller: number;
}

export interface ClusterSettings {
  /** The node with id 1 first. Each is a broker and a controller. */
  readonly nodes: readonly NodePorts[];
  /** Where clients connect to. */
  readonly host: '127.0.0.1' | '::1';
  readonly security: Security;
  readonly mechanisms: readonly Mechanism[];
  readonly clientCertificate: 'none' | 'requested' | 'required';
  readonly users: readonly User[];
  readonly certificates: Certificates | undefined;
  readonly tokens: TokenEndpoint | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

const CLIENT = 'listener.name.client';

export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** `index` counts from 0, `logDir` is the node's own. */
export function serverProperties(settings: ClusterSettings, index: number, logDir: string): Record<string, string> {
  const { nodes, host, security, properties } = settings;
  const ports = nodes[index];
  if (ports === undefined) throw new RangeError(`no node ${index}`);
  const replicas = String(nodes.length);
  const inSync = String(Math.min(2, nodes.length));
  const clientAndInternal = `CLIENT://${inUrl(host)}:${ports.client},INTERNAL://127.0.0.1:${ports.internal}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': String(index + 1),
    'controller.quorum.voters': nodes.map(({ controller }, node) => `${node + 1}@127.0.0.1:${controller}`).join(','),
    listeners: `${clientAndInternal},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': clientAndInternal,
    'listener.security.protocol.map': `CLIENT:${security.toUpperCase()},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDir,

    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '3',

    // A test that waits is a slow test: groups start at once, a dead broker is noticed within seconds.
    'group.initial.rebalance.delay.ms': '0',
    // A broker that comes back waits until its old session is over; alone, it has nobody to lose its place to.
    'broker.heartbeat.interval.ms': nodes.length === 1 ? '300' : '500',
    'broker.session.timeout.ms': nodes.length === 1 ? '1500' : '4000',
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    'log.segment.delete.delay.ms': '500',
    'log.cleaner.backoff.ms': '500',
    // Quotas look back one or two seconds, not ten.
    'quota.window.num': '2',

    // Several brokers share two cores and little memory with the tests themselves.
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    'log.cleaner.dedupe.buffer.size': '8388608',
    ...tlsProperties(settings),
    ...saslProperties(settings),
    ...properties,
  };
}

function tlsProperties({ certificates, clientCertificate }: ClusterSettings): Record<string, string> {
  if (certificates === undefined) return {};
  const { server, ca } = certificates;
  return {
    [`${CLIENT}.ssl.keystore.type`]: 'PEM',
    [`${CLIENT}.ssl.keystore.key`]: server.key,
    [`${CLIENT}.ssl.keystore.certificate.chain`]: server.cert,
    [`${CLIENT}.ssl.truststore.type`]: 'PEM',
    [`${CLIENT}.ssl.truststore.certificates`]: ca,
    [`${CLIENT}.ssl.client.auth`]: clientCertificate,
  };
}

function saslProperties({ security, mechanisms, users, tokens }: ClusterSettings): Record<string, string> {
  if (!security.startsWith('sasl')) return {};
  const found: Record<string, string> = { [`${CLIENT}.sasl.enabled.mechanisms`]: mechanisms.join(',') };
  for (const mechanism of mechanisms) {
    const name = `${CLIENT}.${mechanism.toLowerCase()}`;
    const login = `${name}.sasl.jaas.config`;
    if (mechanism === 'PLAIN') {
      const known = users.map(({ username, password }) => `user_${username}="${password}"`).join(' ');
      found[login] = `org.apache.kafka.common.security.plain.PlainLoginModule required ${known};`;
    } else if (mechanism === 'OAUTHBEARER') {
      if (tokens === undefined) throw new Error('OAUTHBEARER needs a token endpoint');
      const oauth = 'org.apache.kafka.common.security.oauthbearer';
      found[login] = `${oauth}.OAuthBearerLoginModule required;`;
      found[`${name}.sasl.server.callback.handler.class`] = `${oauth}.OAuthBearerValidatorCallbackHandler`;
      found[`${name}.sasl.oauthbearer.jwks.endpoint.url`] = tokens.jwksUrl;
      found[`${name}.sasl.oauthbearer.expected.audience`] = tokens.audience;
      found[`${name}.sasl.oauthbearer.expected.issuer`] = tokens.issuer;
    } else {
      found[login] = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
    }
  }
  return found;
}

/** As java.util.Properties reads it. */
export function formatProperties(properties: Readonly<Record<string, string>>): string {
  const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
}
