/**
 * The streams' way to their reader and decoder, in a thread of its own. Small: the thread is started before the rest of the
 * app is loaded.
 */
import { Worker } from 'node:worker_threads';
import type { FromDecoder, OfStream, ToDecoder } from './messages';

export interface Decoding {
  /** `transfer`: buffers that are handed over. */
  post(message: ToDecoder, transfer?: readonly ArrayBuffer[]): void;
  /** What is said of a stream, from its opening to its closing. */
  listen(stream: number, listener: (message: OfStream) => void): void;
  close(): void;
}

export type Log = (level: 'warn' | 'error', message: string) => void;

/** Keeps who is told of which stream. */
export function createListeners(log: Log) {
  const listeners = new Map<number, (message: OfStream) => void>();
  return {
    listen: (stream: number, listener: (message: OfStream) => void) => {
      listeners.set(stream, listener);
    },
    noteSent: (message: ToDecoder) => {
      if (message.kind === 'close') listeners.delete(message.stream);
    },
    tell: (message: FromDecoder) => {
      if (message.kind === 'log') log(message.level, message.message);
      else listeners.get(message.stream)?.(message);
    },
    failAll: (reason: string) => {
      for (const stream of [...listeners.keys()]) listeners.get(stream)?.({ kind: 'failed', stream, reason });
    },
  };
}

/**
 * Passes messages on in order, and no more than one batch a turn of the event loop: to post one takes some 2 ms, and all
 * that came while this process had no core would be posted at one stretch.
 */
function inTurns(tell: (message: FromDecoder) => void): (message: FromDecoder) => void {
  const waiting: FromDecoder[] = [];
  let pausing = false;
  function goOn(): void {
    pausing = false;
    while (!pausing) {
      const next = waiting.shift();
      if (!next) return;
      pausing = next.kind === 'batch';
      if (pausing) setImmediate(goOn);
      tell(next);
    }
  }
  return (message) => {
    waiting.push(message);
    if (!pausing) goOn();
  };
}

/**
 * @param entry the built thread (out/main/decoder.cjs)
 * @param log for what is said there; and when the thread has ended against its will, of which every stream is told too
 */
export function decodeInThread(entry: string, log: Log): Decoding {
  const { listen, noteSent, tell, failAll } = createListeners(log);
  /** What every thread has to be told. */
  let limit: ToDecoder | undefined;
  let closed = false;
  let worker: Worker | undefined = start();

  function start(): Worker {
    const started = new Worker(entry);
    let reason = 'it ended';
    started.on('message', inTurns(tell));
    started.on('error', (error) => {
      reason = error.message;
    });
    started.on('exit', () => {
      if (closed) return;
      // The next one comes when a stream is opened again: what ended this one may end that one, too.
      worker = undefined;
      log('error', `the decoder's thread ended: ${reason}`);
      failAll(`the decoder's thread ended: ${reason}`);
    });
    if (limit) started.postMessage(limit);
    return started;
  }

  return {
    post: (message, transfer = []) => {
      noteSent(message);
      if (message.kind === 'limit') limit = message;
      if (message.kind === 'open') worker ??= start();
      worker?.postMessage(message, transfer);
    },
    listen,
    close: () => {
      closed = true;
      void worker?.terminate();
    },
  };
}
