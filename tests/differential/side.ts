/** One of the two brokers that are compared: where it listens, what it serves, and what every scenario finds there. */
import { type Api, apis } from '../../src/broker/api/index.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../src/broker/wire/messages/apiVersions.ts';
import { WireClient } from '../integration/broker/wireClient.ts';

export interface Side {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** First and last version of each API, by its key, as advertised. */
  readonly versions: ReadonlyMap<number, readonly [number, number]>;
}

export async function lookAt(name: string, host: string, port: number): Promise<Side> {
  const client = await WireClient.open({ host, port });
  const { apiKeys } = await client.ask(18, 0, [apiVersionsRequest, apiVersionsResponse], {});
  client.close();
  const versions = new Map(
    apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, [minVersion, maxVersion] as const]),
  );
  return { name, host, port, versions };
}

/** Thrown by a scenario that speaks an API which the built-in broker has not. */
export class NotServed extends Error {
  constructor(api: string) {
    super(`the built-in broker does not serve ${api} yet`);
  }
}

export function apiNamed(name: string): Api {
  const api = [...apis.values()].find((candidate) => candidate.name === name);
  if (api === undefined) throw new NotServed(name);
  return api;
}

/** The versions of an API that the built-in broker and Apache Kafka both serve, ascending. */
export function commonVersions(name: string, kafka: Side): number[] {
  const { key, minVersion, maxVersion } = apiNamed(name);
  const [first, last] = kafka.versions.get(key) ?? [0, -1];
  const versions: number[] = [];
  for (let version = Math.max(first, minVersion); version <= Math.min(last, maxVersion); version += 1) {
    versions.push(version);
  }
  return versions;
}
