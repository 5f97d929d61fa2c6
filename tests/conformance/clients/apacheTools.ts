/** Apache Kafka's console tools, over its own clients in Java. Each start costs seconds: as few as it takes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apacheKafkaOrSkipReason } from '../../apacheKafka/apacheKafka.ts';
import { makeGuardedFolder, removeGuardedFolder } from '../../apacheKafka/guarded.mjs';
import { runJava } from '../../apacheKafka/javaProgram.ts';
import {
  attempt,
  type Check,
  type Client,
  CODECS,
  type FoundRecord,
  type Line,
  ODD_RECORDS,
  type Scene,
  type SentRecord,
  someRecords,
} from '../scene.ts';

const TOOLS = 'org.apache.kafka.tools';
const PRODUCER = `${TOOLS}.ConsoleProducer`;
const CONSUMER = `${TOOLS}.consumer.ConsoleConsumer`;
const NULL = 'NULL';

const READER = ['parse.key=true', 'parse.headers=true', `null.marker=${NULL}`].flatMap((property) => [
  '--reader-property',
  property,
]);
const FORMATTER = [...['print.offset=true', 'print.headers=true', 'print.key=true', `null.literal=${NULL}`]].flatMap(
  (property) => ['--formatter-property', property],
);

const orNull = (text: string | undefined) => (text === undefined || text === NULL ? null : text);

/** `Offset:3\th:v\tkey\tvalue` */
function parseRecord(text: string): FoundRecord {
  const [offset = '', headers = '', key, ...value] = text.split('\t');
  const header = headers.split(',').find((part) => part.startsWith('h:'));
  return {
    offset: Number(offset.replace('Offset:', '')),
    header: header === undefined ? null : header.slice(2),
    key: orNull(key),
    value: orNull(value.join('\t')),
  };
}

const asInput = (records: readonly SentRecord[]) =>
  records
    .map(
      ({ key, value, header }) => `${[header && `h:${header}`, key, value].map((part) => part ?? NULL).join('\t')}\n`,
    )
    .join('');

export const apacheTools: Client = {
  name: "Apache Kafka's console tools",
  kind: 'Java',
  missing: async () => {
    const found = await apacheKafkaOrSkipReason();
    return found.available ? undefined : found.reason;
  },
  async run({ bootstrap, prefix, given }: Scene) {
    async function run(tool: string, args: readonly string[], input = ''): Promise<string[]> {
      const { code, stdout, stderr } = await runJava(tool, ['--bootstrap-server', bootstrap, ...args], input);
      if (code !== 0) throw new Error(`${tool} ended with ${code}\n${stdout}\n${stderr}`);
      return stdout.split('\n').filter((text) => text !== '');
    }
    const consume = async (count: number, args: readonly string[]) =>
      (await run(CONSUMER, [...args, ...FORMATTER, '--max-messages', String(count), '--timeout-ms', '30000'])).map(
        parseRecord,
      );
    const produce = (check: Check, records: readonly SentRecord[], args: readonly string[] = []) =>
      run(PRODUCER, ['--topic', `${prefix}-${check}`, ...READER, ...args], asInput(records));
    const consumeFrom = (topic: string, offset: number, count: number, args: readonly string[] = []) =>
      consume(count, ['--topic', topic, '--partition', '0', '--offset', String(offset), ...args]);

    /** Everything that is written, then all of it read by one start of the consumer; values tell which is whose. */
    async function writeAndRead(): Promise<Line[]> {
      const checks: readonly Check[] = [...CODECS, 'records'];
      const sent = new Map<Check, SentRecord[]>(CODECS.map((codec) => [codec, someRecords(codec)]));
      sent.set('records', [...ODD_RECORDS]);
      const total = [...sent.values()].flat().length;
      const found = await attempt('none', async () => {
        for (const codec of CODECS) await produce(codec, someRecords(codec), ['--compression-codec', codec]);
        await produce('records', ODD_RECORDS);
        const topics = `${prefix}-(${checks.join('|')})`;
        return { found: await consume(total, ['--include', topics, '--from-beginning']) };
      });
      const codecOf = ({ value }: FoundRecord) => CODECS.find((codec) => value?.startsWith(`${codec} `)) ?? 'records';
      const lines: Line[] = checks.map((check) => ({
        ...found,
        check,
        topic: `${prefix}-${check}`,
        sent: sent.get(check),
        found: found.found?.filter((record) => codecOf(record) === check),
      }));
      // Java's producer is idempotent unless told otherwise.
      const [plain] = lines;
      return plain === undefined ? lines : [...lines, { ...plain, check: 'idempotence' }];
    }

    const inGroup = () =>
      attempt('group', async () => {
        const group = `${prefix}-group`;
        const args = ['--topic', given.topic, '--group', group, '--from-beginning'];
        const first = await consume(given.firstRead, args);
        const rest = await consume(given.count - given.firstRead, args);
        return { found: [...first, ...rest], committed: { group, topic: given.topic, offset: given.count } };
      });
    const fromOffset = () =>
      attempt('offset', async () => ({
        found: await consumeFrom(given.topic, given.offset, given.count - given.offset),
      }));
    const fromTime = () =>
      attempt('time', async () => {
        const [place = ''] = await run(`${TOOLS}.GetOffsetShell`, ['--topic', given.topic, '--time', `${given.time}`]);
        return { found: await consumeFrom(given.topic, Number(place.split(':').at(-1)), given.afterTime) };
      });
    /** By the one tool that has them; it commits all, and takes its values from a file. */
    const inTransactions = () =>
      attempt('transactions', async () => {
        const topic = `${prefix}-transactions`;
        const folder = await makeGuardedFolder('geostream-conformance-');
        const file = join(folder, 'values');
        await writeFile(file, 'transactional\n');
        const args = ['--num-records', '20', '--throughput', '-1', '--payload-file', file];
        const transactional = ['--transactional-id', `${prefix}-transactional`, '--transaction-duration-ms', '5'];
        await run(`${TOOLS}.ProducerPerformance`, ['--topic', topic, ...args, ...transactional]);
        await removeGuardedFolder(folder);
        const sent = Array.from({ length: 20 }, () => ({ key: null, value: 'transactional', header: null }));
        const isolation = ['--isolation-level', 'read_committed'];
        const consumed = ['--topic', topic, '--from-beginning', ...isolation];
        return { topic, sent, aborted: 0, found: await consume(sent.length, consumed) };
      });

    const [written, read] = await Promise.all([
      writeAndRead(),
      (async () => [await inGroup(), await fromOffset(), await fromTime(), await inTransactions()])(),
    ]);
    const found = await apacheKafkaOrSkipReason();
    return { version: found.available ? found.installation.version : '', lines: [...written, ...read] };
  },
};
