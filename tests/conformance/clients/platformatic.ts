/** `@platformatic/kafka`: JavaScript that shares no code with kafkajs, and speaks the flexible versions only. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import {
  Consumer,
  MessagesStreamModes,
  type MessageToProduce,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
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

const PACKAGE = join(import.meta.dirname, '../../../node_modules/@platformatic/kafka/package.json');
const ZSTD = 'from Node 22.15';

/** A null is given as nothing at all: its serializers take strings. */
const asMessage = (
  topic: string,
  { key, value, header }: SentRecord,
): MessageToProduce<string, string, string, string> => ({
  topic,
  partition: 0,
  ...(key !== null && { key }),
  ...(value !== null && { value }),
  ...(header !== null && { headers: { h: header } }),
});

export const platformaticClient: Client = {
  name: '@platformatic/kafka',
  kind: 'JavaScript',
  missing: async () => undefined,
  async run({ bootstrap, prefix, given }: Scene) {
    const common = { clientId: 'platformatic', bootstrapBrokers: [bootstrap] };
    const producerOf = (options: { idempotent?: boolean; transactionalId?: string } = {}) =>
      new Producer({ ...common, serializers: stringSerializers, autocreateTopics: true, ...options });
    const consumerOf = (groupId: string) => new Consumer({ ...common, groupId, deserializers: stringDeserializers });
    let groups = 0;

    async function read(
      topic: string,
      count: number,
      from: { offset: bigint } | { time: bigint } | { group: string },
    ): Promise<FoundRecord[]> {
      const group = 'group' in from ? from.group : `${prefix}-unused-${++groups}`;
      const consumer = consumerOf(group);
      const records: FoundRecord[] = [];
      try {
        let offset = 'offset' in from ? from.offset : 0n;
        if ('time' in from) {
          const offsets = await consumer.listOffsetsWithTimestamps({ topics: [topic], timestamp: from.time });
          offset = offsets.get(topic)?.get(0)?.offset ?? -1n;
        }
        const stream = await consumer.consume({
          topics: [topic],
          ...('group' in from
            ? { mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest' as const }
            : { mode: MessagesStreamModes.MANUAL, offsets: [{ topic, partition: 0, offset }] }),
          autocommit: false,
          isolationLevel: 1,
          maxWaitTime: 200,
        });
        for await (const message of stream) {
          records.push({
            offset: Number(message.offset),
            key: message.key ?? null,
            value: message.value ?? null,
            header: message.headers.get('h') ?? null,
          });
          if (records.length < count) continue;
          if ('group' in from) await message.commit();
          break;
        }
      } finally {
        await consumer.close(true);
      }
      return records;
    }

    const writeAndRead = (check: Check, records: readonly SentRecord[], codec: Codec = 'none', idempotent = false) =>
      attempt(check, async () => {
        const topic = `${prefix}-${check}`;
        const producer = producerOf({ idempotent });
        await producer.send({ messages: records.map((record) => asMessage(topic, record)), compression: codec });
        await producer.close();
        return { topic, sent: [...records], found: await read(topic, records.length, { offset: 0n }) };
      });

    const lines: Line[] = [];
    for (const codec of CODECS.filter((name) => name !== 'zstd'))
      lines.push(await writeAndRead(codec, someRecords(codec), codec));
    if ('zstdCompressSync' in zlib) {
      lines.push({ ...(await writeAndRead('zstd', someRecords('zstd'), 'zstd')), lacks: ZSTD });
    } else lines.push({ check: 'zstd', lacks: ZSTD });
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
        found: await read(given.topic, given.count - given.offset, { offset: BigInt(given.offset) }),
      })),
    );
    lines.push(
      await attempt('time', async () => ({
        found: await read(given.topic, given.afterTime, { time: BigInt(given.time) }),
      })),
    );
    lines.push(await writeAndRead('idempotence', someRecords('idempotence'), 'none', true));
    lines.push(
      await attempt('transactions', async () => {
        const topic = `${prefix}-transactions`;
        const [kept, dropped] = [someRecords('kept', 10), someRecords('dropped', 7)];
        const producer = producerOf({ idempotent: true, transactionalId: `${prefix}-transactional` });
        const send = async (records: readonly SentRecord[], end: 'commit' | 'abort') => {
          const transaction = await producer.beginTransaction();
          await transaction.send({ messages: records.map((record) => asMessage(topic, record)) });
          await transaction[end]();
        };
        await send(kept, 'commit');
        await send(dropped, 'abort');
        await send(kept, 'commit');
        await producer.close();
        const found = await read(topic, 2 * kept.length, { offset: 0n });
        return { topic, sent: [...kept, ...kept], aborted: dropped.length, found };
      }),
    );
    const { version } = JSON.parse(await readFile(PACKAGE, 'utf8'));
    return { version: String(version), lines };
  },
};
