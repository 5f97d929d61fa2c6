/**
 * Everything at once for a long time: producers with each codec, groups whose members come and go, topics that are made
 * and deleted, questions by time. Counts are exact: every record that was acknowledged is read by its group once and in
 * order; every answer by time is the offset that the producers' own books give. The broker's memory is looked at too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { CompressionTypes, type Consumer, Kafka, logLevel } from 'kafkajs';
import { offsetCommitRequest, offsetCommitResponse } from '../../src/broker/wire/messages/offsetCommit.ts';
import { registerCodecs } from '../../src/main/kafka/codecs.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from '../integration/broker/startBrokerProcess.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { growthOf, residentMib, type Sample } from './memory.ts';
import { type Random, seededRandom } from './random.ts';

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
/** How long one member of a group stays. */
const LONGEST_STAY_MS = 5_000;
/** Old segments go, or an hour would fill the disk; readers are never that far behind. */
const SETTINGS = [
  { name: 'segment.bytes', value: String(4 << 20) },
  { name: 'retention.bytes', value: String(64 << 20) },
];
const SAMPLE_MS = 1_000;
const REPORT_MS = 60_000;

/** What the producers know to be in the log. */
interface Ledger {
  /** Records acknowledged, by partition; each holds its own number, from 0. */
  readonly acknowledged: number[];
  /** Records read in the group, by partition. */
  readonly read: number[];
  /** The latest batches of partition 0, whose records all have one time. */
  readonly batches: { readonly offset: number; readonly timestamp: number }[];
}

interface Counts {
  members: number;
  topicsMade: number;
  askedByTime: number;
}

/** The faults, in words. */
export async function mixedLoad({ minutes, seed, say }: LoadOptions): Promise<readonly string[]> {
  const random = seededRandom(seed);
  const broker = await startBrokerProcess();
  const kafka = new Kafka({ brokers: [broker.address], clientId: 'soak', logLevel: logLevel.NOTHING });
  const faults: string[] = [];
  const counts: Counts = { members: 0, topicsMade: 0, askedByTime: 0 };
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
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.createTopics({
      topics: TOPICS.map(({ topic }) => ({ topic, numPartitions: PARTITIONS, configEntries: SETTINGS })),
    });
    const sampling = (async () => {
      for (let at = 1; !stop.signal.aborted; at += 1) {
        const mib = await residentMib(broker.child.pid ?? 0);
        const seconds = (performance.now() - began) / 1_000;
        if (mib !== undefined) samples.push({ seconds, mib });
        if ((at * SAMPLE_MS) % REPORT_MS === 0)
          say(`${Math.round(seconds / 60)} min: ${summary(ledgers, counts)}, ${mib?.toFixed(0)} MiB`);
        await sleep(SAMPLE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    })();
    const goesOn = () => isProducing;
    const producing = TOPICS.map(({ topic, compression }) =>
      produce(kafka, topic, compression, ledgerOf(ledgers, topic), random, goesOn),
    );
    const reading = TOPICS.map(({ topic }) =>
      readInGroup(kafka, topic, ledgerOf(ledgers, topic), random, goesOn, counts, faults),
    );
    const others = [
      comeAndGo(kafka, broker, random, goesOn, counts),
      askByTime(kafka, ledgers, random, goesOn, counts, faults),
    ];
    const all = Promise.all([...producing, ...reading, ...others]);
    await Promise.race([sleep(minutes * 60_000, undefined, { signal: stop.signal }), all]);
    isProducing = false;
    await all;
    stop.abort();
    await sampling;
    faults.push(...(await checkEnds(kafka, ledgers)), ...checkMemory(samples, say));
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

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function summary(ledgers: ReadonlyMap<string, Ledger>, { members, topicsMade, askedByTime }: Counts): string {
  const all = [...ledgers.values()];
  const [acknowledged, read] = [sum(all.flatMap((each) => each.acknowledged)), sum(all.flatMap((each) => each.read))];
  return `${acknowledged} records acknowledged, ${read} read in groups by ${members} members, ${topicsMade} topics made and deleted, ${askedByTime} questions by time`;
}

async function produce(
  kafka: Kafka,
  topic: string,
  compression: CompressionTypes,
  { acknowledged, batches }: Ledger,
  random: Random,
  goesOn: () => boolean,
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
    const messages = Array.from({ length: count }, (_, index) => ({
      partition,
      key: `key ${index % 10}`,
      value: `${from + index} ${'x'.repeat(80)}`,
      timestamp: String(timestamp),
    }));
    await producer.send({ topic, messages, compression });
    acknowledged[partition] = from + count;
    if (partition === 0) batches.push({ offset: from, timestamp });
    if (batches.length > 100) batches.shift();
    await sleep(random.between(0, LONGEST_PAUSE_MS));
  }
  await producer.disconnect();
}

/** One member after the other; each goes on where the one before it committed. The last stays until all is read. */
async function readInGroup(
  kafka: Kafka,
  topic: string,
  ledger: Ledger,
  random: Random,
  goesOn: () => boolean,
  counts: Counts,
  faults: string[],
): Promise<void> {
  const hasAll = () => !goesOn() && sum(ledger.read) >= sum(ledger.acknowledged);
  while (!hasAll() && faults.length === 0) {
    const consumer = kafka.consumer({ groupId: `${topic}-group`, maxWaitTimeInMs: 200 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    const crashed = takeAll(consumer, topic, ledger, faults);
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
function takeAll(consumer: Consumer, topic: string, { read }: Ledger, faults: string[]): Promise<never> {
  return new Promise((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          for (const { offset, value } of batch.messages) {
            const wanted = read[batch.partition] ?? 0;
            const number = Number.parseInt(String(value), 10);
            if ((Number(offset) !== wanted || number !== wanted) && faults.length < 20) {
              faults.push(
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

/** A topic of three partitions that lives for a moment, with a group of its own that is deleted too. */
async function comeAndGo(
  kafka: Kafka,
  address: BrokerProcess,
  random: Random,
  goesOn: () => boolean,
  counts: Counts,
): Promise<void> {
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  const wire = await WireClient.open(address);
  while (goesOn()) {
    const topic = `passing-${counts.topicsMade}`;
    const groupId = `${topic}-group`;
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
    await producer.send({ topic, messages: Array.from({ length: 10 }, (_, index) => ({ value: `${index}` })) });
    await commit(wire, groupId, topic);
    await sleep(random.between(0, 500));
    await admin.deleteGroups([groupId]);
    await admin.deleteTopics({ topics: [topic] });
    counts.topicsMade += 1;
  }
  wire.close();
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

/** Without a member: kafkajs would join the group for it, and wait for a fetch. */
async function commit(wire: WireClient, groupId: string, name: string): Promise<void> {
  const partition = { partitionIndex: 0, committedOffset: 1, committedMetadata: '' };
  const body = { groupId, topics: [{ name, partitions: [partition] }] };
  const { topics } = await wire.ask(8, 7, [offsetCommitRequest, offsetCommitResponse], body);
  const errorCode = topics[0]?.partitions[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`a commit for ${name} was refused with ${errorCode}`);
}

async function askByTime(
  kafka: Kafka,
  ledgers: ReadonlyMap<string, Ledger>,
  random: Random,
  goesOn: () => boolean,
  counts: Counts,
  faults: string[],
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  while (goesOn()) {
    for (const [topic, { batches }] of ledgers) {
      const batch = batches[random.between(0, batches.length - 1)];
      if (batch === undefined) continue;
      const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, batch.timestamp);
      const found = Number(offsets.find(({ partition }) => partition === 0)?.offset);
      if (found !== batch.offset && faults.length < 20) {
        faults.push(
          `${topic}/0: the time ${batch.timestamp} is at offset ${batch.offset}, and the answer was ${found}`,
        );
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

function checkMemory(samples: readonly Sample[], say: (line: string) => void): string[] {
  if (process.platform !== 'linux') {
    say('Memory was not looked at: it is read from /proc, which only Linux has.');
    return [];
  }
  const growth = growthOf(samples);
  if (growth === undefined) return [`memory: ${samples.length} samples are too few; let it run for longer`];
  const { first, last, slope, isBounded } = growth;
  const words = `memory: ${first.toFixed(1)} MiB after the warm-up, ${last.toFixed(1)} MiB at the end, a slope of ${slope.toFixed(1)} MiB an hour`;
  say(words);
  return isBounded ? [] : [words];
}
