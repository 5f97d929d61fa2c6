/**
 * Where to ask on behind an answer that has not been taken in yet, so that the broker and the network do their part while
 * it is. The batches' headers tell where it ends. What comes back is used only if taking in has ended there, too.
 */
import type { FetchedPartition } from './fetch';
import { type EpochStart, withEpochsOf } from './leaderEpochs';

/** One partition's part of an answer, and where it was asked from. */
export interface Answered {
  readonly fetched: FetchedPartition;
  readonly position: number;
  readonly epochs: readonly EpochStart[];
  /** See ReadPartition. */
  readonly stop: number | undefined;
}

export interface Ahead {
  readonly partition: number;
  readonly position: number;
  readonly epochs: readonly EpochStart[];
}

/**
 * In the order of the answer; undefined when it is not the time: something was not as it should be, or there is no more
 * to read at once.
 */
export function readAhead(answer: readonly Answered[]): readonly Ahead[] | undefined {
  const ahead: Ahead[] = [];
  let hasMore = false;
  for (const { fetched, position, epochs, stop } of answer) {
    const { partition, errorCode, divergence, data, lastStableOffset } = fetched;
    if (errorCode !== 0 || divergence) return undefined;
    const next = behindBatches(data, position);
    // Records in a format before v2, or a part of a batch only.
    if (data.length > 0 && next === position) return undefined;
    if (stop !== undefined && next >= stop) continue;
    if (next < lastStableOffset) hasMore = true;
    ahead.push({ partition, position: next, epochs: withEpochsOf(data, epochs) });
  }
  return hasMore ? ahead : undefined;
}

const BASE_LENGTH = 12;
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const LAST_OFFSET_DELTA_AT = 23;
const HEADER_BYTES = 61;

/** The position behind the whole batches of the format v2 that come first. */
function behindBatches(data: Buffer, position: number): number {
  let behind = position;
  for (let at = 0; at + HEADER_BYTES <= data.length; ) {
    const end = at + BASE_LENGTH + data.readInt32BE(at + LENGTH_AT);
    if (data.readInt8(at + MAGIC_AT) < 2 || end < at + HEADER_BYTES || end > data.length) break;
    const base = Number(data.readBigInt64BE(at));
    behind = Math.max(behind, base + data.readInt32BE(at + LAST_OFFSET_DELTA_AT) + 1);
    at = end;
  }
  return behind;
}
