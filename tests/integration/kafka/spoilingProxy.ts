/**
 * A proxy in front of one broker that spoils answers: the broker gets the request, and the client a cut connection, silence,
 * or an error in the answer's place.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SpoilingProxy {
  readonly address: string;
  /** Answers spoilt so far. */
  readonly spoilt: number;
  /** The next so many answers to Produce or InitProducerId; the request may be about one partition only. */
  spoil(api: 'produce' | 'initProducerId', times: number, how: Spoiling['how']): void;
  /** Nothing more is spoilt. */
  heal(): void;
  close(): Promise<void>;
}

const API_KEYS = { produce: 0, initProducerId: 22 } as const;
const METADATA = 3;

type Spoiling = { readonly api: number; readonly how: 'cut' | 'silence' | { readonly errorCode: number } };

/** Where the error code is, behind the frame's length and the correlation id. */
function errorCodeAt(api: number, frame: Buffer): number {
  // InitProducerId 0 and 1: the throttle time. Produce 3 to 8: one topic by its name, one partition by its number.
  return api === API_KEYS.initProducerId ? 8 + 4 : 8 + 4 + 2 + frame.readInt16BE(8 + 4) + 4 + 4;
}

/** Calls with each whole frame, its length of 4 bytes included. */
export function eachFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
      const end = 4 + received.readInt32BE(0);
      take(Buffer.from(received.subarray(0, end)));
      received = received.subarray(end);
    }
  });
}

export async function spoilingProxy(broker: string): Promise<SpoilingProxy> {
  const [host = '', port = ''] = broker.split(':');
  const sockets = new Set<Socket>();
  const plan: Spoiling[] = [];
  let spoilt = 0;
  const int32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    const apiOf = new Map<number, number>();
    const doomed = new Map<number, Spoiling>();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    eachFrame(client, (frame) => {
      const [api, id] = [frame.readInt16BE(4), frame.readInt32BE(8)];
      apiOf.set(id, api);
      const next = plan.findIndex((spoiling) => spoiling.api === api);
      const [spoiling] = next < 0 ? [] : plan.splice(next, 1);
      if (spoiling) doomed.set(id, spoiling);
      upstream.write(frame);
    });
    eachFrame(upstream, (frame) => {
      const id = frame.readInt32BE(4);
      const spoiling = doomed.get(id);
      if (spoiling) {
        spoilt += 1;
        if (spoiling.how === 'cut') {
          client.destroy();
          return;
        }
        if (spoiling.how === 'silence') return;
        frame.writeInt16BE(spoiling.how.errorCode, errorCodeAt(spoiling.api, frame));
      }
      if (apiOf.get(id) === METADATA) {
        // The broker names its own address, which clients would go to past the proxy.
        const own = Buffer.concat([Buffer.from(host), int32(Number(port))]);
        const at = frame.indexOf(own);
        if (at >= 0) int32((server.address() as AddressInfo).port).copy(frame, at + host.length);
      }
      client.write(frame);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get spoilt() {
      return spoilt;
    },
    spoil: (api, times, how) => {
      for (let i = 0; i < times; i++) plan.push({ api: API_KEYS[api], how });
    },
    heal: () => void plan.splice(0),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
