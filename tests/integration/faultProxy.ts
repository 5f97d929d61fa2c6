/**
 * A proxy in front of each broker of a cluster, behind which clients stay: the network between, with every fault that a
 * network has, switched while connections live. What the broker has said and the client has not heard yet waits here.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../apacheKafka/freePorts.ts';
import { API_KEYS, answerId, eachFrame, requestHead, rewritePorts, tieTogether } from './frames.ts';

export interface FaultProxy {
  readonly address: string;
  /** Connections of clients that are open. */
  readonly connections: number;
  /** Connections that were cut inside an answer so far. */
  readonly cutsInside: number;
  /** Resets every connection. */
  cut(): void;
  /** A lost network that answers: every connection is reset, and new ones are refused. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** A lost network that says nothing: connections stay open, new ones are taken, and no byte passes either way. */
  stall(): void;
  /** Ends the stall. What was under way arrives. */
  flow(): void;
  /** Each answer comes so much later, ms; 0: at once. */
  delay(ms: number): void;
  /** Of the answers on one connection; Infinity: as fast as can be. */
  limit(bytesPerSecond: number): void;
  /**
   * The next answers to this request in turn: a number from 0 to 1 says where within the answer the connection is reset,
   * null that it passes whole.
   */
  cutInside(request: keyof typeof API_KEYS, places: readonly (number | null)[]): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** A limited link passes this many slices a second. */
const SLICES_PER_SECOND = 20;

/** One a broker (`host:port`), in order; each knows the others, so that a client stays behind them. */
export async function startFaultProxies(brokers: readonly string[]): Promise<FaultProxy[]> {
  const own = await freePorts(brokers.length);
  const ports = new Map(brokers.map((broker, index) => [portOf(broker), own[index] ?? 0]));
  return Promise.all(brokers.map((broker) => startFaultProxy(portOf(broker), ports)));
}

const portOf = (address: string) => Number(address.split(':')[1]);

/** How it is with the network now. */
interface Link {
  delayMs: number;
  bytesPerSecond: number;
  /** While it is there, nothing passes. */
  stalled: { readonly over: Promise<void>; readonly end: () => void } | undefined;
}

async function startFaultProxy(brokerPort: number, ports: ReadonlyMap<number, number>): Promise<FaultProxy> {
  const ownPort = ports.get(brokerPort) ?? 0;
  const clients = new Set<Socket>();
  const sockets = new Set<Socket>();
  const link: Link = { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY, stalled: undefined };
  const places = new Map<number, (number | null)[]>();
  let cutsInside = 0;

  const server = createServer((client) => {
    const upstream = connect(brokerPort, HOST);
    const apiOf = new Map<number, number>();
    clients.add(client);
    client.once('close', () => clients.delete(client));
    tieTogether(sockets, client, upstream);
    const toBroker = openLane(upstream, link, { isLimited: false });
    const toClient = openLane(client, link, { isLimited: true });
    eachFrame(client, (frame) => {
      const { api, id } = requestHead(frame);
      apiOf.set(id, api);
      toBroker(frame);
    });
    eachFrame(upstream, (frame) => {
      const api = apiOf.get(answerId(frame));
      apiOf.delete(answerId(frame));
      rewritePorts(api, frame, HOST, ports);
      const place = places.get(api ?? -1)?.shift() ?? null;
      if (place === null) return toClient(frame);
      // At least one byte, and never all of them.
      toClient(frame.subarray(0, 1 + Math.floor(place * (frame.length - 2))), () => {
        cutsInside += 1;
        client.resetAndDestroy();
      });
    });
  });
  const listen = async () => {
    server.listen(ownPort, HOST);
    await once(server, 'listening');
  };
  const cut = () => {
    for (const client of clients) client.resetAndDestroy();
  };
  const refuse = async () => {
    if (!server.listening) return;
    server.close();
    cut();
    await once(server, 'close');
  };
  const flow = () => {
    link.stalled?.end();
    link.stalled = undefined;
  };
  await listen();
  return {
    address: `${HOST}:${ownPort}`,
    get connections() {
      return clients.size;
    },
    get cutsInside() {
      return cutsInside;
    },
    cut,
    refuse,
    accept: async () => {
      if (!server.listening) await listen();
    },
    stall: () => {
      if (link.stalled) return;
      let end: () => void = () => undefined;
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      link.stalled = { over, end };
    },
    flow,
    delay: (ms) => {
      link.delayMs = ms;
    },
    limit: (bytesPerSecond) => {
      link.bytesPerSecond = bytesPerSecond;
    },
    cutInside: (request, found) => void places.set(API_KEYS[request], [...found]),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      flow();
      await refuse();
    },
  };
}

/** One direction of one connection: hands on in order, each piece when it may go; `sent` is called behind it. */
function openLane(target: Socket, link: Link, { isLimited }: { isLimited: boolean }) {
  let last: Promise<void> = Promise.resolve();

  async function handOn(piece: Buffer, due: number): Promise<void> {
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    for (let at = 0; at < piece.length; ) {
      while (link.stalled) await link.stalled.over;
      if (target.destroyed) return;
      const perSecond = isLimited ? link.bytesPerSecond : Number.POSITIVE_INFINITY;
      const slice = piece.subarray(at, at + Math.ceil(Math.min(perSecond / SLICES_PER_SECOND, piece.length)));
      at += slice.length;
      await new Promise<unknown>((resolve) => target.write(slice, resolve));
      if (Number.isFinite(perSecond)) await sleep((slice.length / perSecond) * 1000);
    }
  }

  return (piece: Buffer, sent: () => void = () => undefined): void => {
    const due = performance.now() + (isLimited ? link.delayMs : 0);
    last = last.then(() => handOn(piece, due)).then(sent);
  };
}
