/** Each codec that the app writes, read by Apache Kafka's own consumer, by kcat and by the app's own decoders. */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { compression } from '../../../src/shared/contract';
import { runJava } from '../../apacheKafka/javaProgram.ts';
import { WireClient } from '../broker/wireClient.ts';
import { apacheKafka, type Cluster, clusterKinds } from './clusters.ts';
import { createTopic, readLog, type SenderForTest, startSender } from './producingClient.ts';

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat && !process.env.CI) console.warn('skipped: kcat is not installed (apt-get install -y kcat)');

/** Text that packs well, text that does not, and a lone short record; from a seed. */
function values(): string[] {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  const ships = Array.from({ length: 3_000 }, (_, n) => `{"name":"ship-${n % 50}","lat":59.${n},"lon":24.9,"n":${n}}`);
  const noise = Array.from({ length: 200 }, () => Array.from({ length: 700 }, () => random().toString(36)[3]).join(''));
  return [...ships, ...noise, 'a'.repeat(300_000), 'é€', ''];
}

/** The codec's number in the attributes of the first batch of a topic's only partition, as it is in the log. */
async function codecInLog(bootstrap: string, topic: string): Promise<number | undefined> {
  const [host = '', port = ''] = bootstrap.split(':');
  const client = await WireClient.open({ host, port: Number(port) });
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 }];
  const { responses } = await client.ask(1, 4, [fetchRequest, fetchResponse], {
    maxWaitMs: 1_000,
    minBytes: 1,
    topics: [{ topic, partitions }],
  });
  client.close();
  const records = responses[0]?.partitions[0]?.records;
  return records ? records.readInt16BE(21) & 7 : undefined;
}

describe.each(clusterKinds)('what is sent compressed to $name', { timeout: 300_000 }, (kind) => {
  if (kind.isMissing) return void it.skip('cannot be tested here; why is printed above');
  let cluster: Cluster;
  let sender: SenderForTest;
  beforeAll(async () => {
    cluster = await kind.start();
    sender = startSender(cluster.bootstrap);
  }, 90_000);
  afterAll(async () => {
    sender?.close();
    await cluster?.close();
  });

  it.each(compression.options)('is read by everybody: %s', async (codec) => {
    const topic = `packed-${codec}`;
    await createTopic(cluster.bootstrap, topic, 1);
    sender.compression = codec;
    const sent = ['alone', ...values()];
    await sender.send(topic, [{ key: null, value: sent[0] ?? '' }]);
    await sender.send(
      topic,
      sent.slice(1).map((value) => ({ key: null, value })),
    );
    expect(await codecInLog(cluster.bootstrap[0] ?? '', topic)).toBe(
      ['none', 'gzip', 'snappy', 'lz4', 'zstd'].indexOf(codec),
    );
    expect((await readLog(cluster.bootstrap, topic)).map(({ value }) => value)).toEqual(sent);
    if (!apacheKafka.isMissing) {
      const { stdout, stderr } = await runJava('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...['--bootstrap-server', cluster.bootstrap.join(','), '--topic', topic, '--partition', '0'],
        ...['--offset', 'earliest', '--max-messages', String(sent.length), '--timeout-ms', '20000'],
      ]);
      expect(stdout.split('\n').slice(0, -1), stderr.slice(-2_000)).toEqual(sent);
    }
    if (hasKcat || process.env.CI) {
      const read = [
        '-C',
        '-b',
        cluster.bootstrap.join(','),
        '-t',
        topic,
        '-o',
        'beginning',
        '-e',
        '-q',
        '-X',
        'check.crcs=true',
      ];
      const text = execFileSync('kcat', read, { maxBuffer: 1 << 26 }).toString();
      expect(text.split('\n').slice(0, -1)).toEqual(sent);
    }
  });
});
