/** The broker's command line. */
import { parseArgs } from 'node:util';
import type { LogForm } from './logger.ts';

export const USAGE = `Usage: broker [options]

A single-node broker that speaks the Apache Kafka protocol on 127.0.0.1.

  --port N            port to listen on (default 9092; a free one if it is taken; 0 for any free one)
  --strict-port       fail if the port is taken
  --data DIR          folder for topics and offsets (default ./broker-data)
  --partitions N      partitions of topics that are created without a count (default 1)
  --log json|text     form of the lines on stdout and stderr (default text)
  --exit-with-stdin   end when standard input ends, as when the parent process goes
  --help              show this
`;

export interface CommandLine {
  readonly port: number;
  readonly strictPort: boolean;
  readonly dataDir: string;
  readonly defaultPartitions: number;
  readonly logForm: LogForm;
  readonly exitWithStdin: boolean;
  readonly help: boolean;
}

/** Throws an Error that says what is wrong with the arguments. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '9092' },
      'strict-port': { type: 'boolean', default: false },
      data: { type: 'string', default: 'broker-data' },
      partitions: { type: 'string', default: '1' },
      log: { type: 'string', default: 'text' },
      'exit-with-stdin': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { log } = values;
  if (log !== 'json' && log !== 'text') throw new Error(`--log has to be json or text, not ${log}`);
  return {
    port: wholeNumber('--port', values.port, 0, 65535),
    strictPort: values['strict-port'],
    dataDir: values.data,
    defaultPartitions: wholeNumber('--partitions', values.partitions, 1, 1000),
    logForm: log,
    exitWithStdin: values['exit-with-stdin'],
    help: values.help,
  };
}

function wholeNumber(option: string, text: string, least: number, greatest: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= greatest) return number;
  throw new Error(`${option} has to be a whole number between ${least} and ${greatest}, not ${text}`);
}
