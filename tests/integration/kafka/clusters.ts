/**
 * The clusters that the Kafka client has to get along with: the built-in broker and Apache Kafka. For
 * `describe.each(clusterKinds)`; where the two answer differently, Apache Kafka is right.
 */
import { apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from '../broker/startBrokerProcess.ts';

export interface Cluster {
  /** `host:port` of its brokers. */
  readonly bootstrap: string[];
  /** Ends its broker as a crash would. */
  kill(): Promise<void>;
  /** Starts the broker again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export interface ClusterKind {
  readonly name: string;
  /** It cannot be started here; why has been printed. Never so in CI. */
  readonly isMissing: boolean;
  start(): Promise<Cluster>;
}

export const builtIn: ClusterKind = {
  name: 'the built-in broker',
  isMissing: false,
  async start() {
    let broker: BrokerProcess = await startBrokerProcess();
    const { address, port, dataDir } = broker;
    return {
      bootstrap: [address],
      kill: async () => void (await broker.kill()),
      restart: async () => {
        broker = await startBrokerProcess({ dataDir, port, args: ['--strict-port'] });
      },
      close: async () => {
        await broker.kill();
        await removeDataDir(dataDir);
      },
    };
  },
};

export const apacheKafka: ClusterKind = {
  name: 'Apache Kafka',
  isMissing: !(await apacheKafkaOrSkipReason()).available,
  async start() {
    const { bootstrap, brokers, close } = await startApacheKafka();
    const [broker] = brokers;
    if (broker === undefined) throw new Error('Apache Kafka has no broker');
    return { bootstrap, kill: broker.kill, restart: broker.start, close };
  },
};

export const clusterKinds: readonly ClusterKind[] = [builtIn, apacheKafka];

/** Options of a client that reaches brokers in the clear, and may write. */
export const plainly = (bootstrap: readonly string[]) => ({
  access: { bootstrap, clientId: 'test', tls: null, sasl: null },
  readOnly: false,
  compression: () => 'none' as const,
  onSending: () => undefined,
  log: () => undefined,
});
