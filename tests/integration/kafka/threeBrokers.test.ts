/** The app's Kafka client on three brokers, one of which is killed: every record is counted by partition and offset. */
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafkaClient, type KafkaClient } from '../../../src/main/kafka/kafkaClient';
import { type ApacheKafka, apacheKafkaOrSkipReason, startApacheKafka } from '../../apacheKafka/apacheKafka.ts';
import { plainly } from './clusters.ts';

const { available } = await apacheKafkaOrSkipReason();

describe.skipIf(!available)('the Kafka client on three brokers', { timeout: 120_000 }, () => {
  let cluster: ApacheKafka;
  let client: KafkaClient;
  /** Holds out until a partition has its new leader, which takes seconds, and writes nothing twice. */
  let producer: Producer;
  beforeAll(async () => {
    cluster = await startApacheKafka({ brokers: 3 });
    client = createKafkaClient({
      ...plainly(cluster.bootstrap),
      groupId: 'geostream-test',
    });
    const kafka = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
    producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 40, maxRetryTime: 1_000 },
    });
    await producer.connect();
  }, 120_000);
  afterAll(async () => {
    await producer?.disconnect();
    await client?.close();
    await cluster?.close();
  });

  it('reads on when a leader is killed and comes back, nothing lost and nothing twice', async () => {
    await client.createTopic({ topic: 't', partitions: 3, retentionMs: null });
    const values: string[] = [];
    const offsets: string[] = [];
    const events: string[] = [];
    const reader = client.read(
      't',
      { start: { kind: 'beginning' }, stop: { kind: 'never' } },
      {
        onStart: () => undefined,
        onFetched: ({ records }) => {
          for (const { partition, offset, value } of records) {
            offsets.push(`${partition}:${offset}`);
            values.push(Buffer.from(value ?? []).toString());
          }
        },
        onReading: () => events.push('reading'),
        onRetrying: (error) => events.push(`retrying ${error.code}`),
        onGap: () => events.push('gap'),
        onDone: () => events.push('done'),
      },
    );
    let sent = 0;
    const send = async () => {
      const messages = Array.from({ length: 60 }, (_, index) => ({ key: String(index), value: String(sent + index) }));
      await producer.send({ topic: 't', acks: -1, messages });
      sent += messages.length;
    };
    const all = () => [...new Set(values.map(Number))].sort((a, b) => a - b);
    const expectAll = () =>
      expect.poll(all, { timeout: 40_000, interval: 100 }).toEqual(Array.from({ length: sent }, (_, index) => index));

    await send();
    await expectAll();
    await cluster.brokers[0]?.kill();
    await send();
    await expectAll();
    await cluster.brokers[0]?.start();
    await send();
    await expectAll();
    reader.close();
    expect(offsets).toHaveLength(new Set(offsets).size);
    expect(values).toHaveLength(sent);
    expect(events).not.toContain('gap');
  });
});
