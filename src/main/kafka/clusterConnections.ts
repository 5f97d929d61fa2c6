/**
 * Connections to the brokers of a cluster, one set for each user of them, and which broker leads which partition. What is
 * known is used until somebody finds it wrong; when no broker answers any more, everything starts anew from the
 * bootstrap servers.
 */
import {
  type BrokerConnection,
  createBroker,
  cutBroker,
  exchange,
  protocolError,
  seedOf,
  within,
} from './brokerConnection';
import { KafkaError, protocolErrorType, toKafkaError } from './kafkaError';
import { askMetadata, type ClusterMetadata, type PartitionMetadata } from './metadata';
import { openSession, type Session, type SessionOptions } from './session';

export interface TopicLayout {
  /** null from clusters that have no topic ids. */
  readonly topicId: string | null;
  /** By their number. */
  readonly partitions: readonly PartitionMetadata[];
}

/** Every method throws KafkaError, or what kafkajs throws. */
export interface ClusterConnections {
  /** Asks anew. `topics`: null for all there are; one that does not exist is there with its error code. */
  metadata(topics: readonly string[] | null): Promise<ClusterMetadata>;
  /** Asks anew. Throws UNKNOWN_TOPIC_OR_PARTITION. */
  layout(topic: string): Promise<TopicLayout>;
  /** All partitions of a topic, from memory where they are known. */
  partitionsOf(topic: string): Promise<readonly PartitionMetadata[]>;
  /** What is known of a topic is wrong. */
  forget(topic: string): void;
  /** A connection to the broker. Throws when there is none; nothing has been sent then. */
  connection(nodeId: number): Promise<BrokerConnection>;
  /** Asks one broker. A connection that breaks by it is dropped. */
  askBroker<T>(nodeId: number, call: (broker: BrokerConnection) => Promise<T>): Promise<T>;
  /** Asks the coordinator of a consumer group, in the same way. */
  askCoordinator<T>(groupId: string, call: (coordinator: BrokerConnection) => Promise<T>): Promise<T>;
  /** The connection has failed. */
  drop(broker: BrokerConnection): void;
  /** Asks one broker after the other until one answers. */
  ask<T>(call: (broker: BrokerConnection) => Promise<T>): Promise<T>;
  close(): void;
}

export interface ClusterConnectionsOptions extends SessionOptions {
  /** Whether asking about a topic may create it, on clusters that do so. */
  readonly createsTopics: boolean;
}

const ASK_WITHIN_MS = 5_000;
/** Partitions may have been added since, ms. */
const KNOWN_FOR_MS = 300_000;
/** A topic that is created at its first use may be unknown for this long, ms. */
const UNKNOWN_FOR_MS = 5_000;
const UNKNOWN_TOPIC = 3;

export function createClusterConnections(options: ClusterConnectionsOptions): ClusterConnections {
  let session: Promise<Session> | undefined;
  let addresses: ClusterMetadata['brokers'] = [];
  const brokers = new Map<number, Promise<BrokerConnection>>();
  const topics = new Map<string, { readonly partitions: readonly PartitionMetadata[]; readonly at: number }>();
  const asking = new Map<string, Promise<readonly PartitionMetadata[]>>();
  const unknownSince = new Map<string, number>();
  let closed = false;

  function refuseWhenClosed(): void {
    if (closed) throw new KafkaError('CLOSED', 'The connection to the cluster has been closed.', 'Try again.', true);
  }

  function open(): Promise<Session> {
    refuseWhenClosed();
    if (!session) {
      const opened = openSession(options);
      session = opened;
      opened.then(
        (made) => {
          if (closed) made.close();
        },
        () => {
          if (session === opened) session = undefined;
        },
      );
    }
    return session;
  }

  function startAnew(broken: Promise<Session>): void {
    if (session !== broken) return;
    session = undefined;
    brokers.clear();
    topics.clear();
    broken.then(
      (made) => made.close(),
      () => undefined,
    );
  }

  async function connect(nodeId: number): Promise<BrokerConnection> {
    const { cluster } = await open();
    const address = addresses.find((broker) => broker.nodeId === nodeId);
    if (!address) throw new KafkaError('LEADER_AWAY', `Broker ${nodeId} is away.`, 'Wait until it is back.', true);
    const broker = await createBroker(cluster, address);
    try {
      await within(ASK_WITHIN_MS, broker.connect());
    } catch (error) {
      cutBroker(broker);
      throw error;
    }
    return broker;
  }

  async function connection(nodeId: number): Promise<BrokerConnection> {
    const made = brokers.get(nodeId) ?? connect(nodeId);
    brokers.set(nodeId, made);
    let broker: BrokerConnection | undefined;
    try {
      broker = await made;
      // Closed meanwhile, or the time of its authentication is over: kafkajs mends both.
      if (!broker.isConnected()) await within(ASK_WITHIN_MS, broker.connect());
      return broker;
    } catch (error) {
      if (brokers.get(nodeId) === made) brokers.delete(nodeId);
      if (broker) cutBroker(broker);
      throw error;
    }
  }

  /** Asks connected brokers first, then the others; when none answers, the session is thrown away. */
  async function askAny<T>(ask: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    const mine = open();
    const seed = seedOf((await mine).cluster);
    let failure: unknown;
    const known = addresses.map(
      ({ nodeId }) =>
        () =>
          connection(nodeId),
    );
    const sources = seed.isConnected() ? [async () => seed, ...known] : known;
    for (const source of sources) {
      let broker: BrokerConnection | undefined;
      try {
        broker = await source();
        return await ask(broker);
      } catch (error) {
        if (error instanceof Error && error.name === 'KafkaJSServerDoesNotSupportApiKey') throw error;
        failure = error;
        if (broker) cutBroker(broker);
      }
    }
    startAnew(mine);
    throw failure ?? new KafkaError('CONNECTION', 'No broker answers.', 'Wait until one is back.', true);
  }

  async function metadata(wanted: readonly string[] | null): Promise<ClusterMetadata> {
    const found = await askAny((broker) => askMetadata(broker, wanted, options.createsTopics, ASK_WITHIN_MS));
    for (const { nodeId, host, port } of addresses) {
      if (found.brokers.some((now) => now.nodeId === nodeId && now.host === host && now.port === port)) continue;
      void brokers.get(nodeId)?.then(cutBroker, () => undefined);
      brokers.delete(nodeId);
    }
    addresses = found.brokers;
    return found;
  }

  async function layout(topic: string): Promise<TopicLayout> {
    const about = (await metadata([topic])).topicMetadata.find((candidate) => candidate.topic === topic);
    const code = about?.topicErrorCode ?? UNKNOWN_TOPIC;
    if (code !== 0) throw toKafkaError(protocolError(code));
    const partitions = [...(about?.partitionMetadata ?? [])].sort((a, b) => a.partitionId - b.partitionId);
    if (partitions.length === 0) throw toKafkaError(protocolError(UNKNOWN_TOPIC));
    return { topicId: about?.topicId ?? null, partitions };
  }

  async function learn(topic: string): Promise<readonly PartitionMetadata[]> {
    try {
      const { partitions } = await layout(topic);
      unknownSince.delete(topic);
      topics.set(topic, { partitions, at: performance.now() });
      return partitions;
    } catch (thrown) {
      const error = toKafkaError(thrown);
      if (error.code !== 'UNKNOWN_TOPIC_OR_PARTITION') throw thrown;
      const since = unknownSince.get(topic) ?? performance.now();
      unknownSince.set(topic, since);
      if (performance.now() - since < UNKNOWN_FOR_MS) throw error;
      unknownSince.delete(topic);
      throw new KafkaError(error.code, error.message, 'Create the topic, then send again.', false);
    }
  }

  function drop(broker: BrokerConnection): void {
    for (const [nodeId, made] of brokers) {
      void made.then(
        (candidate) => {
          if (candidate === broker && brokers.get(nodeId) === made) brokers.delete(nodeId);
        },
        () => undefined,
      );
    }
    cutBroker(broker);
  }

  async function askBroker<T>(nodeId: number, call: (broker: BrokerConnection) => Promise<T>): Promise<T> {
    const broker = await connection(nodeId);
    try {
      return await call(broker);
    } catch (error) {
      // An answer, even a refusal, shows that the connection is sound.
      if (protocolErrorType(error) === undefined) drop(broker);
      throw error;
    }
  }

  async function askCoordinator<T>(groupId: string, call: (coordinator: BrokerConnection) => Promise<T>): Promise<T> {
    const found = (await askAny((broker) => exchange(broker, 'GroupCoordinator', { groupId }, ASK_WITHIN_MS))) as {
      errorCode: number;
      coordinator: { nodeId: number; host: string; port: number };
    };
    if (found.errorCode !== 0) throw protocolError(found.errorCode);
    const { nodeId, host, port } = found.coordinator;
    if (!addresses.some((known) => known.nodeId === nodeId)) {
      addresses = [...addresses, { nodeId, host, port, rack: null }];
    }
    return askBroker(nodeId, call);
  }

  return {
    metadata,
    layout,
    partitionsOf: async (topic) => {
      const known = topics.get(topic);
      if (known && performance.now() - known.at < KNOWN_FOR_MS) return known.partitions;
      const asked =
        asking.get(topic) ??
        learn(topic).finally(() => {
          asking.delete(topic);
        });
      asking.set(topic, asked);
      return asked;
    },
    forget: (topic) => topics.delete(topic),
    connection,
    askBroker,
    askCoordinator,
    drop,
    ask: askAny,
    close: () => {
      closed = true;
      void session?.then(
        (made) => made.close(),
        () => undefined,
      );
    },
  };
}
