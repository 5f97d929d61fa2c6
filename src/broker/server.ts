/** The listening socket, on the loopback interface only: nobody outside this machine reaches the broker. */
import { createServer, type Server } from 'node:net';
import type { BrokerState } from './brokerState.ts';
import { Connection } from './connection.ts';

const HOST = '127.0.0.1';

export interface BoundServer {
  readonly host: string;
  readonly port: number;
  /** Begins to take connections. */
  serve(broker: BrokerState): void;
  close(): Promise<void>;
}

/** Binds the port; a taken one gives way to any free one, unless `strict`. */
export async function bindServer(port: number, strict: boolean): Promise<BoundServer> {
  // Paused until there is a broker: a connection that comes before waits in the kernel's queue or here.
  const server = createServer({ allowHalfOpen: false, pauseOnConnect: true });
  try {
    await listen(server, port);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken || strict || port === 0) throw error;
    await listen(server, 0);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
  const connections = new Set<Connection>();
  return {
    host: HOST,
    port: address.port,
    serve(broker) {
      server.maxConnections = broker.limits.maxConnections;
      server.on('drop', (dropped) => {
        const peer = `${dropped?.remoteAddress ?? '?'}:${dropped?.remotePort ?? 0}`;
        broker.logger.warn('a connection was refused', {
          peer,
          reason: `there are ${broker.limits.maxConnections} already (--max-connections)`,
        });
      });
      server.on('error', (error) => broker.logger.error('the server socket failed', { error: String(error) }));
      server.on('connection', (socket) => {
        connections.add(new Connection(socket, broker, (connection) => connections.delete(connection)));
        socket.resume();
      });
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of [...connections]) connection.close();
      });
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
