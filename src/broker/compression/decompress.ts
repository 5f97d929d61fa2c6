/** Unpacks the body of a record batch, which this broker does for compaction alone, beside everything else. */
import * as zlib from 'node:zlib';
import { inTurns, type Pause } from '../turns.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

/** A small batch may claim to be a huge one; what is larger than this is not looked into. */
const MAX_BODY_BYTES = 64 << 20;

/** Numbers of the codec bits in a batch's attributes. */
export const Codec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const;

/** Node has it from 22.15 on; its types here are older. */
const zstd: unknown = Reflect.get(zlib, 'zstdDecompress');

type Unpacker = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: unknown, bytes: Buffer) => void,
) => void;

const isUnpacker = (candidate: unknown): candidate is Unpacker => typeof candidate === 'function';

/** Undefined where the body cannot be read: the codec is not known here, the bytes are damaged, or there are too many. */
export async function decompress(codec: number, body: Buffer, pause: Pause): Promise<Buffer | undefined> {
  try {
    switch (codec) {
      case Codec.NONE:
        return body;
      case Codec.GZIP:
        return await elsewhere(zlib.gunzip, body);
      case Codec.SNAPPY:
        return await inTurns(decompressSnappy(body, MAX_BODY_BYTES), pause);
      case Codec.LZ4:
        return await inTurns(decompressLz4(body, MAX_BODY_BYTES), pause);
      case Codec.ZSTD:
        return isUnpacker(zstd) ? await elsewhere(zstd, body) : undefined;
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/** By one of Node's other threads. */
function elsewhere(unpack: Unpacker, body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    unpack(body, { maxOutputLength: MAX_BODY_BYTES }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
