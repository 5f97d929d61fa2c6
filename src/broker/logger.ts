/** Log lines, as JSON objects or as sentences; on stderr, so that stdout holds nothing but the address. */
export type LogForm = 'json' | 'text';
export type LogDetails = Readonly<Record<string, unknown>>;

export interface Logger {
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
}

export function createLogger(form: LogForm, write: (line: string) => void): Logger {
  const line = (level: string, message: string, details: LogDetails = {}) => {
    const time = new Date().toISOString();
    if (form === 'json') return write(`${JSON.stringify({ event: 'log', time, level, message, ...details })}\n`);
    const tail = Object.entries(details).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    write(`${time} ${level} ${message}${tail.join('')}\n`);
  };
  return {
    info: (message, details) => line('info', message, details),
    warn: (message, details) => line('warn', message, details),
    error: (message, details) => line('error', message, details),
  };
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
