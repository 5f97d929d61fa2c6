/**
 * Snappy (google/snappy, format_description.txt), for reading: the block format, and the chunks of blocks in which Java's
 * snappy-java packs them ("xerial": 8 bytes of magic, two int32 versions, then int32 length and block, over and over).
 */
import type { Steps } from '../turns.ts';

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;
const ELEMENTS_A_STEP = 1024;
/** Shorter copies are done byte by byte: asking for a move costs more. */
const LEAST_MOVE_BYTES = 64;

/** Throws on bytes that are not Snappy, or that become more than `limit`. */
export function* decompressSnappy(bytes: Buffer, limit: number): Steps<Buffer> {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return yield* decompressBlock(bytes, limit);
  const blocks: Buffer[] = [];
  let size = 0;
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readInt32BE(at);
    if (length < 0 || at + 4 + length > bytes.length) throw new Error('a chunk is cut short');
    const block = yield* decompressBlock(bytes.subarray(at + 4, at + 4 + length), limit - size);
    blocks.push(block);
    size += block.length;
    at += 4 + length;
  }
  return Buffer.concat(blocks, size);
}

function* decompressBlock(bytes: Buffer, limit: number): Steps<Buffer> {
  let at = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes.readUInt8(at);
    at += 1;
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
    if (shift >= 28) throw new Error('the length is longer than 32 bits');
  }
  if (size > limit) throw new Error(`${size} bytes are more than ${limit}`);
  const out = Buffer.allocUnsafe(size);
  let done = 0;
  for (let element = 1; at < bytes.length; element += 1) {
    if (element % ELEMENTS_A_STEP === 0) yield;
    const tag = bytes.readUInt8(at);
    at += 1;
    let length: number;
    let back: number;
    switch (tag & 3) {
      case 0: {
        length = (tag >>> 2) + 1;
        if (length > 60) {
          const extra = length - 60;
          length = bytes.readUIntLE(at, extra) + 1;
          at += extra;
        }
        if (at + length > bytes.length || done + length > size) throw new Error('a literal is too long');
        bytes.copy(out, done, at, at + length);
        at += length;
        done += length;
        continue;
      }
      case 1:
        length = ((tag >>> 2) & 7) + 4;
        back = ((tag & 0xe0) << 3) | bytes.readUInt8(at);
        at += 1;
        break;
      case 2:
        length = (tag >>> 2) + 1;
        back = bytes.readUInt16LE(at);
        at += 2;
        break;
      default:
        length = (tag >>> 2) + 1;
        back = bytes.readUInt32LE(at);
        at += 4;
    }
    done = copyBack(out, done, back, length);
  }
  if (done !== size) throw new Error(`${done} bytes came, ${size} were promised`);
  return out;
}

/** Repeats what was written `back` bytes ago; the two may overlap. Returns where the output ends then. */
export function copyBack(out: Buffer, done: number, back: number, length: number): number {
  if (back === 0 || back > done) throw new Error('a copy reaches before the beginning');
  if (done + length > out.length) throw new Error('a copy reaches past the end');
  const end = done + length;
  if (length < LEAST_MOVE_BYTES) {
    for (let index = done; index < end; index += 1) out[index] = out[index - back] ?? 0;
    return end;
  }
  // What has been repeated can be repeated itself: the piece that is moved doubles.
  const start = done - back;
  for (let at = done; at < end; ) {
    const piece = Math.min(at - start, end - at);
    out.copyWithin(at, start, start + piece);
    at += piece;
  }
  return end;
}
