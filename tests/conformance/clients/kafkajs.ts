/** kafkajs, as the app uses it: with the codecs of src/main/kafka, since it brings gzip alone. */
import { createRequire } from 'node:module';
import kafkajs, { CompressionTypes, type Consumer, type IHeaders, Kafka, logLevel } from 'kafkajs';
import { registerCodecs } from '../../../src/main/kafka/codecs.ts';
import {
  attempt,
  type Check,
  type Client,
  CODECS,
  type Codec,
  type FoundRecord,
  type Line,
  ODD_RECORDS,
  type Scene,
  type SentRecord,
  someRecords,
} from '../scene.ts';

registerCodecs(kafkajs);

const TYPES: Readonly<Record<Codec, CompressionTypes>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

export const connectKafkajs = (bootstrap: string) =>
  new Kafka({ clientId: 'kafkajs', brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });

export const asMessage = ({ key, value, header }: SentRecord) => ({
  key,
  value,
  headers: header === null ? {} : { h: header },
});

const textOf = (bytes: Buffer | null | undefined) => bytes?.toString() ?? null;

function headerOf(headers: IHeaders | undefined): string | null {
  const header = headers?.h;
  return header === undefined ? null : String(header);
}

/** Takes records of partition 0 until `isEnough`, then leaves the group with what was taken committed. */
export async function take(
  consumer: Consumer,
  isEnough: (topic: string, record: FoundRecord) => boolean,
  seek?: { readonly topic: string; readonly offset: string },
): Promise<void> {
  const crashed = new Promise<never>((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  });
  const enough = new Promise<void>((resolve, reject) => {
    let isDone = false;
    consumer
      .run({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
          for (const { offset, key, value, headers } of batch.messages) {
            if (isDone) break;
            const found = {
              offset: Number(offset),
              key: textOf(key),
              value: textOf(value),
              header: headerOf(headers),
            };
            isDone = isEnough(batch.topic, found);
            resolveOffset(offset);
          }
          await commitOffsetsIfNecessary();
          if (isDone) resolve();
        },
      })
      .catch(reject);
    if (seek) consumer.seek({ ...seek, partition: 0 });
  });
  await Promise.race([enough, crashed]);
  await consumer.stop();
  await consumer.disconnect();
}

export const kafkajsClient: Client = {
  name: 'kafkajs',
  kind: "JavaScript; the app's own client, with the app's codecs",
  missing: async () => undefined,
  async run({ bootstrap, prefix, given }: Scene) {
    const kafka = connectKafkajs(bootstrap);
    let groups = 0;
    const read = async (
      topic: string,
      count: number,
      { offset, group = `${prefix}-unused-${++groups}` }: { offset?: number; group?: string } = {},
    ) => {
      const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 200 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const records: FoundRecord[] = [];
      const seek = offset === undefined ? undefined : { topic, offset: String(offset) };
      await take(consumer, (_, record) => records.push(record) === count, seek);
      return records;
    };
    const writeAndRead = (check: Check, records: readonly SentRecord[], codec: Codec = 'none', idempotent = false) =>
      attempt(check, async () => {
        const topic = `${prefix}-${check}`;
        const producer = kafka.producer({ idempotent, ...(idempotent && { maxInFlightRequests: 1 }) });
        await producer.connect();
        await producer.send({ topic, messages: records.map(asMessage), compression: TYPES[codec] });
        await producer.disconnect();
        return { topic, sent: [...records], found: await read(topic, records.length) };
      });

    const lines: Line[] = [];
    for (const codec of CODECS.filter((name) => name !== 'zstd'))
      lines.push(await writeAndRead(codec, someRecords(codec), codec));
    // In plain JavaScript there is a decoder only; Node's encoder is there from 22.15 on.
    lines.push({ check: 'zstd', lacks: 'reads only' });
    lines.push(await writeAndRead('records', ODD_RECORDS));
    lines.push(
      await attempt('group', async () => {
        const group = `${prefix}-group`;
        const first = await read(given.topic, given.firstRead, { group });
        const rest = await read(given.topic, given.count - given.firstRead, { group });
        return { found: [...first, ...rest], committed: { group, topic: given.topic, offset: given.count } };
      }),
    );
    lines.push(
      await attempt('offset', async () => ({
        found: await read(given.topic, given.count - given.offset, { offset: given.offset }),
      })),
    );
    lines.push(
      await attempt('time', async () => {
        const admin = kafka.admin();
        await admin.connect();
        const [start] = await admin.fetchTopicOffsetsByTimestamp(given.topic, given.time);
        await admin.disconnect();
        return { found: await read(given.topic, given.afterTime, { offset: Number(start?.offset) }) };
      }),
    );
    lines.push(await writeAndRead('idempotence', someRecords('idempotence'), 'none', true));
    lines.push(
      await attempt('transactions', async () => {
        const topic = `${prefix}-transactions`;
        const consumerGroupId = `${topic}-group`;
        const [kept, dropped] = [someRecords('kept', 10), someRecords('dropped', 7)];
        const producer = kafka.producer({
          transactionalId: `${prefix}-transactional`,
          idempotent: true,
          maxInFlightRequests: 1,
        });
        await producer.connect();
        const first = await producer.transaction();
        await first.send({ topic, messages: kept.map(asMessage) });
        const topics = [{ topic: given.topic, partitions: [{ partition: 0, offset: '7' }] }];
        await first.sendOffsets({ consumerGroupId, topics });
        await first.commit();
        const second = await producer.transaction();
        await second.send({ topic, messages: dropped.map(asMessage) });
        await second.abort();
        const third = await producer.transaction();
        await third.send({ topic, messages: kept.map(asMessage) });
        await third.commit();
        await producer.disconnect();
        return {
          topic,
          sent: [...kept, ...kept],
          aborted: dropped.length,
          found: await read(topic, 2 * kept.length),
          committed: { group: consumerGroupId, topic: given.topic, offset: 7 },
        };
      }),
    );
    const { version } = createRequire(import.meta.url)('kafkajs/package.json');
    return { version: String(version), lines };
  },
};
