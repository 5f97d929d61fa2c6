/**
 * Kills the broker over and over while producers record what it acknowledged and a group commits, and looks afterwards
 * whether all of it is there: every acknowledged record once and in order, every acknowledged commit.
 *
 * Two kinds of producers. kafkajs's, idempotent, send again what was not acknowledged: what they sent is there once,
 * whatever was lost on the way. A bare one on the wire never sends again: of what was not acknowledged, either all of a
 * batch is there or nothing, and once.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { offsetCommitRequest, offsetCommitResponse } from '../../src/broker/wire/messages/offsetCommit.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../../src/broker/wire/messages/offsetFetch.ts';
import { produceRequest, produceResponse } from '../../src/broker/wire/messages/produce.ts';
import { freePorts } from '../apacheKafka/freePorts.ts';
import {
  buildBroker,
  makeDataDir,
  removeDataDir,
  startBrokerProcess,
} from '../integration/broker/startBrokerProcess.ts';
import { WireClient } from '../integration/broker/wireClient.ts';
import { sampleBatch } from '../unit/broker/sampleBatch.ts';
import { type Random, randomFrom } from './random.ts';
import { readTopic } from './readTopic.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  readonly stored: number;
  readonly commits: number;
  /** In words; empty where everything is as it has to be. */
  readonly faults: readonly string[];
}

const IDEMPOTENT = ['kills-a', 'kills-b'];
const BARE = 'kills-bare';
const GROUP = 'kills-group';
/** From the first acknowledgement after a start to the kill, at most. */
const LONGEST_LIFE_MS = 150;
/** One start in so many is killed before it has ended. */
const KILLED_AT_START = 10;
const LONGEST_START_MS = 200;

export async function killRepeatedly({ kills, seed, say = () => undefined }: KillOptions): Promise<KillReport> {
  const random = randomFrom(seed);
  const dataDir = await makeDataDir();
  const [port = 0] = await freePorts(1);
  const start = () => startBrokerProcess({ dataDir, port, args: ['--strict-port'] });
  let broker = await start();
  const kafka = connectTo(broker.address);
  await createTopics(kafka);
  const idempotent = await Promise.all(IDEMPOTENT.map((topic) => IdempotentProducer.start(kafka, topic, random)));
  const bare = new BareProducer(broker, random);
  const group = new Committer(broker);
  const clients = [...idempotent, bare, group];
  const faults: string[] = [];
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      await Promise.all(clients.map((client) => client.progress()));
      await sleep(random.between(0, LONGEST_LIFE_MS));
      await broker.kill();
      if (kill % KILLED_AT_START === 0 && kill < kills) {
        await startAndKill(dataDir, port, random.between(20, LONGEST_START_MS));
        kill += 1;
      }
      broker = await start();
      faults.push(...(await group.check()));
      // Two kills may have been done in one round.
      if (kill % 50 < 2) say(`${kill} kills, ${clients.map((client) => client.acknowledged).join(' + ')} acknowledged`);
    }
    await Promise.all(clients.map((client) => client.stop()));
    faults.push(...(await group.check()), ...(await resumes(kafka, group)));
    let stored = 0;
    for (const producer of [...idempotent, bare]) {
      const values = await readTopic(kafka, producer.topic, `reader-${producer.topic}`);
      stored += values.length;
      faults.push(...producer.check(values));
    }
    const acknowledged = [...idempotent, bare].reduce((sum, producer) => sum + producer.acknowledged, 0);
    return { kills, acknowledged, stored, commits: group.acknowledged, faults };
  } finally {
    for (const client of clients) void client.stop();
    await broker.kill();
    await removeDataDir(dataDir);
  }
}

/** Retries until it succeeds: the broker is back within a second or so. */
const connectTo = (address: string) =>
  new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    retry: { initialRetryTime: 30, maxRetryTime: 150, retries: 1_000 },
  });

async function createTopics(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [...IDEMPOTENT, BARE].map((topic) => ({ topic, numPartitions: 1 })) });
  await admin.disconnect();
}

/** A broker that does not live to say that it listens. */
async function startAndKill(dataDir: string, port: number, afterMs: number): Promise<void> {
  const args = [await buildBroker(), '--port', String(port), '--strict-port', '--data', dataDir, '--log', 'json'];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('close', resolve));
  await sleep(afterMs);
  child.kill('SIGKILL');
  await gone;
}

/** Something that works in a loop, and of which one can wait until it has gone on. */
abstract class Loop {
  acknowledged = 0;
  protected stopped = false;
  private waiting: (() => void)[] = [];
  private readonly ended: Promise<void>;

  protected constructor() {
    this.ended = Promise.resolve().then(() => this.run());
  }

  protected abstract run(): Promise<void>;

  protected succeeded(count: number): void {
    this.acknowledged += count;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Until something more is acknowledged; fails when the loop did. */
  progress(): Promise<void> {
    const next = new Promise<void>((resolve) => this.waiting.push(resolve));
    return Promise.race([next, this.ended]);
  }

  stop(): Promise<void> {
    this.stopped = true;
    return this.ended;
  }
}

class IdempotentProducer extends Loop {
  private sent = 0;

  private constructor(
    private readonly producer: ReturnType<Kafka['producer']>,
    readonly topic: string,
    private readonly random: Random,
  ) {
    super();
  }

  static async start(kafka: Kafka, topic: string, random: Random): Promise<IdempotentProducer> {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return new IdempotentProducer(producer, topic, random);
  }

  protected async run(): Promise<void> {
    while (!this.stopped) {
      const messages = Array.from({ length: this.random.between(1, 20) }, () => ({ value: String(++this.sent) }));
      await this.producer.send({ topic: this.topic, messages });
      this.succeeded(messages.length);
    }
    await this.producer.disconnect();
  }

  /** All that was sent was acknowledged in the end: nothing else may be there. */
  check(stored: readonly string[]): string[] {
    const place = stored.findIndex((value, index) => value !== String(index + 1));
    if (place === -1 && stored.length === this.sent && this.acknowledged === this.sent) return [];
    const where = place === -1 ? '' : `; at offset ${place} is record ${stored[place]}`;
    return [`${this.topic}: ${this.sent} sent, ${this.acknowledged} acknowledged, ${stored.length} stored${where}`];
  }
}

/** Opens its own connections, and asks one thing after the other. */
abstract class WireLoop extends Loop {
  protected constructor(private readonly address: { readonly host: string; readonly port: number }) {
    super();
  }

  /** One thing after the other, on connections that may end at any time. */
  protected async run(): Promise<void> {
    while (!this.stopped) {
      const client = await WireClient.open(this.address).catch(() => undefined);
      if (client === undefined) {
        await sleep(20);
        continue;
      }
      const gone = client.closed.then(() => false);
      while (!this.stopped && (await Promise.race([this.once(client), gone])));
      client.close();
    }
  }

  protected async withClient<T>(work: (client: WireClient) => Promise<T>): Promise<T> {
    const client = await WireClient.open(this.address);
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }

  /** True when it was acknowledged. */
  protected abstract once(client: WireClient): Promise<boolean>;
}

class BareProducer extends WireLoop {
  readonly topic = BARE;
  private sent = 0;
  private readonly batches: { readonly values: readonly string[]; isAcknowledged: boolean }[] = [];

  constructor(
    address: { readonly host: string; readonly port: number },
    private readonly random: Random,
  ) {
    super(address);
  }

  protected async once(client: WireClient): Promise<boolean> {
    const values = Array.from({ length: this.random.between(1, 20) }, () => String(++this.sent));
    const batch = { values, isAcknowledged: false };
    this.batches.push(batch);
    const timestamp = Date.now();
    const records = sampleBatch(values.map((value) => ({ value, timestamp })));
    const { responses } = await client.ask(0, 7, [produceRequest, produceResponse], {
      acks: -1,
      timeoutMs: 5_000,
      topics: [{ name: this.topic, partitions: [{ index: 0, records }] }],
    });
    const errorCode = responses[0]?.partitions[0]?.errorCode;
    if (errorCode !== 0) throw new Error(`producing was refused with ${errorCode}`);
    batch.isAcknowledged = true;
    this.succeeded(values.length);
    return true;
  }

  check(stored: readonly string[]): string[] {
    let at = 0;
    for (const { values, isAcknowledged } of this.batches) {
      const isThere = values.every((value, index) => stored[at + index] === value);
      if (isThere) at += values.length;
      else if (isAcknowledged) return [`${this.topic}: the acknowledged record ${values[0]} is not at offset ${at}`];
    }
    return at === stored.length ? [] : [`${this.topic}: at offset ${at} is ${stored[at]}, which nobody sent then`];
  }
}

/** Commits 1, 2, 3 … for a group without members. */
class Committer extends WireLoop {
  private tried = 0;
  /** The last offset that was acknowledged. */
  committed = 0;

  constructor(address: { readonly host: string; readonly port: number }) {
    super(address);
  }

  protected async once(client: WireClient): Promise<boolean> {
    this.tried += 1;
    const offset = this.tried;
    const { topics } = await client.ask(8, 7, [offsetCommitRequest, offsetCommitResponse], {
      groupId: GROUP,
      topics: [{ name: BARE, partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }] }],
    });
    const errorCode = topics[0]?.partitions[0]?.errorCode;
    if (errorCode !== 0) throw new Error(`committing was refused with ${errorCode}`);
    this.committed = offset;
    this.succeeded(1);
    return true;
  }

  /** What the broker has now is at least what it acknowledged, and nothing that nobody committed. */
  async check(): Promise<string[]> {
    const least = this.committed;
    const found = await this.fetch();
    const isRight = found >= least && found <= this.tried;
    return isRight ? [] : [`${GROUP}: committed were ${least} to ${this.tried}, and ${found} is there`];
  }

  fetch(): Promise<number> {
    return this.withClient(async (client) => {
      const { topics } = await client.ask(9, 5, [offsetFetchRequest, offsetFetchResponse], {
        groupId: GROUP,
        topics: [{ name: BARE, partitionIndexes: [0] }],
      });
      return topics[0]?.partitions[0]?.committedOffset ?? Number.NaN;
    });
  }
}

/** A member that joins the group begins where the group committed. */
async function resumes(kafka: Kafka, group: Committer): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const [offsets] = await admin.fetchTopicOffsets(BARE);
  await admin.disconnect();
  const committed = await group.fetch();
  if (!(committed < Number(offsets?.high))) return [];
  const consumer = kafka.consumer({ groupId: GROUP, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic: BARE });
  const first = await new Promise<number>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({ autoCommit: false, eachMessage: async ({ message }) => resolve(Number(message.offset)) })
      .catch(reject);
  });
  await consumer.disconnect();
  return first === committed ? [] : [`${GROUP}: committed is ${committed}, and its member begins at ${first}`];
}
