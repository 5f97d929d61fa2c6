/**
 * The clusters that the Kafka client has to get along with: the built-in broker and Apache Kafka. For
 * `describe.each(clusterKinds)`; where the two answer differently, Apache Kafka is right.
 */
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { apiVersionsRequest, apiVersionsResponse } from '../../../src/broker/wire/messages/apiVersions.ts';
import { apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { makeGuardedFolder, removeGuardedFolder } from '../../apacheKafka/guarded.mjs';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from '../broker/startBrokerProcess.ts';
import { WireClient } from '../broker/wireClient.ts';

export interface Cluster {
  /** `host:port` of its brokers. */
  readonly bootstrap: string[];
  /** Ends its broker as a crash would. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Starts the broker again on the same port and data. */
  restart(): Promise<void>;
  /** Copies the first partition of a topic. The broker is killed. */
  backUp(topic: string): Promise<void>;
  /** Puts the copy in the place of the partition, as after the loss of a disk. The broker is killed. */
  restoreBackUp(topic: string): Promise<void>;
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
      stop: async () => void (await broker.stop()),
      restart: async () => {
        broker = await startBrokerProcess({ dataDir, port, args: ['--strict-port'] });
      },
      // It names folders by topic ids; all together they are small.
      ...backUpOf(dataDir, () => ''),
      close: async () => {
        await broker.kill();
        for (const folder of [dataDir, `${dataDir}-copy`]) await removeDataDir(folder);
      },
    };
  },
};

export const apacheKafka: ClusterKind = {
  name: 'Apache Kafka',
  isMissing: !(await apacheKafkaOrSkipReason()).available,
  async start() {
    const folder = await makeGuardedFolder('geostream-apache-kafka-data-');
    const dataDir = join(folder, 'data');
    const { bootstrap, brokers, close } = await startApacheKafka({ dataDir });
    const [broker] = brokers;
    if (broker === undefined) throw new Error('Apache Kafka has no broker');
    return {
      bootstrap,
      kill: broker.kill,
      stop: broker.stop,
      restart: broker.start,
      ...backUpOf(dataDir, (topic) => join('data-1', `${topic}-0`)),
      close: async () => {
        await close();
        await removeGuardedFolder(folder);
      },
    };
  },
};

/** Of what `folderOf` says, beside the data. Kafka makes indices, which are large, from the log itself. */
function backUpOf(dataDir: string, folderOf: (topic: string) => string) {
  const copy = `${dataDir}-copy`;
  return {
    backUp: (topic: string) =>
      cp(join(dataDir, folderOf(topic)), copy, { recursive: true, filter: (name) => !name.endsWith('index') }),
    restoreBackUp: async (topic: string) => {
      const folder = join(dataDir, folderOf(topic));
      await rm(folder, { recursive: true });
      await rename(copy, folder);
    },
  };
}

export const clusterKinds: readonly ClusterKind[] = [builtIn, apacheKafka];

/** Options of a client that reaches brokers in the clear, and may write. */
export const plainly = (bootstrap: readonly string[]) => ({
  access: { bootstrap, clientId: 'test', tls: null, sasl: null },
  readOnly: false,
  compression: () => 'none' as const,
  onSending: () => undefined,
  log: () => undefined,
});

/** Keys of APIs that not every kind of cluster serves. */
const SOME_APIS = { DeleteRecords: 21, AddPartitionsToTxn: 24, CreatePartitions: 37 } as const;

export async function serves({ bootstrap }: Cluster, api: keyof typeof SOME_APIS): Promise<boolean> {
  const [host = '', port = ''] = (bootstrap[0] ?? '').split(':');
  const client = await WireClient.open({ host, port: Number(port) });
  const { apiKeys } = await client.ask(18, 0, [apiVersionsRequest, apiVersionsResponse], {});
  client.close();
  return apiKeys.some(({ apiKey }) => apiKey === SOME_APIS[api]);
}

/** Ends the test where the cluster cannot do what it is about, and prints so. */
export async function skipUnlessServed(
  context: TestContext,
  kind: ClusterKind,
  cluster: Cluster,
  api: keyof typeof SOME_APIS,
): Promise<void> {
  if (await serves(cluster, api)) return;
  const reason = `${kind.name} does not serve ${api}`;
  console.warn(`skipped: ${context.task.name}: ${reason}`);
  context.skip(reason);
}
