/**
 * Which leader wrote what has been read. A log may lose its end (a replica that lagged was elected, a disk was restored)
 * and grow beyond the reader's position before the reader looks again: offsets alone do not show that. So each batch
 * carries the epoch of its leader, and the broker, told the last one, says where its own log is another (KIP-595).
 */

/** An epoch, and the offset of the first record read that it wrote. Lists are in order. */
export interface EpochStart {
  readonly epoch: number;
  readonly from: number;
}

/** The broker's log has no later epoch than this one up to the position; what this one wrote ends before `endOffset`. */
export interface Divergence {
  readonly epoch: number;
  readonly endOffset: number;
}

/** "Not known", on the wire. */
export const NO_EPOCH = -1;

const LENGTH_AT = 8;
const EPOCH_AT = 12;
const MAGIC_AT = 16;

/** The list with what these batches add to it. */
export function withEpochsOf(data: Buffer, known: readonly EpochStart[]): readonly EpochStart[] {
  const found = [...known];
  for (let at = 0; at + MAGIC_AT < data.length; ) {
    const end = at + EPOCH_AT + data.readInt32BE(at + LENGTH_AT);
    if (data.readInt8(at + MAGIC_AT) < 2 || end <= at + MAGIC_AT || end > data.length) break;
    const epoch = data.readInt32BE(at + EPOCH_AT);
    if (epoch > lastEpoch(found)) found.push({ epoch, from: Number(data.readBigInt64BE(at)) });
    at = end;
  }
  return found.length === known.length ? known : found;
}

export const lastEpoch = (known: readonly EpochStart[]): number => known.at(-1)?.epoch ?? NO_EPOCH;

/** The first offset whose record may be another than the one that was read; at most the position. */
export function partedAt(known: readonly EpochStart[], { epoch, endOffset }: Divergence, position: number): number {
  const ownEnd = known.find((one) => one.epoch > epoch)?.from ?? position;
  return Math.min(ownEnd, endOffset, position);
}
