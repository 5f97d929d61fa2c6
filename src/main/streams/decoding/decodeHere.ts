/** Reading and decoding in the very thread that asks for it, for tests. */
import { createDecoder, type Source } from './decoder';
import { createListeners, type Decoding, type Log } from './decoding';

export function decodeHere(read: Source, log: Log = () => undefined): Decoding {
  const { listen, noteSent, tell } = createListeners(log);
  const decoder = createDecoder(read, (message) => queueMicrotask(() => tell(message)));
  return {
    post: (message) => {
      noteSent(message);
      decoder.receive(message);
    },
    listen,
    close: () => undefined,
  };
}
