/** kcat, over librdkafka, against the broker in a process of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKcatInstalled, lines, kcat as runKcat } from './kcat.ts';
import { type BrokerProcess, removeDataDir, startBrokerProcess } from './startBrokerProcess.ts';

let broker: BrokerProcess;

beforeAll(async () => {
  if (isKcatInstalled) broker = await startBrokerProcess();
});

afterAll(async () => {
  await broker?.stop();
  if (broker) await removeDataDir(broker.dataDir);
});

const kcat = (args: readonly string[], input = '') => runKcat(broker, args, input);

describe.skipIf(!isKcatInstalled)('kcat', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces with %s and consumes the same', async (codec) => {
    const topic = `kcat-${codec}`;
    const records = Array.from({ length: 200 }, (_, index) => `key${index}:value ${index} ${'x'.repeat(50)}`);
    await kcat(['-P', '-t', topic, '-K', ':', '-z', codec], `${records.join('\n')}\n`);
    const consumed = lines(await kcat(['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%k:%s\n']));
    expect(consumed).toEqual(records);
  });

  it('consumes from an offset, from the end backwards, and by time', async () => {
    const topic = 'kcat-offsets';
    await kcat(['-P', '-t', topic], 'a\nb\nc\nd\n');
    expect(lines(await kcat(['-C', '-t', topic, '-o', '2', '-e', '-q', '-f', '%o %s\n']))).toEqual(['2 c', '3 d']);
    expect(lines(await kcat(['-C', '-t', topic, '-o', '-1', '-e', '-q']))).toEqual(['d']);
    expect(lines(await kcat(['-C', '-t', topic, '-o', 's@0', '-e', '-q']))).toEqual(['a', 'b', 'c', 'd']);
    expect(lines(await kcat(['-Q', '-t', `${topic}:0:0`]))).toEqual([`${topic} [0] offset 0`]);
  });

  it('consumes in a group, which goes on where it stopped', async () => {
    const topic = 'kcat-group';
    const read = (count: number) =>
      kcat(['-G', 'kcat-group', '-X', 'auto.offset.reset=earliest', '-c', String(count), '-q', topic]);
    await kcat(['-P', '-t', topic], 'a\nb\nc\n');
    expect(lines(await read(2))).toEqual(['a', 'b']);
    expect(lines(await read(1))).toEqual(['c']);
  });

  it('produces as an idempotent producer', async () => {
    const topic = 'kcat-idempotent';
    await kcat(['-P', '-t', topic, '-X', 'enable.idempotence=true'], 'a\nb\nc\n');
    expect(lines(await kcat(['-C', '-t', topic, '-o', 'beginning', '-e', '-q']))).toEqual(['a', 'b', 'c']);
  });

  it('lists the broker and its topics', async () => {
    await kcat(['-P', '-t', 'kcat-listed'], 'a\n');
    const listing = await kcat(['-L']);
    expect(listing).toContain(`broker 1 at ${broker.address} (controller)`);
    expect(listing).toContain('topic "kcat-listed" with 1 partitions');
  });
});
