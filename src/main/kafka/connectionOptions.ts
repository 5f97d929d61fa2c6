/** A cluster's access in the words of kafkajs, which the public client and the inner one share. */
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Mechanism, SASLOptions } from 'kafkajs';
import type { ClusterAccess, TlsAccess } from './clusterAccess';
import { KafkaError } from './kafkaError';
import { oauthBearer } from './oauthBearer';
import { createTokenProvider } from './oauthToken';

export function tlsOptions({ ca, certificate, key, keyPassphrase, checkHostname }: TlsAccess): ConnectionOptions {
  return {
    ...(ca === null ? {} : { ca }),
    ...(certificate === null || key === null ? {} : { cert: certificate, key }),
    ...(keyPassphrase === null ? {} : { passphrase: keyPassphrase }),
    // The chain is checked all the same.
    ...(checkHostname ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** A factory whose sockets can be cut from outside, a long poll in them or not. */
export function trackedSockets({ tls }: Pick<ClusterAccess, 'tls'>) {
  const sockets = new Set<Socket>();
  return {
    factory: ({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket => {
      const name = isIP(host) === 0 ? { servername: host } : {};
      let socket: Socket;
      try {
        socket = tls
          ? connectTls({ host, port, ...name, ...tlsOptions(tls) }, onConnect)
          : connect({ host, port }, onConnect);
      } catch (error) {
        throw new KafkaError(
          'TLS_SETTINGS',
          `The certificates or the key cannot be used: ${error instanceof Error ? error.message : 'unknown error'}.`,
          'Choose the files again in the profile.',
          false,
        );
      }
      socket.setKeepAlive(true, 60_000);
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    destroy: () => {
      for (const socket of sockets) socket.destroy(new Error('closed by the app'));
    },
  };
}

const MECHANISMS = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const;

/** `ssl` and `sasl` of kafkajs. */
export function securityOptions(access: ClusterAccess): { ssl?: true; sasl?: SASLOptions | Mechanism } {
  const { tls, sasl } = access;
  const ssl = tls ? { ssl: true as const } : {};
  if (!sasl) return ssl;
  if (sasl.mechanism === 'OAUTHBEARER') return { ...ssl, sasl: oauthBearer(createTokenProvider(sasl, tls)) };
  const { username, password } = sasl;
  return { ...ssl, sasl: { mechanism: MECHANISMS[sasl.mechanism], username, password } as SASLOptions };
}
