/** The built-in broker as a child process of a test, from built code (see builtBroker.ts). Every broker gets a free port. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { makeGuardedFolder, removeGuardedFolder, spawnGuarded } from '../../apacheKafka/guarded.mjs';
import { buildBroker } from './builtBroker.ts';

export { buildBroker };

export interface BrokerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface BrokerProcess {
  readonly host: string;
  readonly port: number;
  /** `host:port`, as Kafka clients want it. */
  readonly address: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** Everything on stderr so far. */
  log(): string;
  /** Ends it in order (SIGTERM) and waits until it is gone. */
  stop(): Promise<BrokerExit>;
  /** Ends it as a crash would (SIGKILL) and waits until it is gone. */
  kill(): Promise<BrokerExit>;
}

export interface BrokerProcessOptions {
  /** A new temporary folder unless given; remove it with `removeDataDir`. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly args?: readonly string[];
  /** Lets `memoryOf` look into the process. */
  readonly withMemoryProbe?: boolean;
}

const PROBE = `process.on('message', () => { gc(); gc(); process.send(process.memoryUsage()); }); process.channel.unref();`;

/** Bytes that a broker started with `withMemoryProbe` holds once its garbage is collected. */
export function memoryOf({ child }: BrokerProcess): Promise<NodeJS.MemoryUsage> {
  return new Promise((done, fail) => {
    const ended = () => fail(new Error('the broker has ended'));
    child.once('exit', ended);
    child.once('message', (usage) => {
      child.off('exit', ended);
      done(usage as unknown as NodeJS.MemoryUsage);
    });
    child.send('memory');
  });
}

export function makeDataDir(): Promise<string> {
  return makeGuardedFolder('geostream-broker-data-');
}

export function removeDataDir(dataDir: string): Promise<void> {
  return removeGuardedFolder(dataDir);
}

/** Resolves when the broker says that it listens; rejects with its output if it ends instead. */
export async function startBrokerProcess(options: BrokerProcessOptions = {}): Promise<BrokerProcess> {
  const file = await buildBroker();
  const dataDir = options.dataDir ?? (await makeDataDir());
  const args = ['--port', String(options.port ?? 0), '--data', dataDir, '--log', 'json', ...(options.args ?? [])];
  const probe = ['--expose-gc', `--import=data:text/javascript,${encodeURIComponent(PROBE)}`];
  const stdio: ('pipe' | 'ipc')[] = options.withMemoryProbe
    ? ['pipe', 'pipe', 'pipe', 'ipc']
    : ['pipe', 'pipe', 'pipe'];
  const child = spawnGuarded(process.execPath, [...(options.withMemoryProbe ? probe : []), file, ...args], { stdio });
  if (child.stdout === null || child.stderr === null) throw new Error('the broker has no output');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const gone = new Promise<BrokerExit>((done) => {
    child.once('close', (code, signal) => done({ code, signal }));
  });
  const lines = createInterface({ input: child.stdout });
  const listening = await new Promise<{ host: string; port: number }>((done, fail) => {
    lines.on('line', (line) => {
      const message: unknown = JSON.parse(line);
      if (isListening(message)) done(message);
    });
    void gone.then(({ code, signal }) => fail(new Error(`the broker ended (${code ?? signal}): ${stderr}`)));
  });
  const end = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return gone;
  };
  return {
    host: listening.host,
    port: listening.port,
    address: `${listening.host}:${listening.port}`,
    dataDir,
    child,
    log: () => stderr,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function isListening(message: unknown): message is { event: 'listening'; host: string; port: number } {
  return typeof message === 'object' && message !== null && 'event' in message && message.event === 'listening';
}
