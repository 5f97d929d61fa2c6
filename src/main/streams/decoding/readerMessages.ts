/** What the reader of a stream tells, as messages to the stream in the main process. */
import type { LayerStatus } from '../../../shared/contract';
import type { Fetched, Passed, ReaderListener, ReaderState } from '../../kafka/reading';
import type { OfStream } from './messages';

function statusOf(state: ReaderState): LayerStatus {
  switch (state.kind) {
    case 'reading':
    case 'throttled':
      return state;
    case 'partly':
      return { kind: 'partly', partitions: [...state.partitions], reason: state.error.message };
    case 'retrying': {
      const { message, action, retriable } = state.error;
      return retriable ? { kind: 'retrying', reason: message } : { kind: 'failed', reason: message, action };
    }
  }
}

/** @param take what becomes of the records */
export function readerMessages(
  stream: number,
  tell: (message: OfStream) => void,
  take: (fetched: Fetched) => Promise<Passed>,
): ReaderListener {
  const highWatermarks = new Map<number, number>();
  return {
    onStart: (located) => tell({ kind: 'located', stream, located }),
    onFetched: (fetched) => {
      const { partition, highWatermark } = fetched;
      if (highWatermarks.get(partition) !== highWatermark) {
        highWatermarks.set(partition, highWatermark);
        tell({ kind: 'high-watermark', stream, partition, highWatermark });
      }
      return take(fetched);
    },
    onState: (state) => tell({ kind: 'reader', stream, status: statusOf(state) }),
    onEvent: (event) => tell({ kind: 'event', stream, event }),
    onReplaced: () => tell({ kind: 'replaced', stream }),
    onDone: () => tell({ kind: 'reader', stream, status: { kind: 'done' } }),
  };
}
