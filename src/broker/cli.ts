/** Entry point: runs the broker alone, under Node or in Electron's utility process. See USAGE in commandLine.ts. */
import { type RunningBroker, startBroker } from './broker.ts';
import { type CommandLine, parseCommandLine, USAGE } from './commandLine.ts';
import { DataFolderLockedError } from './log/dataFolder.ts';
import { createLogger, type LogForm } from './logger.ts';
import { BROKER_VERSION } from './version.ts';

const EXIT_FAILED = 1;
const EXIT_LOCKED = 2;
const EXIT_USAGE = 64;

function fail(form: LogForm, code: string, message: string, status: number): void {
  const line = form === 'json' ? `${JSON.stringify({ event: 'error', code, message })}\n` : `${message}\n`;
  process.exitCode = status;
  // Electron's utility process does not end by itself when nothing is left to do.
  process.stderr.write(line, () => process.exit(status));
}

function sayListening({ logForm }: CommandLine, { host, port, dataDir, topics }: RunningBroker): void {
  const line =
    logForm === 'json'
      ? JSON.stringify({ event: 'listening', host, port, data: dataDir, topics })
      : `Kafka broker listening on ${host}:${port}, data in ${dataDir}`;
  process.stdout.write(`${line}\n`);
}

async function run(options: CommandLine): Promise<void> {
  const log = createLogger(options.logForm, (line) => process.stderr.write(line));
  const broker = await startBroker({ ...options, log });
  // A parent that is gone no longer reads: that must not end the broker before its files are in order.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    broker.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('the broker could not be closed in order', { error: String(error) });
        process.exit(EXIT_FAILED);
      },
    );
  };
  process.on('SIGTERM', stop);
  // The terminal has been closed.
  process.on('SIGHUP', stop);
  // Ctrl-C goes to every process of a terminal; in Electron's utility process it is the app that ends the broker.
  process.on('SIGINT', 'parentPort' in process ? () => {} : stop);
  if (options.exitWithStdin) process.stdin.on('end', stop).on('error', stop).resume();
  sayListening(options, broker);
}

async function main(args: readonly string[]): Promise<void> {
  let options: CommandLine;
  try {
    options = parseCommandLine(args);
  } catch (error) {
    return fail('text', 'USAGE', `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, EXIT_USAGE);
  }
  if (options.help) return void process.stdout.write(USAGE);
  if (options.version) return void process.stdout.write(`GeoStream broker ${BROKER_VERSION}\n`);
  try {
    await run(options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof DataFolderLockedError) return fail(options.logForm, error.code, message, EXIT_LOCKED);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'START_FAILED';
    const advice =
      code === 'EADDRINUSE' ? `Port ${options.port} is taken. Choose another: --port N. (${message})` : message;
    fail(options.logForm, code, advice, EXIT_FAILED);
  }
}

void main(process.argv.slice(2));
