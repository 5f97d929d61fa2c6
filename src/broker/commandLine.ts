/** The broker's command line. */
import { parseArgs } from 'node:util';
import type { WantedTopic } from './broker.ts';
import { type BrokerLimits, GREATEST_LIMIT, LIMIT_SETTINGS, type LimitSetting, limitsOf } from './limits.ts';
import { checkOverrides } from './log/configOperation.ts';
import { checkTopicName } from './log/topicName.ts';
import type { LogForm } from './logger.ts';

export const USAGE = `Usage: broker [options]

A single-node broker that speaks the Apache Kafka protocol on 127.0.0.1.

  --port N            port to listen on (default 9092; a free one if it is taken; 0 for any free one)
  --strict-port       fail if the port is taken
  --data DIR          folder for topics and offsets (default ./broker-data)
  --partitions N      partitions of topics that are created without a count (default 1)
  --topic NAME[,CONFIG=VALUE...]
                      a topic that is made before the broker listens, unless it is there; may be given more than once
  --log json|text     form of the lines on stdout and stderr (default text)
  --exit-with-stdin   end when standard input ends, as when the parent process goes
  --version           show the version
  --help              show this

Limits, for all clients together or for each:

${Object.values(LIMIT_SETTINGS).map(describeLimit).join('\n')}

Ends with 0 when told to stop (SIGTERM, SIGINT, SIGHUP), 1 if it failed, 2 if another process has the folder, 64 on wrong options.
`;

export interface CommandLine {
  readonly port: number;
  readonly strictPort: boolean;
  readonly dataDir: string;
  readonly defaultPartitions: number;
  readonly topics: readonly WantedTopic[];
  readonly logForm: LogForm;
  readonly exitWithStdin: boolean;
  readonly limits: BrokerLimits;
  readonly version: boolean;
  readonly help: boolean;
}

function describeLimit({ option, standard, meaning }: LimitSetting): string {
  return `  --${option} N (default ${standard})\n      ${meaning}`;
}

const limitOptions = Object.fromEntries(
  Object.values(LIMIT_SETTINGS).map(({ option }) => [option, { type: 'string' as const }]),
);

/** Throws an Error that says what is wrong with the arguments. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '9092' },
      'strict-port': { type: 'boolean', default: false },
      data: { type: 'string', default: 'broker-data' },
      partitions: { type: 'string', default: '1' },
      topic: { type: 'string', multiple: true, default: [] },
      log: { type: 'string', default: 'text' },
      'exit-with-stdin': { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      ...limitOptions,
    },
  });
  const { log } = values;
  const given: Readonly<Record<string, unknown>> = values;
  const limits = limitsOf(({ option, standard, least }) =>
    wholeNumber(`--${option}`, String(given[option] ?? standard), least, GREATEST_LIMIT),
  );
  if (limits.maxUnfinishedBytes < limits.maxRequestBytes) {
    throw new Error(
      '--max-unfinished-bytes has to be at least --max-request-bytes: no request of that size would come in',
    );
  }
  if (log !== 'json' && log !== 'text') throw new Error(`--log has to be json or text, not ${log}`);
  return {
    port: wholeNumber('--port', values.port, 0, 65535),
    strictPort: values['strict-port'],
    dataDir: values.data,
    defaultPartitions: wholeNumber('--partitions', values.partitions, 1, 1000),
    topics: values.topic.map(wantedTopic),
    logForm: log,
    exitWithStdin: values['exit-with-stdin'],
    limits,
    version: values.version,
    help: values.help,
  };
}

function wantedTopic(text: string): WantedTopic {
  const [name = '', ...configs] = text.split(',');
  const overrides: Record<string, string> = {};
  for (const config of configs) {
    const equals = config.indexOf('=');
    if (equals < 1) throw new Error(`--topic ${name}: ${config} has to be CONFIG=VALUE`);
    overrides[config.slice(0, equals)] = config.slice(equals + 1);
  }
  const problem = checkTopicName(name) ?? checkOverrides(overrides);
  if (problem !== undefined) throw new Error(`--topic ${text}: ${problem}`);
  return { name, overrides };
}

function wholeNumber(option: string, text: string, least: number, greatest: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= greatest) return number;
  throw new Error(`${option} has to be a whole number between ${least} and ${greatest}, not ${text}`);
}
