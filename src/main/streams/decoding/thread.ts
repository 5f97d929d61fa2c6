/** The decoder's thread: decoding must never hold up the main process, which serves the window and the menus. */
import { parentPort } from 'node:worker_threads';
import { createDecoder } from './decoder';
import type { ToDecoder } from './messages';

const port = parentPort;
if (!port) throw new Error('this is a thread of the main process, and no program of its own');
const decoder = createDecoder((message, transfer) => port.postMessage(message, transfer));
port.on('message', (message: ToDecoder) => decoder.receive(message));
