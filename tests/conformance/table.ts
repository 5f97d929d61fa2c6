/** docs/conformance.md: what each client does with the built-in broker, as the last run found it. */
import { CHECKS, type Check, CODECS } from './scene.ts';

export interface Row {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly cells: Readonly<Record<Check, string>>;
}

const HEADINGS: Readonly<Record<Check, string>> = {
  ...(Object.fromEntries(CODECS.map((codec) => [codec, codec])) as Record<(typeof CODECS)[number], string>),
  records: 'keys, headers, nulls',
  group: 'group',
  offset: 'offset',
  time: 'time',
  idempotence: 'idempotence',
  transactions: 'transactions',
};

const INTRODUCTION = `# Which clients the built-in broker gets along with

Written by \`npx vitest run tests/conformance -u\`, which runs every client below against the broker; without \`-u\` the
run fails where this table is not what it found.

| column | what is checked |
| --- | --- |
| a codec | ${'`none`'} to ${'`zstd`'}: the client produces with it and reads it back; kafkajs reads the same; the batches on the wire have it |
| keys, headers, nulls | a key, a header, a null value and a null key come back as they were |
| group | one member reads a part and commits, the next goes on there; the committed offset is right |
| offset | reading from an offset |
| time | reading from the first record at or after a time |
| idempotence | every batch carries a producer id |
| transactions | committed records are read, aborted ones are not; offsets in a transaction where the client has them. kcat and the console tools can only commit |

A dash with words: the client itself has no such thing. kafkajs reads Zstandard and has no encoder of its own.
@platformatic/kafka reads Snappy bare, as it writes it, and not in the frames of Java's clients and kafkajs.
The broker never decompresses: a time within a compressed batch is answered with the first record of that batch.
`;

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

export function formatTable(rows: readonly Row[]): string {
  const heads = ['client', 'version', ...CHECKS.map((check) => HEADINGS[check])];
  return [
    INTRODUCTION,
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map(({ name, kind, version, cells }) =>
      line([`${name} (${kind})`, version, ...CHECKS.map((check) => cells[check])]),
    ),
    '',
  ].join('\n');
}

/** The committed row of a client that cannot be run here, or is here in another version. */
export function committedLine(table: string, { name, kind }: Pick<Row, 'name' | 'kind'>): string | undefined {
  return table.split('\n').find((text) => text.startsWith(`| ${name} (${kind}) |`));
}
