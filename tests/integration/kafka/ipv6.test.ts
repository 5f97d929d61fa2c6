/** Bootstrap servers, and brokers, at an IPv6 address. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaClient } from '../../../src/main/kafka/kafkaClient';
import { testConnection } from '../../../src/main/kafka/testConnection';
import { type ApacheKafka, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { apacheKafka, type Cluster, clusterKinds, plainly } from './clusters.ts';
import { startReading } from './readingClient.ts';

// Containers and virtual machines may rightly be without it, CI's among them.
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
if (!hasIpv6) console.warn('skipped: this machine has no IPv6 loopback address (::1)');

interface Forwarder {
  readonly port: number;
  close(): Promise<void>;
}

/** Hands connections to ::1 on to a broker. */
async function forwardTo(broker: string): Promise<Forwarder> {
  const [host = '', port = ''] = broker.split(':');
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  server.listen(0, '::1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes and reads by every way that the client has to the cluster. */
async function useWholly(bootstrap: readonly string[]): Promise<void> {
  const client = createKafkaClient({ ...plainly(bootstrap), groupId: 'ipv6' });
  try {
    await client.createTopic({ topic: 'six', partitions: 1, retentionMs: null });
    expect(await client.send('six', [{ key: 'k', value: 'v' }])).toEqual([{ partition: 0, offset: '0' }]);
    expect(await client.listTopics()).toContainEqual({ name: 'six', partitions: 1 });
    expect(await client.readRecord('six', 0, '0')).toMatchObject({ value: Buffer.from('v') });
    const reading = startReading(client, 'six', { stop: { kind: 'end' } });
    await reading.until(() => reading.told.includes('done'));
    expect(reading.values).toEqual(['v']);
    expect(reading.told.filter((words) => words !== 'reading')).toEqual(['done']);
    await client.commit('six', new Map([[0, 1]]));
  } finally {
    await client.close();
  }
}

/** Of the steps of a test in the clear. */
const PLAIN = ['passed', 'passed', 'not-needed', 'not-needed', 'passed', 'passed'];

const outcomes = async (bootstrap: readonly string[]) => {
  const { access } = plainly(bootstrap);
  const test = await testConnection(access, { onStep: () => undefined, signal: new AbortController().signal });
  return { server: test.server, outcomes: test.steps.map(({ outcome }) => outcome), remarks: test.remarks };
};

describe.skipIf(!hasIpv6)('a bootstrap server at an IPv6 address', () => {
  describe.each(clusterKinds)('of $name', { timeout: 300_000 }, (kind) => {
    if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
    let cluster: Cluster;
    let forwarder: Forwarder;
    beforeAll(async () => {
      cluster = await kind.start();
      forwarder = await forwardTo(cluster.bootstrap[0] ?? '');
    }, 90_000);
    afterAll(async () => {
      await forwarder?.close();
      await cluster?.close();
    });

    it('is found, alone and behind one that is away', async () => {
      const server = `[::1]:${forwarder.port}`;
      await useWholly(['[::1]:1', server]);
      expect(await outcomes([server])).toEqual({
        server,
        outcomes: PLAIN,
        remarks: [],
      });
    });

    it('is named as people write it when nothing is there', async () => {
      const client = createKafkaClient({ ...plainly(['[::1]:1']), groupId: 'ipv6' });
      await expect(client.listTopics()).rejects.toMatchObject({
        message: 'Nothing listens at that address ([::1]:1).',
      });
      await client.close();
    });
  });
});

describe.skipIf(!hasIpv6 || apacheKafka.isMissing)('brokers that are at an IPv6 address themselves', () => {
  let cluster: ApacheKafka;
  beforeAll(async () => {
    cluster = await startApacheKafka({ host: '::1' });
  }, 90_000);
  afterAll(() => cluster?.close());

  it('are found by what they advertise', { timeout: 300_000 }, async () => {
    await useWholly(cluster.bootstrap);
    expect(await outcomes(cluster.bootstrap)).toMatchObject({ remarks: [], outcomes: PLAIN });
  });
});
