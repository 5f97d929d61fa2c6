import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  lz4Decompress,
  snappyCompress,
  snappyDecompress,
  zstdCompress,
  zstdCompressInWasm,
  zstdDecompress,
} from '../../../src/main/kafka/codecs';
import { lz4Frame } from '../../../src/main/kafka/lz4Frame';

/** Bytes that repeat, bytes that do not, and lengths around the codecs' blocks. */
const data = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom('ship-', '{"lat":59.', 'aaaaaaaaaaaaaaaaaaaa', '7', 'é', '"},'), { maxLength: 3_000 })
    .map((words) => Buffer.from(words.join(''))),
  fc
    .tuple(
      fc.constantFrom(32_768, 65_536, 131_072),
      fc.integer({ min: -14, max: 14 }),
      fc.integer({ min: 1, max: 70_000 }),
    )
    .map(([near, off, period]) =>
      Buffer.from(Uint8Array.from({ length: near + off }, (_, i) => ((i % period) * 31) >> 3)),
    ),
);

/** Reads an LZ4 frame by the letter of its format, and throws where a strict reader would. */
function readStrictly(frame: Buffer): Buffer {
  expect(frame.subarray(0, 7).toString('hex')).toBe('04224d18604082');
  const out: number[] = [];
  let at = 7;
  for (;;) {
    const word = frame.readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const length = word & 0x7fffffff;
    const block = frame.subarray(at, at + length);
    at += length;
    if (word >>> 31 === 1) out.push(...block);
    else readBlock(block, out);
  }
  expect(at).toBe(frame.length);
  return Buffer.from(out);
}

function readBlock(block: Buffer, out: number[]): void {
  const start = out.length;
  const matchStarts: number[] = [];
  let at = 0;
  const more = (nibble: number) => {
    let length = nibble;
    if (nibble === 15) {
      let byte: number;
      do {
        byte = block[at++]!;
        length += byte;
      } while (byte === 255);
    }
    return length;
  };
  for (;;) {
    const token = block[at++]!;
    const literals = more(token >> 4);
    out.push(...block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) {
      if (matchStarts.length > 0) expect(literals).toBeGreaterThanOrEqual(5);
      break;
    }
    matchStarts.push(out.length);
    const distance = block.readUInt16LE(at);
    at += 2;
    expect(distance).toBeGreaterThan(0);
    expect(distance).toBeLessThanOrEqual(out.length - start);
    for (let left = more(token & 15) + 4; left > 0; left--) out.push(out[out.length - distance]!);
  }
  expect(out.length - start).toBeLessThanOrEqual(65_536);
  for (const match of matchStarts) expect(out.length - match).toBeGreaterThanOrEqual(12);
}

/** As cramjam writes it for aiokafka: each block is followed by its checksum, which nobody has to check. */
function withBlockChecksums(frame: Buffer, contentSize?: number): Buffer {
  const flags = frame[4]! | 0x10 | (contentSize === undefined ? 0 : 0x08);
  const size = Buffer.alloc(contentSize === undefined ? 0 : 8);
  if (contentSize !== undefined) size.writeUInt32LE(contentSize);
  const parts = [frame.subarray(0, 4), Buffer.from([flags, frame[5]!]), size, frame.subarray(6, 7)];
  for (let at = 7; ; ) {
    const end = at + 4 + (frame.readUInt32LE(at) & 0x7fffffff);
    if (end === at + 4) return Buffer.concat([...parts, frame.subarray(at)]);
    parts.push(frame.subarray(at, end), Buffer.from('\xde\xad\xbe\xef', 'latin1'));
    at = end;
  }
}

describe('LZ4 whose blocks have checksums', () => {
  it('is read like LZ4 without them', () => {
    fc.assert(
      fc.property(data, fc.boolean(), (bytes, withSize) => {
        const frame = withBlockChecksums(lz4Frame(bytes), withSize ? bytes.length : undefined);
        expect(lz4Decompress(frame).equals(bytes)).toBe(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('is refused where it is cut off', () => {
    const frame = withBlockChecksums(lz4Frame(Buffer.from('ship '.repeat(1_000))));
    for (const end of [8, 12, frame.length - 5]) expect(() => lz4Decompress(frame.subarray(0, end))).toThrow('cut off');
  });
});

describe('what is compressed', () => {
  it('is an LZ4 frame by the letter of its format', () => {
    fc.assert(
      fc.property(data, (bytes) => {
        const frame = lz4Frame(bytes);
        expect(readStrictly(frame).equals(bytes)).toBe(true);
        expect(lz4Decompress(frame).equals(bytes)).toBe(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('comes back from Snappy in the frames that Java reads', () => {
    fc.assert(
      fc.property(data, (bytes) => {
        const packed = snappyCompress(bytes);
        expect(packed.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001');
        expect(snappyDecompress(packed).equals(bytes)).toBe(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('gets smaller where it repeats, and hardly larger where it does not', async () => {
    const ships = Buffer.from(
      Array.from({ length: 2_000 }, (_, n) => `{"name":"ship-${n % 50}","lat":59.${n}}`).join(),
    );
    const codecs = [lz4Frame, snappyCompress, zstdCompress, zstdCompressInWasm];
    for (const compress of codecs) expect((await compress(ships)).length).toBeLessThan(ships.length / 2);
    let state = 1;
    const noise = Buffer.from(
      Uint8Array.from({ length: 200_000 }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state >>> 24;
      }),
    );
    for (const compress of codecs) expect((await compress(noise)).length).toBeLessThan(noise.length * 1.01);
  });

  it('comes back from zstd, by the encoder of the runtime and by the one in WebAssembly', async () => {
    await fc.assert(
      fc.asyncProperty(data, async (bytes) => {
        for (const compress of [zstdCompress, zstdCompressInWasm]) {
          const packed = await compress(bytes);
          expect(packed.subarray(0, 4).toString('hex')).toBe('28b52ffd');
          expect(zstdDecompress(packed).equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});
