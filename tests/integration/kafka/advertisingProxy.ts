/**
 * A proxy in front of one broker whose Metadata answers name another port than the broker's: as advertised.listeners does
 * that was set for another network.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { eachFrame } from '../frames.ts';

export interface AdvertisingProxy {
  readonly address: string;
  /** Of a port that nothing listens on, until `open`. */
  readonly advertised: string;
  /** Has connections to what is advertised arrive at the broker. */
  open(): Promise<void>;
  close(): Promise<void>;
}

const METADATA = 3;
const HOST = '127.0.0.1';

/** @param broker host:port of a broker that speaks in the clear, with a host of 9 characters: 127.0.0.1 */
export async function advertisingProxy(broker: string): Promise<AdvertisingProxy> {
  const [host = '', port = ''] = broker.split(':');
  const sockets = new Set<Socket>();

  /** @param change of each answer, with the API that it answers */
  function forwarder(change: (api: number | undefined, answer: Buffer) => void) {
    return createServer((client) => {
      const upstream = connect(Number(port), host);
      const apiOf = new Map<number, number>();
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      eachFrame(client, (request) => {
        apiOf.set(request.readInt32BE(8), request.readInt16BE(4));
        upstream.write(request);
      });
      eachFrame(upstream, (answer) => {
        change(apiOf.get(answer.readInt32BE(4)), answer);
        client.write(answer);
      });
    });
  }

  const listening = async (server: ReturnType<typeof createServer>, at: number): Promise<number> => {
    server.listen(at, HOST);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const closed = async (server: ReturnType<typeof createServer>) => {
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };

  const behind = forwarder(advertiseElsewhere);
  const advertisedPort = await listening(behind, 0);
  await closed(behind);

  function advertiseElsewhere(api: number | undefined, answer: Buffer): void {
    if (api !== METADATA) return;
    const own = Buffer.alloc(host.length + 4);
    own.write(host, 'latin1');
    own.writeInt32BE(Number(port), host.length);
    const at = answer.indexOf(own);
    if (at >= 0) answer.writeInt32BE(advertisedPort, at + host.length);
  }

  const front = forwarder(advertiseElsewhere);
  const frontPort = await listening(front, 0);
  return {
    address: `${HOST}:${frontPort}`,
    advertised: `${HOST}:${advertisedPort}`,
    open: async () => void (await listening(behind, advertisedPort)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed(front), closed(behind)]);
    },
  };
}
