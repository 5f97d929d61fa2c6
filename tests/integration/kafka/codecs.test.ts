import { execFileSync, spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import {
  lz4Decompress,
  MAX_DECOMPRESSED_BYTES,
  snappyDecompress,
  zstdDecompress,
} from '../../../src/main/kafka/codecs';
import { createKafkaClient } from '../../../src/main/kafka/kafkaClient';
import { removeDataDir, startBrokerProcess } from '../broker/startBrokerProcess';
import { plainly } from './clusters';
import { startReading } from './readingClient';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat && !process.env.CI) console.warn('skipped: kcat is not installed (apt-get install -y kcat)');

describe('records compressed by another client', () => {
  // In CI kcat has to be there: the tests then run, and fail without it.
  it.skipIf(!hasKcat && !process.env.CI).each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'are read: %s',
    async (codec) => {
      const broker = await startBrokerProcess();
      ended.push(async () => {
        await broker.stop();
        await removeDataDir(broker.dataDir);
      });
      const values = Array.from(
        { length: 2_000 },
        (_, i) => `{"name":"ship-${i % 50}","lat":59.${i},"lon":24.9,"n":${i}}`,
      );
      execFileSync('kcat', ['-P', '-b', broker.address, '-t', 't', '-z', codec, '-X', 'linger.ms=50'], {
        input: `${values.join('\n')}\n`,
      });
      const client = createKafkaClient({ ...plainly([broker.address]), groupId: 'test' });
      ended.push(() => client.close());
      const reading = startReading(client, 't');
      ended.push(async () => reading.close());
      await reading.until(() => reading.values.length >= values.length);
      expect(reading.values).toEqual(values);
    },
  );
});

describe('a batch that lies about its size', () => {
  it('is refused before memory is taken for it', () => {
    // A Snappy block begins with its decompressed length as a varint: here 1 GiB.
    expect(() => snappyDecompress(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00]))).toThrow();
    const xerial = Buffer.from('82534e41505059000000000100000001', 'hex');
    expect(() => snappyDecompress(Buffer.concat([xerial, Buffer.from([0, 0, 0, 9, 1])]))).toThrow(/cut off/);
    // An LZ4 frame with a content size of 1 GiB in its header.
    const frame = Buffer.from('04224d186840000000400000000000000000', 'hex');
    expect(() => lz4Decompress(frame)).toThrow();
    expect(() => zstdDecompress(Buffer.from('28b52ffd', 'hex'))).toThrow();
    expect(MAX_DECOMPRESSED_BYTES).toBe(268_435_456);
  });
});
