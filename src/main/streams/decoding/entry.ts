/** Entry of the decoder's thread: takes what has been compiled before, and begins. */
import { parentPort } from 'node:worker_threads';
import { useCodeCache } from '../../start/codeCache';
import type { FromDecoder } from './messages';

const say = (message: FromDecoder) => parentPort?.postMessage(message);

useCodeCache(import.meta.dirname, 'decoder', (message) => say({ kind: 'log', level: 'warn', message }));
void import('./thread');
