/** kcat, a command line over librdkafka: C. */
import { z } from 'zod';
import { missingProgram, runProgram } from '../program.ts';
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

/** A line of `kcat -J`; headers are name and value by turns. */
const jsonRecord = z.object({
  offset: z.number(),
  key: z.string().nullable(),
  payload: z.string().nullable(),
  headers: z.array(z.string()).default([]),
});

function parseRecord(text: string): FoundRecord {
  const { offset, key, payload, headers } = jsonRecord.parse(JSON.parse(text));
  const at = headers.findIndex((word, index) => index % 2 === 0 && word === 'h');
  return { offset, key, value: payload, header: at === -1 ? null : (headers[at + 1] ?? null) };
}

const asInput = (records: readonly SentRecord[]) =>
  records.map(({ key, value }) => `${key ?? ''}\t${value ?? ''}\n`).join('');

export const kcatClient: Client = {
  name: 'kcat',
  kind: 'C, librdkafka',
  missing: () => missingProgram('kcat', ['-V'], 'kcat is not installed: apt-get install -y kcat'),
  async run({ bootstrap, prefix, given }: Scene) {
    const kcat = (args: readonly string[], input = '') => runProgram('kcat', ['-b', bootstrap, ...args], input);
    /** With empty keys and values as null, as `-Z` has them. */
    const produceArgs = (topic: string, header: string | null) => [
      ...['-P', '-t', topic, '-p', '0', '-K', '\t', '-Z'],
      ...(header === null ? [] : ['-H', `h=${header}`]),
    ];
    const produce = (topic: string, records: readonly SentRecord[], args: readonly string[] = []) =>
      kcat([...produceArgs(topic, records[0]?.header ?? null), ...args], asInput(records));
    const consume = async (args: readonly string[]) =>
      (await kcat([...args, '-J', '-q']))
        .split('\n')
        .filter((text) => text !== '')
        .map(parseRecord);
    const read = (topic: string, from: string, args: readonly string[] = []) =>
      consume(['-C', '-t', topic, '-p', '0', '-o', from, '-e', ...args]);
    const writeAndRead = (check: Check, records: readonly SentRecord[], args: readonly string[] = []) =>
      attempt(check, async () => {
        const topic = `${prefix}-${check}`;
        // The header holds for all records of one run.
        const runs = check === 'records' ? records.map((record) => [record]) : [records];
        for (const run of runs) await produce(topic, run, args);
        return { topic, sent: [...records], found: await read(topic, 'beginning') };
      });

    const lines: Line[] = [];
    for (const codec of CODECS) lines.push(await writeAndRead(codec, someRecords(codec), ['-z', codec]));
    lines.push(await writeAndRead('records', ODD_RECORDS));
    lines.push(
      await attempt('group', async () => {
        const group = `${prefix}-group`;
        const next = (count: number) =>
          consume(['-G', group, '-X', 'auto.offset.reset=earliest', '-c', String(count), given.topic]);
        const first = await next(given.firstRead);
        const rest = await next(given.count - given.firstRead);
        return { found: [...first, ...rest], committed: { group, topic: given.topic, offset: given.count } };
      }),
    );
    lines.push(await attempt('offset', async () => ({ found: await read(given.topic, String(given.offset)) })));
    lines.push(await attempt('time', async () => ({ found: await read(given.topic, `s@${given.time}`) })));
    lines.push(await writeAndRead('idempotence', someRecords('idempotence'), ['-X', 'enable.idempotence=true']));
    lines.push(
      // One run is one transaction; there is no way to abort it.
      await attempt('transactions', async () => {
        const topic = `${prefix}-transactions`;
        const records = someRecords('kept', 10);
        const transactional = ['-X', `transactional.id=${prefix}-transactional`];
        for (let run = 0; run < 2; run += 1) await produce(topic, records, transactional);
        const found = await read(topic, 'beginning', ['-X', 'isolation.level=read_committed']);
        return { topic, sent: [...records, ...records], aborted: 0, found };
      }),
    );
    const version = /Version (\S+) .*librdkafka (\S+)/.exec(await runProgram('kcat', ['-V']));
    return { version: `${version?.[1]} (librdkafka ${version?.[2]})`, lines };
  },
};
