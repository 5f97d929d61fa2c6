/** Ports that nothing listens on, and whether something does. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/**
 * Below the range from which systems take the ports of outgoing connections: a broker that is killed has to find its
 * port free when it comes back.
 */
const FIRST = 15_000;
const BEHIND_LAST = 32_000;

export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 1000) throw new Error('no free ports on 127.0.0.1');
    const port = randomInt(FIRST, BEHIND_LAST);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether something listens there. */
export function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}
