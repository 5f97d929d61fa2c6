/** What is sent to be appended, and by whom. */
import { batch } from './batches.ts';
import { T0 } from './library.ts';
import { FRESH } from './prepared.ts';
import type { Talk } from './talk.ts';

/** Of a batch's attributes. */
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;

/** One partition's records, to the partition of this scenario unless another is named. */
export function records(t: Talk, bytes: Buffer | null, { acks = -1, name = FRESH, index = t.place.partition } = {}) {
  // The built-in broker writes offsets into what it is given, but not into what another scenario sends.
  const sent = bytes === null ? null : Buffer.from(bytes);
  return { acks, timeoutMs: 30_000, topics: [{ name, partitions: [{ index, records: sent }] }] };
}

/** What lies in the scenario's partition, up to its end. */
export async function end(t: Talk, name = FRESH, partitionIndex = t.place.partition): Promise<void> {
  await t.call('ListOffsets', { replicaId: -1, topics: [{ name, partitions: [{ partitionIndex, timestamp: -1 }] }] });
}

export async function producerId(t: Talk): Promise<number> {
  const answer = await t.look('InitProducerId', { transactionalId: null, transactionTimeoutMs: 60_000 });
  return answer.number('producerId');
}

/** Two records of an idempotent producer. */
export const idempotent = (producer: number, baseSequence: number, producerEpoch = 0, attributes = 0) =>
  batch([T0, T0 + 1], { producerId: producer, producerEpoch, baseSequence, attributes });
