/**
 * Holds what a client says against what kafkajs reads of the same topics, and against the batches themselves: a client
 * that quietly leaves compression out, or is not idempotent, sends records that look right.
 */
import { fetchRequest, fetchResponse } from '../../src/broker/wire/messages/fetch.ts';
import { readBatchHeader, readBatchSize } from '../../src/broker/wire/recordBatch.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { asMessage, connectKafkajs, take } from './clients/kafkajs.ts';
import { CODECS, type Codec, type FoundRecord, type Outcome, type Scene, type SentRecord } from './scene.ts';

export interface Batch {
  readonly codec: Codec | undefined;
  readonly recordCount: number;
  readonly isIdempotent: boolean;
  readonly isTransactional: boolean;
}

export interface Evidence {
  /** What kafkajs reads of each topic, committed records only. */
  readonly read: ReadonlyMap<string, readonly FoundRecord[]>;
  /** All batches of records, in order, also those that were aborted. */
  readonly batches: ReadonlyMap<string, readonly Batch[]>;
  /** By "group topic". */
  readonly committed: ReadonlyMap<string, number>;
}

const GIVEN_BATCH = 15;
const END: SentRecord = { key: 'end', value: 'end of topic', header: 'end' };

/** Fills the topic that all clients read: four batches, a second between records, the third batch not compressed. */
export async function prepareScene(bootstrap: string): Promise<Omit<Scene, 'prefix'>> {
  const { CompressionTypes } = await import('kafkajs');
  const topic = 'given';
  const start = 1_700_000_000_000;
  const kafka = connectKafkajs(bootstrap);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, configEntries: [{ name: 'retention.ms', value: '-1' }] }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const codecs = [CompressionTypes.GZIP, CompressionTypes.GZIP, CompressionTypes.None, CompressionTypes.LZ4];
  for (const [index, compression] of codecs.entries()) {
    const messages = Array.from({ length: GIVEN_BATCH }, (_, place) => {
      const number = index * GIVEN_BATCH + place;
      const record = { key: `key ${number}`, value: `given ${number} ø`, header: `h ${number}` };
      return { ...asMessage(record), timestamp: String(start + number * 1_000) };
    });
    await producer.send({ topic, messages, compression });
  }
  await producer.disconnect();
  const count = codecs.length * GIVEN_BATCH;
  // The broker does not decompress: of a time within a compressed batch it gives that batch's first record.
  return { bootstrap, given: { topic, count, offset: 40, time: start + 30_500, afterTime: count - 31, firstRead: 25 } };
}

/** Reads everything that the lines name, by one consumer. */
export async function gather({ bootstrap, prefix, given }: Scene, { lines }: Outcome): Promise<Evidence> {
  const kafka = connectKafkajs(bootstrap);
  const topics = [...new Set(lines.flatMap(({ topic, error }) => (topic === undefined || error ? [] : [topic])))];
  const batches = new Map<string, readonly Batch[]>();
  for (const topic of topics) batches.set(topic, await batchesOf(bootstrap, topic));
  const producer = kafka.producer();
  await producer.connect();
  await producer.sendBatch({
    topicMessages: topics.map((topic) => ({ topic, messages: [{ ...asMessage(END), partition: 0 }] })),
  });
  await producer.disconnect();

  const read = new Map<string, FoundRecord[]>([...topics, given.topic].map((topic) => [topic, []]));
  const consumer = kafka.consumer({ groupId: `${prefix}-judge`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...read.keys()], fromBeginning: true });
  let unfinished = read.size;
  await take(consumer, (topic, record) => {
    const records = read.get(topic);
    if (record.value !== END.value) records?.push(record);
    if (record.value === END.value || (topic === given.topic && records?.length === given.count)) unfinished -= 1;
    return unfinished === 0;
  });

  const committed = new Map<string, number>();
  const admin = kafka.admin();
  await admin.connect();
  for (const { committed: wanted } of lines) {
    if (wanted === undefined) continue;
    const { group, topic } = wanted;
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    committed.set(`${group} ${topic}`, Number(offsets?.partitions[0]?.offset));
  }
  await admin.disconnect();
  return { read, batches, committed };
}

async function batchesOf(bootstrap: string, topic: string): Promise<Batch[]> {
  const [host = '', port = ''] = bootstrap.split(':');
  const client = await WireClient.open({ host, port: Number(port) });
  const maxBytes = 1 << 20;
  const { responses } = await client.ask(1, 4, [fetchRequest, fetchResponse], {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: maxBytes }] }],
  });
  client.close();
  const bytes = responses[0]?.partitions[0]?.records ?? Buffer.alloc(0);
  const batches: Batch[] = [];
  for (let at = 0; at < bytes.length; at += readBatchSize(bytes, at)) {
    const { control, recordCount, producerId, transactional } = readBatchHeader(bytes, at);
    if (control) continue;
    batches.push({
      codec: CODECS[bytes.readInt16BE(at + 21) & 0x07],
      recordCount,
      isIdempotent: producerId >= 0,
      isTransactional: transactional,
    });
  }
  return batches;
}
