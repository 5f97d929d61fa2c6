/**
 * The compression codecs that kafkajs leaves to its users: Snappy, LZ4 and Zstandard. Without them a single batch in
 * one of these stops a reader. What comes out is bounded: a small batch may claim to hold gigabytes.
 */
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import lz4 from 'lz4js';
import snappy from 'snappyjs';
import { lz4Frame } from './lz4Frame';

/** Largest size of one decompressed batch, bytes. Kafka's own default for a whole batch is 1 MiB compressed. */
export const MAX_DECOMPRESSED_BYTES = 256 << 20;

export class CodecError extends Error {
  override readonly name = 'CodecError';
}

const tooLarge = (codec: string) =>
  new CodecError(`A ${codec} batch claims more than ${MAX_DECOMPRESSED_BYTES >> 20} MiB when decompressed.`);

/** Java's clients wrap Snappy in frames of their own (xerial snappy-java); librdkafka and others send it bare. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

export function snappyDecompress(data: Buffer): Buffer {
  if (!data.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
    return Buffer.from(snappy.uncompress(data, MAX_DECOMPRESSED_BYTES));
  }
  const parts: Buffer[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < data.length; ) {
    if (at + 4 > data.length) throw new CodecError('A Snappy batch is cut off.');
    const length = data.readUInt32BE(at);
    at += 4;
    if (at + length > data.length) throw new CodecError('A Snappy batch is cut off.');
    const part = Buffer.from(snappy.uncompress(data.subarray(at, at + length), MAX_DECOMPRESSED_BYTES - total));
    total += part.length;
    if (total > MAX_DECOMPRESSED_BYTES) throw tooLarge('Snappy');
    parts.push(part);
    at += length;
  }
  return Buffer.concat(parts, total);
}

export function lz4Decompress(frame: Buffer): Buffer {
  const data = withoutBlockChecksums(frame);
  const bound = lz4.decompressBound(data);
  if (!(bound <= MAX_DECOMPRESSED_BYTES)) throw tooLarge('LZ4');
  return Buffer.from(lz4.decompress(data, bound));
}

const LZ4_MAGIC_BYTES = 4;
const LZ4_BLOCK_CHECKSUM = 0x10;
const LZ4_CONTENT_SIZE = 0x08;
/** In a block's length: it is stored as it is. */
const LZ4_STORED = 0x80000000;

/** lz4js looks for the checksum of a block before it, where it is behind; aiokafka's codec writes them (cramjam). */
function withoutBlockChecksums(frame: Buffer): Buffer {
  const flags = frame[LZ4_MAGIC_BYTES] ?? 0;
  if ((flags & LZ4_BLOCK_CHECKSUM) === 0) return frame;
  // Behind the flags: the size of blocks, the size of the content where there is one, the checksum of all this.
  let at = LZ4_MAGIC_BYTES + 3 + ((flags & LZ4_CONTENT_SIZE) === 0 ? 0 : 8);
  const head = Buffer.from(frame.subarray(0, at));
  head[LZ4_MAGIC_BYTES] = flags & ~LZ4_BLOCK_CHECKSUM;
  const parts: Buffer[] = [head];
  for (;;) {
    if (at + 4 > frame.length) throw new CodecError('An LZ4 batch is cut off.');
    const length = frame.readUInt32LE(at);
    if (length === 0) return Buffer.concat([...parts, frame.subarray(at)]);
    const end = at + 4 + (length & ~LZ4_STORED);
    if (end + 4 > frame.length) throw new CodecError('An LZ4 batch is cut off.');
    parts.push(frame.subarray(at, end));
    at = end + 4;
  }
}

export function zstdDecompress(data: Buffer): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const stream = new Decompress((part, final) => {
    total += part.length;
    if (total > MAX_DECOMPRESSED_BYTES) throw tooLarge('Zstandard');
    // The decoder reuses its memory for the next part.
    parts.push(part.slice());
    ended ||= final === true;
  });
  stream.push(data, true);
  if (!ended) throw new CodecError('A Zstandard batch is cut off.');
  return Buffer.concat(parts, total);
}

/** Java's clients read Snappy in xerial's frames alone; 1 is the version, and the oldest that can read it. */
const XERIAL_HEADER = Buffer.concat([XERIAL_MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
/** Of xerial's frames, bytes, as Java writes them. */
const XERIAL_BLOCK_BYTES = 32 << 10;

export function snappyCompress(data: Buffer): Buffer {
  const parts: Uint8Array[] = [XERIAL_HEADER];
  for (let at = 0; at < data.length; at += XERIAL_BLOCK_BYTES) {
    const block = snappy.compress(data.subarray(at, at + XERIAL_BLOCK_BYTES));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

type Zstd = Awaited<ReturnType<typeof import('@hpcc-js/wasm-zstd')['Zstd']['load']>>;

let wasm: Promise<Zstd> | undefined;

/** zstd itself as WebAssembly: loaded when it is first needed, which takes a tenth of a second. */
export async function zstdCompressInWasm(data: Buffer): Promise<Buffer> {
  wasm ??= import('@hpcc-js/wasm-zstd').then(({ Zstd }) => Zstd.load());
  try {
    const { buffer, byteOffset, byteLength } = (await wasm).compress(data);
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    wasm = undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new CodecError(`A batch could not be compressed with Zstandard: ${why}.`, { cause: error });
  }
}

/** In Node from 22.15 on, and so in today's Electron. */
type ZstdCompress = (data: Buffer, done: (error: Error | null, compressed: Buffer) => void) => void;

/** By Node's own encoder, off this thread, where there is one. */
export function zstdCompress(data: Buffer): Promise<Buffer> {
  const { zstdCompress: compress } = zlib as { zstdCompress?: ZstdCompress };
  if (!compress) return zstdCompressInWasm(data);
  return new Promise((resolve, reject) => {
    compress(data, (error, compressed) => (error ? reject(error) : resolve(compressed)));
  });
}

/** KIP-110 and its forerunners: a codec by its number in a batch's attributes. */
const BY_NUMBER: readonly ((data: Buffer) => Buffer)[] = [
  (data) => data,
  (data) => zlib.gunzipSync(data, { maxOutputLength: MAX_DECOMPRESSED_BYTES }),
  snappyDecompress,
  lz4Decompress,
  zstdDecompress,
];

export const isCodec = (codec: number): boolean => BY_NUMBER[codec] !== undefined;

/** Throws when the data is damaged, or larger than may be. */
export function decompress(codec: number, data: Buffer): Buffer {
  const unpack = BY_NUMBER[codec];
  if (!unpack) throw new CodecError(`There is no codec ${codec}.`);
  return unpack(data);
}

/** What kafkajs wants of a codec; it declares no type for it. */
interface KafkajsCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(data: Buffer): Promise<Buffer>;
}

function codec(compress: (data: Buffer) => Buffer | Promise<Buffer>, decompress: (data: Buffer) => Buffer) {
  const implementation: KafkajsCodec = {
    compress: async ({ buffer }) => compress(buffer),
    decompress: async (data) => decompress(data),
  };
  return () => implementation;
}

/** Call before any client exists. */
export function registerCodecs(kafkajs: typeof import('kafkajs')): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = codec(snappyCompress, snappyDecompress);
  CompressionCodecs[CompressionTypes.LZ4] = codec(lz4Frame, lz4Decompress);
  CompressionCodecs[CompressionTypes.ZSTD] = codec(zstdCompress, zstdDecompress);
}
