import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPartitioner, murmur2 } from '../../../src/main/kafka/partitioner';

const kafkajs = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2') as (
  key: Buffer | string,
) => number;

describe('partitions by key', () => {
  it('follow the hash of the Java client', () => {
    // From Kafka's own UtilsTest.
    expect(murmur2(Buffer.from('21'))).toBe(-973_932_308);
    expect(murmur2(Buffer.from('foobar'))).toBe(-790_332_482);
    expect(murmur2(Buffer.from('a-little-bit-long-string'))).toBe(-985_981_536);
    expect(murmur2(Buffer.from('a-little-bit-longer-string'))).toBe(-1_486_304_829);
    expect(murmur2(Buffer.from('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'))).toBe(-58_897_971);
    expect(murmur2(Buffer.from('abc'))).toBe(479_470_107);
  });

  it('are those that kafkajs would choose', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(murmur2(bytes)).toBe(kafkajs(Buffer.from(bytes)));
      }),
    );
  });

  const partitionMetadata = [0, 1, 2].map((partitionId) => ({ partitionId, leader: 1 }));

  it('keep one entity in one partition, and take turns without a key', () => {
    const choose = createPartitioner();
    const keyed = Array.from({ length: 5 }, () => choose({ topic: 't', partitionMetadata, message: { key: 'x' } }));
    expect(new Set(keyed).size).toBe(1);
    const turns = Array.from({ length: 6 }, () => choose({ topic: 't', partitionMetadata, message: { key: null } }));
    expect(turns).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('pass over a partition without a leader when there is no key', () => {
    const choose = createPartitioner();
    const some = [
      { partitionId: 0, leader: -1 },
      { partitionId: 1, leader: 1 },
    ];
    expect(choose({ topic: 't', partitionMetadata: some, message: {} })).toBe(1);
  });
});
