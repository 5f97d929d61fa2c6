/**
 * Apache Kafka's own console tools, which stand on its Java clients, against the built-in broker. Where an answer could
 * differ, Apache Kafka itself is asked too, so that what is expected here is what Kafka does.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runJava } from '../../apacheKafka/javaProgram.ts';
import { apacheKafka, builtIn, type Cluster, clusterKinds } from '../kafka/clusters.ts';

const TOOLS = 'org.apache.kafka.tools';
const PRODUCER = `${TOOLS}.ConsoleProducer`;
const CONSUMER = `${TOOLS}.consumer.ConsoleConsumer`;
const TOPICS = `${TOOLS}.TopicCommand`;
const GROUPS = `${TOOLS}.consumer.group.ConsumerGroupCommand`;
const OFFSETS = `${TOOLS}.GetOffsetShell`;
const CONFIGS = 'kafka.admin.ConfigCommand';
const DELETE_RECORDS = `${TOOLS}.DeleteRecordsCommand`;
const LOG_DIRS = `${TOOLS}.LogDirsCommand`;

let cluster: Cluster;
let topic = '';
let group = '';
let count = 0;

beforeEach(() => {
  count += 1;
  topic = `tools-${count}`;
  group = `tools-group-${count}`;
});

const servers = () => ['--bootstrap-server', cluster.bootstrap.join(',')];

/** Runs a tool that has to succeed, and gives what it prints. Java's clients log what they do not understand. */
async function run(tool: string, args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await runJava(tool, [...servers(), ...args], input);
  if (code !== 0) throw new Error(`${tool} ended with ${code}\n${stdout}\n${stderr}`);
  expect(stderr).not.toMatch(/ERROR|Exception/);
  return stdout;
}

const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
/** A table of words, with single spaces. */
const rows = (text: string) => lines(text).map((line) => line.trim().replace(/\s+/g, ' '));

const records = (howMany: number) => Array.from({ length: howMany }, (_, index) => `value ${index} ${'x'.repeat(40)}`);
const produce = (values: readonly string[], args: readonly string[] = []) =>
  run(PRODUCER, ['--topic', topic, ...args], `${values.join('\n')}\n`);
const consume = async (howMany: number, args: readonly string[] = ['--from-beginning']) =>
  lines(await run(CONSUMER, ['--topic', topic, '--max-messages', String(howMany), '--timeout-ms', '20000', ...args]));

describe.skipIf(apacheKafka.isMissing).each(clusterKinds.map((kind) => [kind.name, kind] as const))(
  "Kafka's console tools on %s",
  { timeout: 240_000 },
  (_, { start }) => {
    beforeAll(async () => {
      cluster = await start();
    }, 120_000);
    afterAll(() => cluster?.close());

    it('produce without acknowledgements, with those of the leader, and with keys and headers', async () => {
      for (const acks of ['0', '1', 'all']) {
        const settings = ['--command-property', 'enable.idempotence=false'];
        await produce([acks], ['--request-required-acks', acks, ...settings]);
      }
      const asTable = ['parse.key=true', 'key.separator=:', 'parse.headers=true'];
      await produce(
        ['h1:v1\tk:v'],
        asTable.flatMap((property) => ['--reader-property', property]),
      );
      const shown = ['print.key=true', 'print.headers=true', 'print.offset=true', 'print.partition=true'];
      const found = await consume(4, ['--from-beginning', ...shown.flatMap((word) => ['--formatter-property', word])]);
      expect(found).toEqual([
        'Partition:0\tOffset:0\tNO_HEADERS\tnull\t0',
        'Partition:0\tOffset:1\tNO_HEADERS\tnull\t1',
        'Partition:0\tOffset:2\tNO_HEADERS\tnull\tall',
        'Partition:0\tOffset:3\th1:v1\tk\tv',
      ]);
    });

    it('consume from an offset of a partition, and from its end', async () => {
      await produce(['a', 'b', 'c']);
      expect(await consume(2, ['--partition', '0', '--offset', '1'])).toEqual(['b', 'c']);
      expect(await consume(1, ['--partition', '0', '--offset', 'earliest'])).toEqual(['a']);
      const { stdout, stderr } = await runJava(CONSUMER, [
        ...servers(),
        ...['--topic', topic, '--partition', '0', '--offset', 'latest', '--timeout-ms', '1000'],
      ]);
      expect(stdout).toBe('');
      expect(stderr).toContain('Processed a total of 0 messages');
    });

    it.each([
      ['without naming a protocol', []],
      ['by the classic protocol', ['--command-property', 'group.protocol=classic']],
    ])('consume as a group %s, which goes on where it stopped', async (_how, protocol) => {
      await produce(['a', 'b']);
      expect(await consume(2, ['--group', group, '--from-beginning', ...protocol])).toEqual(['a', 'b']);
      await produce(['c']);
      expect(await consume(1, ['--group', group, '--from-beginning', ...protocol])).toEqual(['c']);
      expect(lines(await run(GROUPS, ['--list']))).toContain(group);
      const described = rows(await run(GROUPS, ['--describe', '--group', group]));
      expect(described).toContain(`${group} ${topic} 0 3 3 0 - - -`);
    });

    it('describe a group with a member, its state and its assignment', async () => {
      await produce(['a']);
      const consuming = consume(2, ['--group', group, '--from-beginning']);
      const state = async () =>
        (await runJava(GROUPS, [...servers(), '--describe', '--group', group, '--state'])).stdout;
      await expect.poll(state, { timeout: 60_000, interval: 100 }).toMatch(/ Stable +1/);
      const members = await run(GROUPS, ['--describe', '--group', group, '--members', '--verbose']);
      expect(members).toMatch(new RegExp(`console-consumer.*127\\.0\\.0\\.1.*${topic}.*0`));
      await produce(['b']);
      expect(await consuming).toEqual(['a', 'b']);
    });

    it('set a group back, forget its offsets and delete it', async () => {
      await produce(['a', 'b', 'c']);
      await consume(3, ['--group', group, '--from-beginning']);
      const reset = ['--reset-offsets', '--group', group, '--topic', topic, '--execute'];
      expect(rows(await run(GROUPS, [...reset, '--to-earliest'])).at(-1)).toMatch(`${group} ${topic} 0 0`);
      expect(rows(await run(GROUPS, [...reset, '--shift-by', '1'])).at(-1)).toMatch(`${group} ${topic} 0 1`);
      const past = ['--to-datetime', '2020-01-01T00:00:00.000'];
      expect(rows(await run(GROUPS, [...reset, ...past])).at(-1)).toMatch(`${group} ${topic} 0 0`);
      expect(rows(await run(GROUPS, [...reset, '--to-offset', '2'])).at(-1)).toMatch(`${group} ${topic} 0 2`);
      expect(await consume(1, ['--group', group])).toEqual(['c']);
      expect(await run(GROUPS, ['--delete', '--group', group])).toContain('was successful');
      expect(lines(await run(GROUPS, ['--list']))).not.toContain(group);
    });

    it('create, list, describe and delete topics', async () => {
      const settings = ['--partitions', '3', '--config', 'retention.ms=3600000', '--config', 'cleanup.policy=compact'];
      expect(await run(TOPICS, ['--create', '--topic', topic, ...settings])).toContain(`Created topic ${topic}.`);
      expect(lines(await run(TOPICS, ['--list']))).toContain(topic);
      const [head = '', ...partitions] = rows(await run(TOPICS, ['--describe', '--topic', topic]));
      expect(head).toMatch(new RegExp(`^Topic: ${topic} TopicId: [\\w-]{22} PartitionCount: 3 ReplicationFactor: 1 `));
      expect(head).toContain('retention.ms=3600000');
      expect(head).toContain('cleanup.policy=compact');
      expect(partitions).toEqual(
        [0, 1, 2].map((index) => expect.stringContaining(`Partition: ${index} Leader: 1 Replicas: 1 Isr: 1`)),
      );
      await run(TOPICS, ['--delete', '--topic', topic]);
      expect(lines(await run(TOPICS, ['--list']))).not.toContain(topic);
    });

    it('are told why a topic is not made, or is not there', async () => {
      await run(TOPICS, ['--create', '--topic', topic]);
      const refused = async (args: string[]) => {
        const { code, stdout, stderr } = await runJava(TOPICS, [...servers(), ...args]);
        return `${code} ${stdout}${stderr}`;
      };
      expect(await refused(['--create', '--topic', topic])).toMatch(/^1 .*already exists/);
      const three = await refused(['--create', '--topic', `${topic}-3`, '--replication-factor', '3']);
      expect(three).toMatch(/^1 .*replication factor/i);
      expect(three).toContain('InvalidReplicationFactorException');
      expect(await refused(['--describe', '--topic', `${topic}-none`])).toMatch(/^1 .*does not exist/);
    });

    it('read the settings of topics and brokers', async () => {
      await run(TOPICS, ['--create', '--topic', topic, '--config', 'retention.ms=3600000']);
      const entity = ['--describe', '--entity-type', 'topics', '--entity-name', topic];
      expect(await run(CONFIGS, entity)).toContain('retention.ms=3600000 sensitive=false');
      expect(await run(CONFIGS, [...entity, '--all'])).toMatch(/max\.message\.bytes=\d+ sensitive=false/);
      const broker = await run(CONFIGS, ['--describe', '--entity-type', 'brokers', '--entity-name', '1', '--all']);
      expect(broker).toMatch(/num\.partitions=1 /);
    });

    it('add partitions, and change and reset settings', async () => {
      await run(TOPICS, ['--create', '--topic', topic]);
      await run(TOPICS, ['--alter', '--topic', topic, '--partitions', '3']);
      const entity = ['--entity-type', 'topics', '--entity-name', topic];
      const added = ['--add-config', 'retention.ms=3600000,cleanup.policy=[compact,delete]'];
      expect(await run(CONFIGS, ['--alter', ...entity, ...added])).toContain(
        `Completed updating config for topic ${topic}.`,
      );
      await run(CONFIGS, ['--alter', ...entity, '--delete-config', 'retention.ms']);
      const [head] = rows(await run(TOPICS, ['--describe', '--topic', topic]));
      expect(head).toContain('PartitionCount: 3');
      expect(head).toContain('cleanup.policy=compact,delete');
      expect(head).not.toContain('retention.ms');
    });

    it('delete records, forget offsets of a group, and tell what a topic takes on the disk', async () => {
      await produce(['a', 'b', 'c']);
      expect(await consume(3, ['--group', group, '--from-beginning'])).toEqual(['a', 'b', 'c']);
      const folder = await mkdtemp(join(tmpdir(), 'geostream-delete-records-'));
      const file = join(folder, 'offsets.json');
      await writeFile(file, JSON.stringify({ partitions: [{ topic, partition: 0, offset: 2 }], version: 1 }));
      const deleted = await run(DELETE_RECORDS, ['--offset-json-file', file]);
      await rm(folder, { recursive: true });
      expect(deleted).toMatch(new RegExp(`partition: ${topic}-0\\s+low_watermark: 2`));
      expect(await consume(1)).toEqual(['c']);
      const forgotten = await run(GROUPS, ['--delete-offsets', '--group', group, '--topic', topic]);
      expect(forgotten).toMatch(new RegExp(`${topic} +0 +Successful`));
      const described = await run(LOG_DIRS, ['--describe', '--topic-list', topic]);
      const { brokers } = JSON.parse(lines(described).find((line) => line.startsWith('{')) ?? '{}');
      expect(brokers).toMatchObject([
        { broker: 1, logDirs: [{ error: null, partitions: [{ partition: `${topic}-0` }] }] },
      ]);
      expect(brokers[0].logDirs[0].partitions[0].size).toBeGreaterThan(0);
    });

    it('find offsets at the beginning, at the end, by time, and that of the largest time', async () => {
      await produce(['a', 'b', 'c']);
      const at = async (...time: string[]) => lines(await run(OFFSETS, ['--topic', topic, ...time]));
      expect(await at()).toEqual([`${topic}:0:3`]);
      expect(await at('--time', 'earliest')).toEqual([`${topic}:0:0`]);
      expect(await at('--time', '0')).toEqual([`${topic}:0:0`]);
      expect(await at('--time', '4102444800000')).toEqual([]);
      const [largest = ''] = await at('--time', 'max-timestamp');
      expect(largest).toMatch(new RegExp(`^${topic}:0:[012]$`));
    });
  },
);

describe.skipIf(apacheKafka.isMissing)(
  "Kafka's console tools on the built-in broker alone",
  { timeout: 240_000 },
  () => {
    beforeAll(async () => {
      cluster = await builtIn.start();
    });
    afterAll(() => cluster?.close());

    it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produce with %s and consume the same', async (codec) => {
      await produce(records(200), ['--compression-codec', codec]);
      expect(await consume(200)).toEqual(records(200));
    });

    it('consume only what is committed where that is asked for', async () => {
      await produce(['a', 'b']);
      expect(await consume(2, ['--from-beginning', '--isolation-level', 'read_committed'])).toEqual(['a', 'b']);
    });

    it('measure producing and consuming', async () => {
      const settings = ['--topic', topic, '--num-records', '20000', '--record-size', '100', '--throughput', '-1'];
      expect(await run(`${TOOLS}.ProducerPerformance`, settings)).toContain('20000 records sent');
      const asked = ['--topic', topic, '--num-records', '20000', '--group', group, '--timeout', '20000'];
      expect((await run(`${TOOLS}.ConsumerPerformance`, asked)).split(/, *|\n/)).toContain('20000');
    });

    it('measure producing in transactions, and consuming what they committed', async () => {
      const settings = ['--topic', topic, '--num-records', '5000', '--record-size', '100', '--throughput', '5000'];
      const transactions = ['--transactional-id', `id-${topic}`, '--transaction-duration-ms', '100'];
      const [summary = ''] = lines(await run(`${TOOLS}.ProducerPerformance`, [...settings, ...transactions])).slice(-1);
      expect(summary).toContain('5000 records sent');
      const [, end = ''] = /:0:(\d+)/.exec(await run(OFFSETS, ['--topic', topic])) ?? [];
      // Each transaction has left an end marker behind its records.
      expect(Number(end)).toBeGreaterThan(5001);
      const asked = ['--topic', topic, '--num-records', '5000', '--group', group, '--timeout', '20000'];
      const committed = ['--command-property', 'isolation.level=read_committed'];
      const measured = await run(`${TOOLS}.ConsumerPerformance`, [...asked, ...committed]);
      expect(measured.split(/, *|\n/)).toContain('5000');
    });

    it('find nothing in its list of requests that they do not know how to use', async () => {
      const served = lines(await run(`${TOOLS}.BrokerApiVersionsCommand`, []));
      expect(served.filter((line) => line.includes('usable:')).length).toBeGreaterThanOrEqual(23);
      expect(served.filter((line) => /UNKNOWN|usable: UNSUPPORTED/.test(line))).toEqual([]);
    });
  },
);
