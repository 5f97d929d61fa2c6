/**
 * Everything at once for a long time: producers with each codec, groups whose members come and go, topics that are made
 * and deleted, transactions, compaction, questions by time. Counts are exact: every record that was acknowledged is read by
 * its group once and in order; every answer by time is the offset that the producers' own books give. The broker's memory
 * is looked at too, while old segments go as fast as new ones come.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { CompressionTypes, type Consumer, Kafka, logLevel } from 'kafkajs';
import { registerCodecs } from '../../src/main/kafka/codecs.ts';
import { removeDataDir, startBrokerProcess } from '../integration/broker/startBrokerProcess.ts';
import { superseding } from './compactedTopic.ts';
import { type Counts, type Ledger, type Load, RETENTION_BYTES, SEGMENT_BYTES, sum } from './load.ts';
import { judgeMemory, type Sample, takeSample } from './memory.ts';
import { comeAndGo } from './passingTopics.ts';
import { randomFrom } from './random.ts';
import { letOldSegmentsGo } from './retention.ts';
import { TRANSACTIONS_TOPIC, transact } from './transactions.ts';

registerCodecs(kafkajs);

export interface LoadOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Topic by codec; all of two partitions. zstd is left out: not every Node has an encoder. */
const TOPICS = [
  { topic: 'load-none', compression: CompressionTypes.None },
  { topic: 'load-gzip', compression: CompressionTypes.GZIP },
  { topic: 'load-snappy', compression: CompressionTypes.Snappy },
  { topic: 'load-lz4', compression: CompressionTypes.LZ4 },
] as const;
const PARTITIONS = 2;
const LARGEST_BATCH = 200;
const LONGEST_PAUSE_MS = 100;
/** Records by which a group may be behind: on a busy machine producers wait for it, or old segments would go unread. */
const MOST_BEHIND = 20_000;
/** Of a value, which no codec makes smaller: kept data are what they are, whatever the codec. */
const PADDING_BYTES = 120;
/** How long one member of a group stays. */
const LONGEST_STAY_MS = 5_000;
/** Of the memory: often enough for a short run, and seldom enough that collecting garbage is no work to speak of. */
const SAMPLES = 120;
const LEAST_SAMPLE_MS = 2_000;
const MOST_FAULTS = 20;

/** The faults, in words. */
export async function mixedLoad({ minutes, seed, say }: LoadOptions): Promise<readonly string[]> {
  const random = randomFrom(seed);
  const broker = await startBrokerProcess({ withMemoryProbe: true, args: ['--exit-with-stdin'] });
  const kafka = new Kafka({ brokers: [broker.address], clientId: 'soak', logLevel: logLevel.NOTHING });
  const faults: string[] = [];
  const counts: Counts = { members: 0, topicsMade: 0, askedByTime: 0, transactions: 0, superseded: 0 };
  const ledgers = new Map<string, Ledger>(
    TOPICS.map(({ topic }) => [
      topic,
      { acknowledged: Array(PARTITIONS).fill(0), read: Array(PARTITIONS).fill(0), batches: [] },
    ]),
  );
  const samples: Sample[] = [];
  const began = performance.now();
  const stop = new AbortController();
  let isProducing = true;
  const load: Load = {
    kafka,
    broker,
    random,
    counts,
    goesOn: () => isProducing,
    fault: (words) => {
      if (faults.length < MOST_FAULTS) faults.push(words);
    },
  };
  const admin = kafka.admin();
  try {
    await admin.connect();
    const configEntries = [SEGMENT_BYTES, RETENTION_BYTES];
    const withRetention = [...TOPICS.map(({ topic }) => topic), TRANSACTIONS_TOPIC];
    await admin.createTopics({
      topics: withRetention.map((topic) => ({
        topic,
        numPartitions: topic === TRANSACTIONS_TOPIC ? 1 : PARTITIONS,
        configEntries,
      })),
    });
    const sampleMs = Math.max((minutes * 60_000) / SAMPLES, LEAST_SAMPLE_MS);
    const sampling = (async () => {
      for (;;) {
        await sleep(sampleMs, undefined, { signal: stop.signal }).catch(() => undefined);
        if (stop.signal.aborted) return;
        const sample = await takeSample(broker, (performance.now() - began) / 1_000);
        samples.push(sample);
        if (samples.length % 2 === 0) say(`${inWords(sample)}; ${summary(ledgers, counts)}`);
      }
    })();
    const producing = TOPICS.map(({ topic, compression }) =>
      produce(load, topic, compression, ledgerOf(ledgers, topic)),
    );
    const reading = TOPICS.map(({ topic }) => readInGroup(load, topic, ledgerOf(ledgers, topic)));
    const others = [
      comeAndGo(load),
      superseding(load),
      transact(load),
      askByTime(load, ledgers),
      letOldSegmentsGo(load, withRetention),
    ];
    const all = Promise.all([...producing, ...reading, ...others]);
    await Promise.race([sleep(minutes * 60_000), all, sampling.then(() => all)]);
    isProducing = false;
    stop.abort();
    await all;
    await sampling;
    const { lines, faults: ofMemory } = judgeMemory(samples);
    for (const line of lines) say(line);
    faults.push(...(await checkEnds(kafka, ledgers)), ...ofMemory);
    say(`${minutes} min: ${summary(ledgers, counts)}`);
    return faults;
  } finally {
    isProducing = false;
    stop.abort();
    await admin.disconnect();
    await broker.kill();
    await removeDataDir(broker.dataDir);
  }
}

function ledgerOf(ledgers: ReadonlyMap<string, Ledger>, topic: string): Ledger {
  const ledger = ledgers.get(topic);
  if (ledger === undefined) throw new Error(`there is no ledger of ${topic}`);
  return ledger;
}

function inWords({ seconds, inUse, resident, kept }: Sample): string {
  const memory = `${inUse.toFixed(2)} MiB in use, ${resident?.toFixed(1) ?? '?'} resident, ${kept.toFixed(0)} on the disk`;
  return `${(seconds / 60).toFixed(1)} min: ${memory}`;
}

function summary(ledgers: ReadonlyMap<string, Ledger>, counts: Counts): string {
  const all = [...ledgers.values()];
  const [acknowledged, read] = [sum(all.flatMap((each) => each.acknowledged)), sum(all.flatMap((each) => each.read))];
  const records = `${acknowledged} records acknowledged, ${read} read in groups by ${counts.members} members`;
  const others = `${counts.topicsMade} topics made and deleted, ${counts.askedByTime} questions by time`;
  return `${records}, ${counts.transactions} transactions, ${counts.superseded} records superseded, ${others}`;
}

async function produce(
  { kafka, random, goesOn }: Load,
  topic: string,
  compression: CompressionTypes,
  { acknowledged, read, batches }: Ledger,
): Promise<void> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  let lastTime = 0;
  for (let turn = 0; goesOn(); turn += 1) {
    const partition = turn % PARTITIONS;
    const from = acknowledged[partition] ?? 0;
    const count = random.between(1, LARGEST_BATCH);
    // Later than any before, so that a time belongs to one batch alone.
    const timestamp = Math.max(Date.now(), lastTime + 1);
    lastTime = timestamp;
    const padding = randomBytes(count * PADDING_BYTES).toString('latin1');
    const messages = Array.from({ length: count }, (_, index) => ({
      partition,
      key: `key ${index % 10}`,
      value: `${from + index} ${padding.slice(index * PADDING_BYTES, (index + 1) * PADDING_BYTES)}`,
      timestamp: String(timestamp),
    }));
    await producer.send({ topic, messages, compression });
    acknowledged[partition] = from + count;
    if (partition === 0) batches.push({ offset: from, timestamp });
    if (batches.length > 100) batches.shift();
    await sleep(random.between(0, LONGEST_PAUSE_MS));
    while (goesOn() && sum(acknowledged) - sum(read) > MOST_BEHIND) await sleep(LONGEST_PAUSE_MS);
  }
  await producer.disconnect();
}

/** One member after the other; each goes on where the one before it committed. The last stays until all is read. */
async function readInGroup(
  { kafka, random, counts, goesOn, fault }: Load,
  topic: string,
  ledger: Ledger,
): Promise<void> {
  let isSound = true;
  const complain = (words: string) => {
    isSound = false;
    fault(words);
  };
  const hasAll = () => !goesOn() && sum(ledger.read) >= sum(ledger.acknowledged);
  while (!hasAll() && isSound) {
    const consumer = kafka.consumer({ groupId: `${topic}-group`, maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    const crashed = takeAll(consumer, topic, ledger, complain);
    // kafkajs that is stopped while it joins does not leave: the next one would wait for its session to end.
    await Promise.race([joined, crashed]);
    counts.members += 1;
    const until = performance.now() + random.between(500, LONGEST_STAY_MS);
    while (performance.now() < until && !hasAll()) await Promise.race([sleep(50), crashed]);
    await consumer.stop();
    await consumer.disconnect();
  }
}

/** Rejects when the consumer fails. */
function takeAll(
  consumer: Consumer,
  topic: string,
  { read }: Ledger,
  complain: (words: string) => void,
): Promise<never> {
  return new Promise((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          for (const { offset, value } of batch.messages) {
            const wanted = read[batch.partition] ?? 0;
            const number = Number.parseInt(String(value), 10);
            if (Number(offset) !== wanted || number !== wanted) {
              complain(
                `${topic}/${batch.partition}: record ${number} at offset ${offset} was read in place of ${wanted}`,
              );
            }
            read[batch.partition] = wanted + 1;
          }
        },
      })
      .catch(reject);
  });
}

async function askByTime(
  { kafka, random, counts, goesOn, fault }: Load,
  ledgers: ReadonlyMap<string, Ledger>,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  while (goesOn()) {
    for (const [topic, { batches }] of ledgers) {
      const batch = batches[random.between(0, batches.length - 1)];
      if (batch === undefined) continue;
      const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, batch.timestamp);
      const found = Number(offsets.find(({ partition }) => partition === 0)?.offset);
      if (found !== batch.offset) {
        fault(`${topic}/0: the time ${batch.timestamp} is at offset ${batch.offset}, and the answer was ${found}`);
      }
      counts.askedByTime += 1;
    }
    await sleep(random.between(0, 200));
  }
  await admin.disconnect();
}

/** Where the logs end, and what the groups have committed. */
async function checkEnds(kafka: Kafka, ledgers: ReadonlyMap<string, Ledger>): Promise<string[]> {
  const faults: string[] = [];
  const admin = kafka.admin();
  await admin.connect();
  for (const [topic, { acknowledged, read }] of ledgers) {
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId: `${topic}-group`, topics: [topic] });
    for (const [partition, count] of acknowledged.entries()) {
      const high = Number(ends.find((end) => end.partition === partition)?.high);
      const offset = Number(committed?.partitions.find((end) => end.partition === partition)?.offset);
      if (high === count && read[partition] === count && offset === count) continue;
      const figures = `${count} acknowledged, ${high} stored, ${read[partition]} read, ${offset} committed`;
      faults.push(`${topic}/${partition}: ${figures}`);
    }
  }
  await admin.disconnect();
  return faults;
}
