/** Log lines, as JSON objects or as sentences; on stderr, so that stdout holds nothing but the address. */
export type LogForm = 'json' | 'text';
export type LogDetails = Readonly<Record<string, unknown>>;

export interface Logger {
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
}

const MAX_DETAIL = 4000;

export function createLogger(form: LogForm, write: (line: string) => void): Logger {
  const line = (level: string, message: string, details: LogDetails = {}) => {
    const time = new Date().toISOString();
    const bounded = Object.entries(details).map(([name, value]) => [name, shortened(value)] as const);
    if (form === 'json') {
      return write(`${JSON.stringify({ event: 'log', time, level, message, ...Object.fromEntries(bounded) })}\n`);
    }
    const tail = bounded.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    write(`${time} ${level} ${message}${tail.join('')}\n`);
  };
  return {
    info: (message, details) => line('info', message, details),
    warn: (message, details) => line('warn', message, details),
    error: (message, details) => line('error', message, details),
  };
}

/** Names in a line come from clients, and may be long. */
function shortened(value: unknown): unknown {
  return typeof value === 'string' && value.length > MAX_DETAIL ? `${value.slice(0, MAX_DETAIL)}…` : value;
}

/** Lines of one message that are written within a window, in ms; of the others only the number is told. */
const LINES_PER_WINDOW = 40;
const WINDOW_MS = 10_000;

/** A logger for what clients bring about: however often they do it, it cannot fill the log. */
export function limitRate(log: Logger): Logger {
  const windows = new Map<string, { lines: number; dropped: number }>();
  const limited = (level: keyof Logger) => (message: string, details?: LogDetails) => {
    const key = `${level} ${message}`;
    let window = windows.get(key);
    if (window === undefined) {
      const opened = { lines: 0, dropped: 0 };
      window = opened;
      windows.set(key, opened);
      const close = () => {
        windows.delete(key);
        if (opened.dropped > 0) log[level](message, { andMoreOfThese: opened.dropped, withinMs: WINDOW_MS });
      };
      setTimeout(close, WINDOW_MS).unref();
    }
    window.lines += 1;
    if (window.lines <= LINES_PER_WINDOW) log[level](message, details);
    else window.dropped += 1;
  };
  return { info: limited('info'), warn: limited('warn'), error: limited('error') };
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
