/**
 * LZ4 frames (lz4/lz4, lz4_Frame_format.md), for reading. Checksums are skipped: the record batch around has its own, and
 * Kafka's oldest clients computed that of the header wrongly.
 */
import type { Steps } from '../turns.ts';
import { copyBack } from './snappy.ts';

const MAGIC = 0x184d2204;
const UNCOMPRESSED_BLOCK = 0x8000_0000;
const SEQUENCES_A_STEP = 1024;

/** Throws on bytes that are not LZ4 frames, or that become more than `limit`. */
export function* decompressLz4(bytes: Buffer, limit: number): Steps<Buffer> {
  const out = new Output(limit);
  let at = 0;
  while (at < bytes.length) {
    if (bytes.readUInt32LE(at) !== MAGIC) throw new Error('this is no LZ4 frame');
    const flags = bytes.readUInt8(at + 4);
    const hasBlockChecksum = (flags & 0x10) !== 0;
    const hasContentSize = (flags & 0x08) !== 0;
    const hasContentChecksum = (flags & 0x04) !== 0;
    const hasDictionary = (flags & 0x01) !== 0;
    at += 6 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
    for (;;) {
      const head = bytes.readUInt32LE(at);
      at += 4;
      if (head === 0) break;
      const length = head % UNCOMPRESSED_BLOCK;
      if (at + length > bytes.length) throw new Error('a block is cut short');
      const block = bytes.subarray(at, at + length);
      if (head >= UNCOMPRESSED_BLOCK) out.write(block);
      else yield* decompressBlock(block, out);
      yield;
      at += length + (hasBlockChecksum ? 4 : 0);
    }
    if (hasContentChecksum) at += 4;
  }
  return out.bytes();
}

/** A sequence: token, literals, then a copy of what came before, which may lie in an earlier block. */
function* decompressBlock(block: Buffer, out: Output): Steps<void> {
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const byte = block.readUInt8(at);
      at += 1;
      length += byte;
      if (byte < 255) return length;
    }
  };
  for (let sequence = 1; at < block.length; sequence += 1) {
    if (sequence % SEQUENCES_A_STEP === 0) yield;
    const token = block.readUInt8(at);
    at += 1;
    const literals = lengthFrom(token >>> 4);
    if (at + literals > block.length) throw new Error('literals are cut short');
    out.write(block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return;
    const back = block.readUInt16LE(at);
    at += 2;
    out.repeat(back, lengthFrom(token & 15) + 4);
  }
}

/** Grows as far as the limit. */
class Output {
  private buffer = Buffer.allocUnsafe(1 << 16);
  private done = 0;

  constructor(private readonly limit: number) {}

  private reserve(count: number): void {
    const wanted = this.done + count;
    if (wanted > this.limit) throw new Error(`more than ${this.limit} bytes`);
    if (wanted <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.min(Math.max(wanted, this.buffer.length * 2), this.limit));
    this.buffer.copy(grown, 0, 0, this.done);
    this.buffer = grown;
  }

  write(bytes: Buffer): void {
    this.reserve(bytes.length);
    bytes.copy(this.buffer, this.done);
    this.done += bytes.length;
  }

  repeat(back: number, length: number): void {
    this.reserve(length);
    this.done = copyBack(this.buffer, this.done, back, length);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.done);
  }
}
