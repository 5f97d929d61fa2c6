/**
 * What a test of reading begins with: a topic of its own, the ledger of what is written to it, and a client that reaches
 * the cluster through proxies where the network is to fail. All of it ends with the test.
 */
import type { ITopicConfig } from 'kafkajs';
import type { TestContext } from 'vitest';
import { createKafkaClient, type KafkaClient, type ReadRange } from '../../../src/main/kafka/kafkaClient';
import { type FaultProxy, startFaultProxies } from '../faultProxy.ts';
import { plainly } from './clusters.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { createTopic } from './producingClient.ts';
import { type Reading, startReading } from './readingClient.ts';

export interface Scene {
  readonly topic: string;
  readonly groupId: string;
  readonly client: KafkaClient;
  /** It writes past the proxies. */
  readonly ledger: Ledger;
  /** Of the topic once it has been made anew. */
  newLedger(): Ledger;
  /** One a broker, in their order; none unless asked for. */
  readonly proxies: readonly FaultProxy[];
  /** The only one. */
  readonly proxy: FaultProxy;
  read(range?: Partial<ReadRange>): Reading;
}

export interface SceneOptions {
  readonly partitions?: number;
  /** The topic is made as these say. */
  readonly config?: Partial<ITopicConfig>;
  readonly behindProxies?: boolean;
  readonly clientId?: string;
}

let number = 0;

export async function openScene(
  { onTestFinished }: TestContext,
  { bootstrap }: { readonly bootstrap: readonly string[] },
  { partitions = 2, config = {}, behindProxies = false, clientId = 'test' }: SceneOptions = {},
): Promise<Scene> {
  number += 1;
  const topic = `scene-${number}`;
  const groupId = `geostream-${number}`;
  const proxies = behindProxies ? await startFaultProxies(bootstrap) : [];
  const options = plainly(behindProxies ? proxies.map(({ address }) => address) : bootstrap);
  const client = createKafkaClient({ ...options, access: { ...options.access, clientId }, groupId });
  const ledgers: Ledger[] = [];
  const readings: Reading[] = [];
  const newLedger = () => {
    const ledger = openLedger(bootstrap, topic, partitions);
    ledgers.push(ledger);
    return ledger;
  };
  onTestFinished(async () => {
    for (const reading of readings) reading.close();
    await client.close();
    for (const ledger of ledgers) ledger.close();
    for (const proxy of proxies) await proxy.close();
  });
  await createTopic(bootstrap, topic, partitions, config);
  return {
    topic,
    groupId,
    client,
    ledger: newLedger(),
    newLedger,
    proxies,
    get proxy() {
      const [only] = proxies;
      if (only === undefined || proxies.length > 1) throw new Error('there is not one proxy');
      return only;
    },
    read: (range) => {
      const reading = startReading(client, topic, range);
      readings.push(reading);
      return reading;
    },
  };
}
