/**
 * A proxy in front of one broker that spoils answers: the broker gets the request, and the client a cut connection, silence,
 * or an error in the answer's place.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { API_KEYS, answerId, eachFrame, requestHead, rewritePorts, tieTogether } from '../frames.ts';

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

type Spoiling = { readonly api: number; readonly how: 'cut' | 'silence' | { readonly errorCode: number } };

/** Where the error code is, behind the frame's length and the correlation id. */
function errorCodeAt(api: number, frame: Buffer): number {
  // InitProducerId 0 and 1: the throttle time. Produce 3 to 8: one topic by its name, one partition by its number.
  return api === API_KEYS.initProducerId ? 8 + 4 : 8 + 4 + 2 + frame.readInt16BE(8 + 4) + 4 + 4;
}

export async function spoilingProxy(broker: string): Promise<SpoilingProxy> {
  const [host = '', port = ''] = broker.split(':');
  const sockets = new Set<Socket>();
  const plan: Spoiling[] = [];
  let spoilt = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    const apiOf = new Map<number, number>();
    const doomed = new Map<number, Spoiling>();
    tieTogether(sockets, client, upstream);
    eachFrame(client, (frame) => {
      const { api, id } = requestHead(frame);
      apiOf.set(id, api);
      const next = plan.findIndex((spoiling) => spoiling.api === api);
      const [spoiling] = next < 0 ? [] : plan.splice(next, 1);
      if (spoiling) doomed.set(id, spoiling);
      upstream.write(frame);
    });
    eachFrame(upstream, (frame) => {
      const id = answerId(frame);
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
      rewritePorts(apiOf.get(id), frame, host, new Map([[Number(port), (server.address() as AddressInfo).port]]));
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
