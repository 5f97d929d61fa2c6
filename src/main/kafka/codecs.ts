/**
 * The compression codecs that kafkajs leaves to its users: Snappy, LZ4 and Zstandard. Without them a single batch in
 * one of these stops a reader. What comes out is bounded: a small batch may claim to hold gigabytes.
 */
import { Decompress } from 'fzstd';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

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

export function lz4Decompress(data: Buffer): Buffer {
  const bound = lz4.decompressBound(data);
  if (!(bound <= MAX_DECOMPRESSED_BYTES)) throw tooLarge('LZ4');
  return Buffer.from(lz4.decompress(data, bound));
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

/** What kafkajs wants of a codec; it declares no type for it. */
interface KafkajsCodec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(data: Buffer): Promise<Buffer>;
}

const decompressOnly = (codec: string, decompress: (data: Buffer) => Buffer): (() => KafkajsCodec) => {
  const implementation: KafkajsCodec = {
    compress: () => Promise.reject(new CodecError(`${codec} is read, but not written.`)),
    decompress: async (data) => decompress(data),
  };
  return () => implementation;
};

/** Call before any client exists. */
export function registerCodecs(kafkajs: typeof import('kafkajs')): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = decompressOnly('Snappy', snappyDecompress);
  CompressionCodecs[CompressionTypes.LZ4] = decompressOnly('LZ4', lz4Decompress);
  CompressionCodecs[CompressionTypes.ZSTD] = decompressOnly('Zstandard', zstdDecompress);
}
