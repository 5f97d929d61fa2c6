/**
 * The thread that reads and decodes: a backlog must never hold up the main process, which serves the window and the
 * menus. The records' bytes never pass through there, only finished batches: each collection of so much that is soon
 * garbage would stop it for tens of milliseconds.
 */
import { parentPort } from 'node:worker_threads';
import { loadKafkajs } from '../../kafka/kafkajsInternals';
import { openReader } from '../../kafka/reader';
import { createDecoder } from './decoder';
import type { ToDecoder } from './messages';

const port = parentPort;
if (!port) throw new Error('this is a thread of the main process, and no program of its own');
const decoder = createDecoder(openReader, (message, transfer) => port.postMessage(message, transfer));
port.on('message', (message: ToDecoder) => decoder.receive(message));
// No stream should have to wait for it.
loadKafkajs();
