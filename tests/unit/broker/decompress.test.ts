/** The broker's own readers of Snappy and LZ4, against what other implementations write. */

import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Codec, decompress } from '../../../src/broker/compression/decompress.ts';

const unpack = (codec: number, body: Buffer) => decompress(codec, body, () => undefined);

const require = createRequire(import.meta.url);
const snappy: { compress(bytes: Buffer): Buffer } = require('snappyjs');
const lz4: { compress(bytes: Buffer): Uint8Array } = require('lz4js');

/** As snappy-java does, which Kafka's own clients use. */
function xerial(bytes: Buffer, blockBytes: number): Buffer {
  const pieces = [Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])];
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = Buffer.from(snappy.compress(bytes.subarray(at, at + blockBytes)));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    pieces.push(length, block);
  }
  return Buffer.concat(pieces);
}

/** From what cannot be compressed to what can be very well. */
const bodies = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(400), fc.uint8Array({ maxLength: 2000 }))
  .map(([piece, times, rest]) =>
    Buffer.concat([...Array.from({ length: times }, () => Buffer.from(piece)), Buffer.from(rest)]),
  );

const packers = [
  ['gzip', Codec.GZIP, (bytes: Buffer) => gzipSync(bytes)],
  ['Snappy', Codec.SNAPPY, (bytes: Buffer) => Buffer.from(snappy.compress(bytes))],
  ["Snappy in snappy-java's chunks", Codec.SNAPPY, (bytes: Buffer) => xerial(bytes, 1000)],
  ['LZ4', Codec.LZ4, (bytes: Buffer) => Buffer.from(lz4.compress(bytes))],
] as const;

describe.each(packers)('%s', (_, codec, pack) => {
  it('comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect((await unpack(codec, pack(body)))?.equals(body)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('that is damaged or cut short gives other bytes or none, and never an exception', async () => {
    const packed = pack(Buffer.from('a longer text, a longer text, a longer text again '.repeat(20)));
    for (let at = 0; at < packed.length; at += 1) {
      for (const bit of [1, 0x80]) {
        const damaged = Buffer.from(packed);
        damaged[at]! ^= bit;
        const unpacked = await unpack(codec, damaged);
        expect(unpacked === undefined || Buffer.isBuffer(unpacked)).toBe(true);
      }
      if (at > 0) await unpack(codec, packed.subarray(0, at));
    }
  });
});

describe('what is large when it is unpacked', () => {
  it.each([
    ['Snappy', Codec.SNAPPY, (bytes: Buffer) => Buffer.from(snappy.compress(bytes))],
    ['LZ4', Codec.LZ4, (bytes: Buffer) => Buffer.from(lz4.compress(bytes))],
  ] as const)('leaves others their turn between steps: %s', async (_, codec, pack) => {
    const body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index * 7919} `).join(''));
    let turns = 0;
    const unpacked = await decompress(codec, pack(body), () => {
      turns += 1;
      return undefined;
    });
    expect(unpacked?.equals(body)).toBe(true);
    expect(turns).toBeGreaterThan(20);
  });

  it('repeats a piece over any distance as often as it is asked for', async () => {
    for (const distance of [1, 2, 3, 63, 64, 65, 1000]) {
      const piece = Buffer.from(Array.from({ length: distance }, (_, index) => index * 31));
      const body = Buffer.alloc(70_001, piece);
      expect((await unpack(Codec.LZ4, Buffer.from(lz4.compress(body))))?.equals(body)).toBe(true);
      expect((await unpack(Codec.SNAPPY, Buffer.from(snappy.compress(body))))?.equals(body)).toBe(true);
    }
  });
});

describe('what is not unpacked', () => {
  it('is what no codec is known for, and what would be too large', async () => {
    expect(await unpack(7, Buffer.from('x'))).toBeUndefined();
    // It claims 2 GiB in five bytes.
    expect(await unpack(Codec.SNAPPY, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0]))).toBeUndefined();
    expect(await unpack(Codec.GZIP, gzipSync(Buffer.alloc(65 << 20)))).toBeUndefined();
  });
});
