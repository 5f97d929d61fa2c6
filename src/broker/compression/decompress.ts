/** Unpacks the body of a record batch, which this broker does for compaction alone. */
import * as zlib from 'node:zlib';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

/** A small batch may claim to be a huge one; what is larger than this is not looked into. */
const MAX_BODY_BYTES = 64 << 20;

/** Numbers of the codec bits in a batch's attributes. */
export const Codec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const;

/** Node has it from 22.15 on; its types here are older. */
const zstd: unknown = Reflect.get(zlib, 'zstdDecompressSync');

/** Undefined where the body cannot be read: the codec is not known here, the bytes are damaged, or there are too many. */
export function decompress(codec: number, body: Buffer): Buffer | undefined {
  try {
    switch (codec) {
      case Codec.NONE:
        return body;
      case Codec.GZIP:
        return zlib.gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
      case Codec.SNAPPY:
        return decompressSnappy(body, MAX_BODY_BYTES);
      case Codec.LZ4:
        return decompressLz4(body, MAX_BODY_BYTES);
      case Codec.ZSTD: {
        if (typeof zstd !== 'function') return undefined;
        const unpacked: unknown = zstd(body, { maxOutputLength: MAX_BODY_BYTES });
        return Buffer.isBuffer(unpacked) ? unpacked : undefined;
      }
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
