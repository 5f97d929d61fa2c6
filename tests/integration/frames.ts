/** Kafka's frames on a socket, as a proxy between client and broker sees them. */
import type { Socket } from 'node:net';

/** Keys of the requests that proxies tell apart. */
export const API_KEYS = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  findCoordinator: 10,
  apiVersions: 18,
  initProducerId: 22,
} as const;

/** Their answers name brokers, whom clients would go to past the proxy. */
const NAMING_BROKERS: readonly number[] = [API_KEYS.metadata, API_KEYS.findCoordinator];

/** Calls with each whole frame, its length of 4 bytes included. */
export function eachFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  /** Of the frame that has begun; 4 until its length is known. */
  let wanted = 4;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    while (size >= wanted) {
      const received = chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks);
      const end = 4 + received.readInt32BE(0);
      const isWhole = size >= end;
      if (isWhole) take(Buffer.from(received.subarray(0, end)));
      const rest = isWhole ? received.subarray(end) : received;
      chunks = [rest];
      size = rest.length;
      wanted = isWhole ? 4 : end;
    }
  });
}

/** Who asked what is told by the request only: the answer has nothing but its number. */
export function requestHead(frame: Buffer): { readonly api: number; readonly id: number } {
  return { api: frame.readInt16BE(4), id: frame.readInt32BE(8) };
}

export const answerId = (frame: Buffer): number => frame.readInt32BE(4);

/** Puts other ports in an answer that names brokers of this host: a port is as long as another. */
export function rewritePorts(api: number | undefined, frame: Buffer, host: string, ports: ReadonlyMap<number, number>) {
  if (api === undefined || !NAMING_BROKERS.includes(api)) return;
  for (let at = frame.indexOf(host); at >= 0; at = frame.indexOf(host, at + 1)) {
    const behind = at + host.length;
    const port = behind + 4 <= frame.length ? ports.get(frame.readInt32BE(behind)) : undefined;
    if (port !== undefined) frame.writeInt32BE(port, behind);
  }
}

/** When one of the two goes, so does the other. */
export function tieTogether(sockets: Set<Socket>, client: Socket, upstream: Socket): void {
  for (const socket of [client, upstream]) {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      client.destroy();
      upstream.destroy();
    });
  }
}
