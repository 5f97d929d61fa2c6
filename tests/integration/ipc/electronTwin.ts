/**
 * As much of Electron as the main process's parts use behind the window, without Electron: the broker is a child of plain
 * Node, ports are Node's, and what would leave the app (clipboard, browser, dialogs) is only noted.
 */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { spawnGuarded } from '../../apacheKafka/guarded.mjs';
import { buildBroker } from '../broker/builtBroker.ts';

/** What has left the app, or would have. */
export const outside = {
  copied: 0,
  opened: [] as string[],
  /** The file that the person chooses in the next dialogs; null: cancels. */
  chosen: null as string | null,
};

export const clipboard = {
  writeText: (text: string) => {
    if (typeof text !== 'string') throw new TypeError('the clipboard takes text');
    outside.copied += 1;
  },
};

export const shell = {
  openExternal: async (url: string) => {
    outside.opened.push(url);
  },
  openPath: async (path: string) => {
    outside.opened.push(path);
    return '';
  },
};

export const dialog = {
  showOpenDialog: async () => ({ canceled: outside.chosen === null, filePaths: [outside.chosen ?? ''] }),
};

export const BrowserWindow = { fromWebContents: () => null };

type Handler = (event: unknown, ...args: unknown[]) => unknown;
const handlers = new Map<string, Handler>();

export const ipcMain = {
  handle: (channel: string, handler: Handler) => {
    if (handlers.has(channel)) throw new Error(`there is a handler for ${channel} already`);
    handlers.set(channel, handler);
  },
  removeHandler: (channel: string) => void handlers.delete(channel),
};

/** As `ipcRenderer.invoke` does it, input cloned on the way. */
export async function invoke(event: unknown, channel: string, ...args: unknown[]): Promise<unknown> {
  const handler = handlers.get(channel);
  if (!handler) throw new Error(`there is no handler for ${channel}`);
  return structuredClone(await handler(event, ...args.map((arg) => structuredClone(arg))));
}

class PortMain extends EventEmitter {
  constructor(private readonly port: MessagePort) {
    super();
    port.on('message', (data) => this.emit('message', { data, ports: [] }));
    port.on('close', () => this.emit('close'));
    port.unref();
  }
  postMessage(message: unknown) {
    this.port.postMessage(message);
  }
  start() {
    this.port.start();
    this.port.unref();
  }
  close() {
    this.port.close();
  }
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: MessagePort;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = port2;
  }
}

const entry = await buildBroker();
export const utilityProcess = {
  fork: (_entry: string, args: readonly string[]) =>
    spawnGuarded(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'pipe'] }),
};

export const app = { getPath: () => '', getVersion: () => '0.0.0', on: () => undefined };
export const safeStorage = {};
export const session = {};
export const protocol = {};
export const screen = { getAllDisplays: () => [] };
