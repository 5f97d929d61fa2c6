/**
 * What a partition remembers of each idempotent producer (KIP-98): its epoch, its last five batches, so that a batch
 * sent again gets its first offset back and a gap is refused, and where its open transaction began. Rebuilt from the
 * batches at start. Who has not been heard of for a day is forgotten, and with too many of them who was longest silent.
 */
import { type EndMarker, readEndMarker } from '../wire/controlBatch.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import type { BatchHeader } from '../wire/recordBatch.ts';
import { AbortedTransactions } from './abortedTransactions.ts';

/** As many as a producer may have in flight (max.in.flight.requests.per.connection of an idempotent producer). */
const REMEMBERED_BATCHES = 5;
const MAX_SEQUENCE = 0x7fff_ffff;
/** Kafka's producer.id.expiration.ms. */
const EXPIRATION_MS = 86_400_000;
/** About a kilobyte each. */
const MAX_PRODUCERS = 10_000;
/** Of a producer that was found in the log at start: it counts as heard of when it is first looked at. */
const NOT_YET_HEARD = -1;

interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

interface ProducerState {
  epoch: number;
  batches: RememberedBatch[];
  transactionStart: number | undefined;
  /** The broker's clock in ms: the records' own times may be years old. */
  heardAt: number;
}

export interface OpenTransaction {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstOffset: number;
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
  /** Who was heard of longest ago comes first. */
  private readonly states = new Map<number, ProducerState>();
  /** Producers with an open transaction, whose starts come in the order of the log. */
  private readonly open = new Map<number, ProducerState>();
  readonly aborted = new AbortedTransactions();

  get count(): number {
    return this.states.size;
  }

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
    if (state.transactionStart !== undefined && !batch.transactional) {
      return { kind: 'refused', errorCode: ErrorCode.INVALID_TXN_STATE };
    }
    return { kind: 'next' };
  }

  /** Takes note of a batch that is in the log. `now` in ms; left out where the log is read at start. */
  note(batch: BatchHeader, now = NOT_YET_HEARD): void {
    if (batch.producerId < 0 || batch.control) return;
    const state = this.heardOf(batch.producerId, batch.producerEpoch, now);
    const lastSequence = advance(batch.baseSequence, batch.lastOffset - batch.baseOffset);
    state.batches.push({ firstSequence: batch.baseSequence, lastSequence, baseOffset: batch.baseOffset });
    if (state.batches.length > REMEMBERED_BATCHES) state.batches.shift();
    if (batch.transactional && state.transactionStart === undefined) {
      state.transactionStart = batch.baseOffset;
      this.open.set(batch.producerId, state);
    }
  }

  /** Takes note of an end marker that is in the log. */
  noteEnd({ producerId, producerEpoch, committed }: EndMarker, offset: number, now = NOT_YET_HEARD): void {
    const state = this.heardOf(producerId, producerEpoch, now);
    const firstOffset = state.transactionStart;
    state.transactionStart = undefined;
    this.open.delete(producerId);
    // Where nothing was written there is nothing to leave out.
    if (firstOffset !== undefined && !committed) this.aborted.add({ producerId, firstOffset, lastOffset: offset });
  }

  /** Takes note of a batch that is found in the log at start. */
  noteFound(batch: BatchHeader, bytes: () => Buffer): void {
    const marker = batch.control ? readEndMarker(bytes()) : undefined;
    if (marker === undefined) this.note(batch);
    else this.noteEnd({ ...batch, committed: marker === 'commit' }, batch.baseOffset);
  }

  private heardOf(producerId: number, epoch: number, now: number): ProducerState {
    const state = this.states.get(producerId) ?? { epoch, batches: [], transactionStart: undefined, heardAt: now };
    if (state.epoch !== epoch) state.batches = [];
    state.epoch = epoch;
    state.heardAt = now;
    this.states.delete(producerId);
    this.states.set(producerId, state);
    if (this.states.size > MAX_PRODUCERS) this.forgetOne();
    return state;
  }

  private forgetOne(): void {
    for (const [producerId, { transactionStart }] of this.states) {
      if (transactionStart !== undefined) continue;
      this.states.delete(producerId);
      return;
    }
  }

  /** Forgets who has been silent for a day, but nobody whose transaction is open. */
  expire(now: number): void {
    for (const [producerId, state] of this.states) {
      if (state.heardAt === NOT_YET_HEARD) state.heardAt = now;
      if (state.transactionStart === undefined && now - state.heardAt >= EXPIRATION_MS) this.states.delete(producerId);
    }
  }

  /** Where the first open transaction begins. */
  get firstOpenOffset(): number | undefined {
    for (const { transactionStart } of this.open.values()) return transactionStart;
    return undefined;
  }

  openTransactions(): OpenTransaction[] {
    return [...this.open].map(([producerId, { epoch, transactionStart }]) => ({
      producerId,
      producerEpoch: epoch,
      firstOffset: transactionStart ?? 0,
    }));
  }
}
