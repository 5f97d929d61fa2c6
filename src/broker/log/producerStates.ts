/**
 * What a partition remembers of each idempotent producer (KIP-98): its epoch and its last five batches, so that a
 * batch sent again gets its first offset back, and a gap is refused. Rebuilt from batch headers at start.
 */
import { ErrorCode } from '../wire/errorCode.ts';
import type { BatchHeader } from '../wire/recordBatch.ts';

/** As many as a producer may have in flight (max.in.flight.requests.per.connection of an idempotent producer). */
const REMEMBERED_BATCHES = 5;
const MAX_SEQUENCE = 0x7fff_ffff;

interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

interface ProducerState {
  epoch: number;
  batches: RememberedBatch[];
}

export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number }
  | { readonly kind: 'refused'; readonly errorCode: ErrorCode };

/** Sequences go round from 2^31 - 1 to 0. */
function advance(sequence: number, by: number): number {
  return (sequence + by) % (MAX_SEQUENCE + 1);
}

export class ProducerStates {
  private readonly states = new Map<number, ProducerState>();

  check(batch: BatchHeader): SequenceVerdict {
    if (batch.producerId < 0) return { kind: 'next' };
    const state = this.states.get(batch.producerId);
    // Whoever is not known may begin anywhere: retention may have taken all that was known of them.
    if (state === undefined) return { kind: 'next' };
    if (batch.producerEpoch < state.epoch) return { kind: 'refused', errorCode: ErrorCode.INVALID_PRODUCER_EPOCH };
    if (batch.producerEpoch > state.epoch) {
      return batch.baseSequence === 0
        ? { kind: 'next' }
        : { kind: 'refused', errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER };
    }
    const lastSequence = advance(batch.baseSequence, batch.lastOffset - batch.baseOffset);
    for (const known of state.batches) {
      if (known.firstSequence === batch.baseSequence && known.lastSequence === lastSequence) {
        return { kind: 'duplicate', baseOffset: known.baseOffset };
      }
    }
    const last = state.batches.at(-1);
    if (last !== undefined && batch.baseSequence !== advance(last.lastSequence, 1)) {
      return { kind: 'refused', errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER };
    }
    return { kind: 'next' };
  }

  /** Takes note of a batch that is in the log. */
  note(batch: BatchHeader): void {
    if (batch.producerId < 0 || batch.control) return;
    let state = this.states.get(batch.producerId);
    if (state === undefined || state.epoch !== batch.producerEpoch) {
      state = { epoch: batch.producerEpoch, batches: [] };
      this.states.set(batch.producerId, state);
    }
    const lastSequence = advance(batch.baseSequence, batch.lastOffset - batch.baseOffset);
    state.batches.push({ firstSequence: batch.baseSequence, lastSequence, baseOffset: batch.baseOffset });
    if (state.batches.length > REMEMBERED_BATCHES) state.batches.shift();
  }
}
