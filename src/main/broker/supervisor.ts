/**
 * Runs the built-in broker in a process of its own and starts it again when it dies, on the same port, so that
 * every client finds it where it was.
 */
import { type UtilityProcess, utilityProcess } from 'electron';

export type BrokerState =
  | { readonly kind: 'starting' }
  /** `topics`: of those that were to be made, the ones that are there. */
  | { readonly kind: 'listening'; readonly host: string; readonly port: number; readonly topics: readonly string[] }
  | { readonly kind: 'restarting'; readonly reason: string; readonly retryAt: number }
  /** The person has to act; what was in the way is looked at again every few seconds. */
  | { readonly kind: 'failed'; readonly reason: string; readonly action: string };

export interface BrokerSupervisor {
  readonly state: BrokerState;
  /**
   * From the first call on it runs until closed: other clients may have found it.
   *
   * @param topics as the broker's option --topic has them; made unless they are there
   */
  start(topics: readonly string[]): void;
  /** Who is told of its states from now on; of the present one at once, unless it is only starting. */
  follow(listener: (state: BrokerState) => void): void;
  close(): Promise<void>;
}

export interface SupervisorOptions {
  /** The built process (out/main/brokerProcess.cjs). */
  readonly entry: string;
  readonly dataFolder: string;
  readonly log: (level: 'warn' | 'error' | 'info', message: string) => void;
  /** What is worth keeping, and not worth telling. */
  readonly note: (level: 'info', message: string) => void;
}

const FIRST_PORT = 9092;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
/** A run of this length counts as sound: the next restart is quick again. */
const SOUND_MS = 10_000;
const CLOSE_MS = 1_000;

/** What keeps the broker from starting until a person does something; it is tried again all the same, now and then. */
const LASTING_MS = 5_000;

interface Trouble {
  readonly reason: string;
  readonly action: string;
}

/** Whoever has not opened the app for some weeks still wants to go on where they left off. */
const KEEPS_POSITIONS = ['--offsets-retention-minutes', String(365 * 24 * 60)];
const OTHER_FOLDER = 'or start GeoStream with --user-data-dir and another folder.';

/** By the code that the broker ends with (src/broker/cli.ts): its own, or the system's. */
function lastingTrouble(code: string, folder: string): Trouble | null {
  switch (code) {
    case 'DATA_FOLDER_LOCKED':
      return {
        reason: `Another process uses the built-in broker's folder ${folder}.`,
        action: `End that process, ${OTHER_FOLDER}`,
      };
    case 'DATA_FOLDER_NEWER':
      return {
        reason: `The built-in broker's folder ${folder} is of a newer GeoStream. It is left as it is.`,
        action: `Install the newer GeoStream again, ${OTHER_FOLDER}`,
      };
    case 'EEXIST':
    case 'ENOTDIR':
      return {
        reason: `The built-in broker needs the folder ${folder}, but a file of that name is in its place.`,
        action: `Move the file away, ${OTHER_FOLDER}`,
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        reason: `The built-in broker may not write to its folder ${folder} (${code}).`,
        action: `Make the folder writable, ${OTHER_FOLDER}`,
      };
    case 'ENOSPC':
      return {
        reason: `There is no room left on the disk for the built-in broker's folder ${folder}.`,
        action: `Make room on the disk, ${OTHER_FOLDER}`,
      };
    default:
      return null;
  }
}

interface BrokerLine {
  readonly event?: unknown;
  readonly level?: unknown;
  readonly code?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
  readonly topics?: unknown;
  readonly message?: unknown;
}

function parseLine(line: string): BrokerLine | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}

/** Calls `onLine` for each whole line of a stream; a line is cut at 64 KiB. */
function onLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer | string) => {
    rest += chunk.toString();
    const lines = rest.split('\n');
    rest = (lines.pop() ?? '').slice(-65_536);
    for (const line of lines) if (line !== '') onLine(line);
  });
}

export function superviseBroker({ entry, dataFolder, log, note }: SupervisorOptions): BrokerSupervisor {
  let state: BrokerState = { kind: 'starting' };
  let follower: (state: BrokerState) => void = () => undefined;
  /** From the first start on. */
  let topics: readonly string[] | undefined;
  let child: UtilityProcess | undefined;
  let port: number | undefined;
  let attempts = 0;
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  let lastError = '';
  let lastCode = '';

  const set = (next: BrokerState) => {
    state = next;
    follower(next);
  };

  function run(): void {
    timer = undefined;
    const startedAt = Date.now();
    const ports = port === undefined ? ['--port', String(FIRST_PORT)] : ['--port', String(port), '--strict-port'];
    // One that was deleted since the first start stays deleted.
    const wanted = port === undefined ? (topics ?? []).flatMap((topic) => ['--topic', topic]) : [];
    const args = [...ports, '--data', dataFolder, '--log', 'json', ...KEEPS_POSITIONS, ...wanted];
    const running = utilityProcess.fork(entry, args, { stdio: 'pipe', serviceName: 'GeoStream broker' });
    child = running;
    lastError = '';
    lastCode = '';
    onLines(running.stdout, (line) => {
      note('info', `broker: ${line}`);
      const said = parseLine(line);
      if (said?.event === 'listening' && typeof said.host === 'string' && typeof said.port === 'number') {
        port = said.port;
        const made = Array.isArray(said.topics) ? said.topics.filter((topic) => typeof topic === 'string') : [];
        set({ kind: 'listening', host: said.host, port: said.port, topics: made });
      }
    });
    onLines(running.stderr, (line) => {
      const said = parseLine(line);
      if (said?.event === 'error' && typeof said.message === 'string') {
        lastError = said.message;
        lastCode = String(said.code);
      }
      const level = said?.level;
      log(level === 'warn' || level === 'error' ? level : 'info', `broker: ${line}`);
    });
    running.once('exit', (code) => {
      child = undefined;
      if (closing) return;
      const lasting = lastingTrouble(lastCode, dataFolder);
      if (lasting) {
        log('error', `${lasting.reason} ${lastError}`);
        set({ kind: 'failed', ...lasting });
        timer = setTimeout(run, LASTING_MS);
        return;
      }
      if (Date.now() - startedAt > SOUND_MS) attempts = 0;
      const delay = Math.min(FIRST_DELAY_MS * 2 ** attempts, MAX_DELAY_MS);
      attempts += 1;
      const reason = lastError || `The built-in broker ended with code ${code}.`;
      log('error', `${reason} It is started again in ${delay} ms.`);
      set({ kind: 'restarting', reason, retryAt: Date.now() + delay });
      timer = setTimeout(run, delay);
    });
  }

  return {
    get state() {
      return state;
    },
    start: (wanted) => {
      if (topics !== undefined || closing) return;
      topics = wanted;
      run();
    },
    follow: (listener) => {
      follower = listener;
      if (state.kind !== 'starting') listener(state);
    },
    close: async () => {
      closing = true;
      if (timer !== undefined) clearTimeout(timer);
      const running = child;
      if (!running) return;
      const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill(); // SIGTERM: it flushes and leaves the clean-shutdown marker
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
      if (child === running && running.pid !== undefined) process.kill(running.pid, 'SIGKILL');
    },
  };
}
