import { describe, expect, it } from 'vitest';
import { createInternalLogger } from '../../../src/main/kafka/kafkajsInternals';
import { formatServer, parseServer, seedBrokers } from '../../../src/main/kafka/serverAddress';

describe('the address of a broker', () => {
  it.each([
    ['kafka:9092', 'kafka', 9092],
    ['10.0.0.1:1', '10.0.0.1', 1],
    ['[::1]:9092', '::1', 9092],
    ['[fe80::1%eth0]:65535', 'fe80::1%eth0', 65535],
  ])('is taken apart and put together: %s', (server, host, port) => {
    expect(parseServer(server)).toEqual({ host, port });
    expect(formatServer({ host, port })).toBe(server);
  });

  it('gets its brackets back when kafkajs has lost them', () => {
    expect(formatServer(parseServer('::1:9092'))).toBe('[::1]:9092');
  });
});

describe('bootstrap servers for kafkajs', () => {
  it('stay as they are without IPv6 among them', () => {
    expect(seedBrokers(['a:1', 'b:2'])).toEqual(['a:1', 'b:2']);
  });

  it('are cut where an IPv6 address ends, by the code of kafkajs itself', async () => {
    const builder = (await import('kafkajs/src/cluster/connectionPoolBuilder.js' as string)).default as (options: {
      brokers: unknown;
      logger: unknown;
    }) => { build(): Promise<{ host: string; port: number }> };
    const { build } = builder({
      logger: createInternalLogger(() => undefined),
      brokers: seedBrokers(['[::1]:9092', 'kafka:9093', '[2001:db8::7]:9094']),
    });
    const built = [await build(), await build(), await build(), await build()];
    expect(built.map(({ host, port }) => [host, port])).toEqual([
      ['::1', 9092],
      ['kafka', 9093],
      ['2001:db8::7', 9094],
      ['::1', 9092],
    ]);
  });
});
