/** Independent Kafka clients against the built-in broker, each with all that it can do; ends with docs/conformance.md. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from '../integration/broker/startBrokerProcess.ts';
import { apacheTools } from './clients/apacheTools.ts';
import { kafkajsClient } from './clients/kafkajs.ts';
import { kcatClient } from './clients/kcat.ts';
import { platformaticClient } from './clients/platformatic.ts';
import { aiokafka, confluentKafka, kafkaPython } from './clients/python.ts';
import { type Evidence, gather, prepareScene } from './judge.ts';
import { CHECKS, type Check, type Client, CODECS, type Line, type Outcome, type Scene } from './scene.ts';
import { committedLine, formatTable, type Row } from './table.ts';

const TABLE = join(import.meta.dirname, '../../docs/conformance.md');

const known: readonly Client[] = [
  kafkajsClient,
  platformaticClient,
  kcatClient,
  confluentKafka,
  kafkaPython,
  aiokafka,
  apacheTools,
];
const clients = await Promise.all(known.map(async (client) => ({ client, reason: await client.missing() })));
for (const { client, reason } of clients) {
  if (reason === undefined) continue;
  if (process.env.CI) throw new Error(reason);
  console.warn(`Conformance of ${client.name} is skipped: ${reason}`);
}

let broker: BrokerProcess;
let common: Omit<Scene, 'prefix'>;
const rows = new Map<string, Row>();

beforeAll(async () => {
  broker = await startBrokerProcess();
  common = await prepareScene(broker.address);
});

afterAll(async () => {
  await broker?.stop();
  if (broker) await removeDataDir(broker.dataDir);
});

const isCodec = (check: Check): check is (typeof CODECS)[number] => CODECS.some((codec) => codec === check);

/** What the client sent is what kafkajs reads, and what the client reads; and the batches are what they should be. */
function judgeWritten(line: Line, { read, batches }: Evidence): void {
  const { check, topic = '', sent = [], aborted = 0, found } = line;
  const records = read.get(topic) ?? [];
  expect(records.map(({ key, value, header }) => ({ key, value, header }))).toEqual(sent);
  expect(found).toEqual(records);
  const written = batches.get(topic) ?? [];
  expect(written.reduce((sum, { recordCount }) => sum + recordCount, 0)).toBe(sent.length + aborted);
  if (isCodec(check)) expect(new Set(written.map(({ codec }) => codec))).toEqual(new Set([check]));
  if (check === 'idempotence') expect(written.every(({ isIdempotent }) => isIdempotent)).toBe(true);
  if (check === 'transactions') expect(written.every(({ isTransactional }) => isTransactional)).toBe(true);
}

function judge(line: Line, evidence: Evidence): void {
  if (line.error !== undefined) throw new Error(line.error);
  const given = evidence.read.get(common.given.topic) ?? [];
  expect(given.map(({ offset }) => offset)).toEqual(Array.from({ length: common.given.count }, (_, index) => index));
  if (line.check === 'group') expect(line.found).toEqual(given);
  else if (line.check === 'offset') expect(line.found).toEqual(given.slice(common.given.offset));
  else if (line.check === 'time') expect(line.found).toEqual(given.slice(-common.given.afterTime));
  else judgeWritten(line, evidence);
  const { committed } = line;
  if (committed) expect(evidence.committed.get(`${committed.group} ${committed.topic}`)).toBe(committed.offset);
}

describe.each(clients.map((entry, index) => [entry.client.name, entry, index] as const))(
  '%s',
  (_, { client, reason }, index) => {
    let outcome: Outcome;
    let evidence: Evidence;
    const cells: Partial<Record<Check, string>> = {};

    beforeAll(async () => {
      if (reason !== undefined) return;
      const scene = { ...common, prefix: `client-${index}` };
      outcome = await client.run(scene);
      evidence = await gather(scene, outcome);
    });

    afterAll(() => {
      if (reason !== undefined) return;
      const all = Object.fromEntries(CHECKS.map((check) => [check, cells[check] ?? 'fails'])) as Record<Check, string>;
      rows.set(client.name, { name: client.name, kind: client.kind, version: outcome.version, cells: all });
    });

    it.skipIf(reason !== undefined).each(CHECKS)('%s', (check) => {
      const lines = outcome.lines.filter((line) => line.check === check);
      expect(lines).toHaveLength(1);
      const [line = { check }] = lines;
      const isTried = line.sent !== undefined || line.found !== undefined || line.error !== undefined;
      if (isTried || line.lacks === undefined) judge(line, evidence);
      cells[check] = line.lacks === undefined ? 'yes' : `– (${line.lacks})`;
    });
  },
);

it('finds what docs/conformance.md says', async () => {
  const committed = await readFile(TABLE, 'utf8').catch(() => '');
  // Only CI has every client in the version of the table: elsewhere the row of one that differs is left as it is.
  const table = formatTable(known.map((client) => rows.get(client.name) ?? unknownRow(client)))
    .split('\n')
    .map((text) => {
      const client = known.find(({ name, kind }) => text.startsWith(`| ${name} (${kind}) |`));
      if (client === undefined) return text;
      const before = committedLine(committed, client);
      const version = rows.get(client.name)?.version;
      const isOther = version === undefined || !before?.includes(`| ${version} |`);
      if (before === undefined || !isOther || process.env.CI) return text;
      if (version !== undefined) console.warn(`${client.name} ${version} is not the version of the table`);
      return process.argv.includes('-u') && version !== undefined ? text : before;
    })
    .join('\n');
  await expect(table).toMatchFileSnapshot(TABLE);
});

const unknownRow = ({ name, kind }: Client): Row => ({
  name,
  kind,
  version: 'not tried',
  cells: Object.fromEntries(CHECKS.map((check) => [check, '?'])) as Record<Check, string>,
});
