/**
 * Writes LZ4 frames as Java's clients and the LZ4 library itself read them: independent blocks, and the last match well
 * before a block's end (github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md). lz4js keeps neither rule.
 */

/** Magic number; version 1 with independent blocks and no checksums of the content; blocks of 64 KiB; header checksum. */
const FRAME_HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const END_MARK = Buffer.alloc(4);
const BLOCK_BYTES = 64 << 10;
/** In a block's length: it is stored as it is. */
const STORED = 0x80000000;

const SHORTEST_MATCH = 4;
/** A match starts at least this long before the end of its block, and ends at least so long before. */
const NO_MATCH_STARTS = 12;
const LAST_LITERALS = 5;
const HASH_BITS = 14;

export function lz4Frame(data: Uint8Array): Buffer {
  const parts: Uint8Array[] = [FRAME_HEADER];
  const source = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const table = new Int32Array(1 << HASH_BITS);
  for (let at = 0; at < source.length; at += BLOCK_BYTES) {
    const block = source.subarray(at, at + BLOCK_BYTES);
    const packed = lz4Block(block, table);
    const length = Buffer.alloc(4);
    if (packed.length < block.length) length.writeUInt32LE(packed.length);
    else length.writeUInt32LE((block.length | STORED) >>> 0);
    parts.push(length, packed.length < block.length ? packed : block);
  }
  return Buffer.concat([...parts, END_MARK]);
}

/** One block: sequences of literals and a match of what came before, at most 64 KiB back. */
function lz4Block(source: Buffer, table: Int32Array): Buffer {
  const target = Buffer.allocUnsafe(source.length + Math.ceil(source.length / 255) + 16);
  let end = 0;
  let literalsFrom = 0;
  table.fill(-1);

  const writeLength = (rest: number) => {
    let left = rest;
    for (; left >= 255; left -= 255) target[end++] = 255;
    target[end++] = left;
  };

  /** `length` 0: there is no match, which only the last sequence may do without. */
  const writeSequence = (literalsTo: number, distance: number, length: number) => {
    const literals = literalsTo - literalsFrom;
    const match = length === 0 ? 0 : length - SHORTEST_MATCH;
    target[end++] = (Math.min(literals, 15) << 4) | Math.min(match, 15);
    if (literals >= 15) writeLength(literals - 15);
    end += source.copy(target, end, literalsFrom, literalsTo);
    if (length === 0) return;
    target[end++] = distance & 0xff;
    target[end++] = distance >>> 8;
    if (match >= 15) writeLength(match - 15);
  };

  const lastStart = source.length - NO_MATCH_STARTS;
  const matchesEnd = source.length - LAST_LITERALS;
  /** Where nothing repeats, steps grow. */
  let misses = 0;
  for (let at = 0; at <= lastStart; ) {
    const word = source.readInt32LE(at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const before = table[slot] ?? -1;
    table[slot] = at;
    if (before < 0 || source.readInt32LE(before) !== word) {
      at += 1 + (misses++ >> 6);
      continue;
    }
    misses = 0;
    let length = SHORTEST_MATCH;
    while (at + length < matchesEnd && source[before + length] === source[at + length]) length += 1;
    writeSequence(at, at - before, length);
    at += length;
    literalsFrom = at;
  }
  writeSequence(source.length, 0, 0);
  return target.subarray(0, end);
}
