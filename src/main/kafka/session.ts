/**
 * One set of connections to a cluster, thrown away whole when it breaks: starting anew is simpler to get right
 * than mending, and kafkajs is known to stop silently after a broker's restart (#659, #660).
 */
import { within } from './brokerConnection';
import type { ClusterAccess } from './clusterAccess';
import { securityOptions, trackedSockets } from './connectionOptions';
import { KafkaError } from './kafkaError';
import { createInternalCluster, createInternalLogger, type InternalCluster, type LogSink } from './kafkajsInternals';
import { seedBrokers } from './serverAddress';

export interface SessionOptions {
  readonly access: ClusterAccess;
  readonly log: LogSink;
}

export interface Session {
  readonly cluster: InternalCluster;
  /** Cuts every connection at once; requests under way fail. */
  close(): void;
}

/** kafkajs's isolation levels: 1 is read committed. */
export const READ_COMMITTED = 1;

/** Whoever accepts a connection and then says nothing is no broker that can be used, ms. */
const CONNECT_WITHIN_MS = 5_000;

const NOT_AS_KAFKA = new KafkaError(
  'TIMEOUT',
  'Something accepts connections there, but does not answer as Kafka does.',
  'Check the address and port, and that the broker is not overloaded.',
  true,
);

/**
 * Connects by the first bootstrap server that answers. kafkajs moves on to the next one only when it retries, and a
 * session does not, so each is given its turn here.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { bootstrap } = options.access;
  let failure: unknown;
  for (let first = 0; first < Math.max(bootstrap.length, 1); first++) {
    const inTurn = [...bootstrap.slice(first), ...bootstrap.slice(0, first)];
    try {
      return await openSessionBy({ ...options, access: { ...options.access, bootstrap: inTurn } });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function openSessionBy({ access, log }: SessionOptions): Promise<Session> {
  const sockets = trackedSockets(access);
  let closed = false;
  const cluster = createInternalCluster({
    // Cutting the connections looks like a fault from inside; nobody needs to read of it.
    logger: createInternalLogger((level, message) => {
      if (!closed) log(level, message);
    }),
    brokers: seedBrokers(access.bootstrap),
    clientId: access.clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: READ_COMMITTED,
    // Trying again is decided by whoever holds the session, who also tells the person.
    retry: { retries: 0 },
    socketFactory: sockets.factory,
    ...securityOptions(access),
  });
  const session: Session = {
    cluster,
    close: () => {
      closed = true;
      sockets.destroy();
      cluster.disconnect().catch(() => undefined);
    },
  };
  try {
    await within(CONNECT_WITHIN_MS, cluster.connect(), NOT_AS_KAFKA);
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}
