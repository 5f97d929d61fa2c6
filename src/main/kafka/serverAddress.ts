/** `host:port` of a broker taken apart and put together, IPv6 in brackets; and bootstrap servers for kafkajs. */

export interface ServerAddress {
  /** An IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

export function parseServer(server: string): ServerAddress {
  const colon = server.lastIndexOf(':');
  return { host: server.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(server.slice(colon + 1)) };
}

export const formatServer = ({ host, port }: ServerAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Stands for a string in kafkajs, which asks a bootstrap server for nothing but `split(':')`. */
interface SeedBroker {
  split(separator: string): string[];
}

/**
 * kafkajs cuts each bootstrap server at its first colon, so that of "[::1]:9092" it makes the host "[". It looks at the
 * elements of arrays only (see its cluster/connectionPoolBuilder.js): with IPv6 among them it gets something like an array,
 * whose elements cut themselves.
 */
export function seedBrokers(bootstrap: readonly string[]): string[] | (() => string[]) {
  if (!bootstrap.some((server) => server.startsWith('['))) return [...bootstrap];
  const seeds: Record<number, SeedBroker> & { length: number } = { length: bootstrap.length };
  bootstrap.forEach((server, at) => {
    const { host, port } = parseServer(server);
    seeds[at] = { split: () => [host, String(port)] };
  });
  return () => seeds as unknown as string[];
}
