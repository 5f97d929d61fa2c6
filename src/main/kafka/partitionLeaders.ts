/**
 * Which broker leads which partition, and a connection to it. What is known is used until somebody finds it wrong; when
 * no broker answers any more, everything starts anew from the bootstrap servers.
 */
import { KafkaError, toKafkaError } from './kafkaError';
import {
  askMetadata,
  type ClusterMetadata,
  createBroker,
  cutBroker,
  type ProduceBroker,
  protocolError,
  seedOf,
  within,
} from './produceProtocol';
import { openSession, type Session, type SessionOptions } from './session';

export interface PartitionLeader {
  readonly partitionId: number;
  /** Id of its leader; negative: it has none at the moment. */
  readonly leader: number;
}

export interface PartitionLeaders {
  /** All partitions of a topic. */
  of(topic: string): Promise<readonly PartitionLeader[]>;
  /** What is known of a topic is wrong. */
  forget(topic: string): void;
  /** A connection to the broker. Throws when there is none; nothing has been sent then. */
  connection(nodeId: number): Promise<ProduceBroker>;
  /** The connection has failed. */
  drop(broker: ProduceBroker): void;
  /** Asks one broker after the other until one answers. */
  ask<T>(call: (broker: ProduceBroker) => Promise<T>): Promise<T>;
  close(): void;
}

const ASK_WITHIN_MS = 5_000;
/** Partitions may have been added since, ms. */
const KNOWN_FOR_MS = 300_000;
/** A topic that is created at its first use may be unknown for this long, ms. */
const UNKNOWN_FOR_MS = 5_000;
const UNKNOWN_TOPIC = 3;

export function createPartitionLeaders(options: SessionOptions): PartitionLeaders {
  let session: Promise<Session> | undefined;
  let addresses: ClusterMetadata['brokers'] = [];
  const brokers = new Map<number, Promise<ProduceBroker>>();
  const topics = new Map<string, { readonly partitions: readonly PartitionLeader[]; readonly at: number }>();
  const asking = new Map<string, Promise<readonly PartitionLeader[]>>();
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

  async function connect(nodeId: number): Promise<ProduceBroker> {
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

  async function connection(nodeId: number): Promise<ProduceBroker> {
    const made = brokers.get(nodeId) ?? connect(nodeId);
    brokers.set(nodeId, made);
    let broker: ProduceBroker | undefined;
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
  async function askAny<T>(ask: (broker: ProduceBroker) => Promise<T>): Promise<T> {
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
      let broker: ProduceBroker | undefined;
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

  async function learn(topic: string): Promise<readonly PartitionLeader[]> {
    const { brokers: found, topicMetadata } = await askAny((broker) => askMetadata(broker, topic, ASK_WITHIN_MS));
    for (const { nodeId, host, port } of addresses) {
      if (found.some((now) => now.nodeId === nodeId && now.host === host && now.port === port)) continue;
      void brokers.get(nodeId)?.then(cutBroker, () => undefined);
      brokers.delete(nodeId);
    }
    addresses = found;
    const about = topicMetadata.find((candidate) => candidate.topic === topic);
    const code = about?.topicErrorCode ?? UNKNOWN_TOPIC;
    if (code === UNKNOWN_TOPIC) {
      const since = unknownSince.get(topic) ?? performance.now();
      unknownSince.set(topic, since);
      const error = toKafkaError(protocolError(code));
      if (performance.now() - since < UNKNOWN_FOR_MS) throw error;
      unknownSince.delete(topic);
      throw new KafkaError(error.code, error.message, 'Create the topic, then send again.', false);
    }
    unknownSince.delete(topic);
    if (code !== 0) throw toKafkaError(protocolError(code));
    const partitions = [...(about?.partitionMetadata ?? [])].sort((a, b) => a.partitionId - b.partitionId);
    if (partitions.length === 0) throw toKafkaError(protocolError(UNKNOWN_TOPIC));
    topics.set(topic, { partitions, at: performance.now() });
    return partitions;
  }

  return {
    of: async (topic) => {
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
    drop: (broker) => {
      for (const [nodeId, made] of brokers) {
        void made.then(
          (candidate) => {
            if (candidate === broker && brokers.get(nodeId) === made) brokers.delete(nodeId);
          },
          () => undefined,
        );
      }
      cutBroker(broker);
    },
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
