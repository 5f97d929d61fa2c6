/** Main's end of the points port. What comes over it is parsed: the page is not trusted. */
import type { MessagePortMain } from 'electron';
import { z } from 'zod';
import type { FromWorker, ToWorker } from '../../shared/pointsPort';

/** Nothing waits longer for a frame: far more than two frames are apart. */
const MOST_NEXT_MS = 1_000;
const count = z.number().int().min(0);
const fromWorker = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ack'),
    stream: count,
    sequence: count,
    shown: count,
    late: count,
    removed: count,
    entities: count,
    hidden: count,
    nextIn: z.number().min(0).max(MOST_NEXT_MS).nullable(),
  }),
  z.object({ kind: z.literal('failed'), stream: count, message: z.string().max(1_000) }),
  z.object({ kind: z.literal('entities'), stream: count, entities: count, hidden: count }),
]);

export interface PointsPort {
  post(message: ToWorker): void;
  listen(listener: (message: FromWorker) => void): void;
  close(): void;
}

/** `onBad` is told of a message that is not of the protocol; it is ignored. */
export function createPointsPort(port: MessagePortMain, onBad: (message: string) => void): PointsPort {
  let closed = false;
  port.on('close', () => {
    closed = true;
  });
  return {
    post: (message) => {
      if (!closed) port.postMessage(message);
    },
    listen: (listener) => {
      port.on('message', ({ data }) => {
        const parsed = fromWorker.safeParse(data);
        if (parsed.success) listener(parsed.data);
        else onBad(`the points port got a message that is none: ${parsed.error.message.slice(0, 300)}`);
      });
      port.start();
    },
    close: () => {
      closed = true;
      port.close();
    },
  };
}
