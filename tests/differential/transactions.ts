/** A producer with a transactional id, and the steps that lead up to what a scenario asks about its transactions. */
import type { Fields } from './allowedDifferences.ts';
import type { Answer } from './answer.ts';
import { FRESH } from './prepared.ts';
import { idempotent, records, TRANSACTIONAL } from './producing.ts';
import type { Talk } from './talk.ts';

/** Knows isolation levels, whatever the scenario is about. */
const LIST_OFFSETS_VERSION = 5;
const READ_COMMITTED = 1;
const CONCURRENT_TRANSACTIONS = 51;
/** In EndTxn and others, AddPartitionsToTxn, TxnOffsetCommit. */
const PLACES_OF_ERRORS = ['errorCode', 'results.0.partitions.0.errorCode', 'topics.0.partitions.0.errorCode'];

export interface Producer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Kafka ends a transaction behind its answer, and until it has, this error is all that the next request gets. */
const isOver = (answer: Answer) => !PLACES_OF_ERRORS.some((place) => answer.at(place) === CONCURRENT_TRANSACTIONS);

/** Asks again while the transaction before is being ended; the answer is compared unless `quiet`. */
export const patiently = (t: Talk, api: string, body: Fields, { quiet = false } = {}) =>
  t.until(api, body, isOver, { quiet });

export async function begin(t: Talk, more: Partial<Producer> & Fields = {}): Promise<Producer> {
  const body = { transactionalId: t.name('tx'), transactionTimeoutMs: 60_000, ...more };
  const given = await patiently(t, 'InitProducerId', body, { quiet: true });
  return {
    transactionalId: body.transactionalId,
    producerId: given.number('producerId'),
    producerEpoch: given.number('producerEpoch'),
  };
}

/** Into the transaction comes the scenario's partition, unless others are named. */
export const adding = (
  t: Talk,
  producer: Producer,
  partitions: readonly number[] = [t.place.partition],
  name = FRESH,
): Fields => ({ ...producer, topics: [{ name, partitions }] });

export async function add(t: Talk, producer: Producer): Promise<void> {
  const answer = await patiently(t, 'AddPartitionsToTxn', adding(t, producer), { quiet: true });
  mustBeFine(answer, 'results.0.partitions.0.errorCode');
}

/** Two records into the scenario's partition. */
export const writing = (t: Talk, { transactionalId, producerId, producerEpoch }: Producer, sequence = 0): Fields => ({
  ...records(t, idempotent(producerId, sequence, producerEpoch, TRANSACTIONAL)),
  transactionalId,
});

export async function write(t: Talk, producer: Producer, sequence = 0): Promise<void> {
  mustBeFine(await t.look('Produce', writing(t, producer, sequence)), 'responses.0.partitions.0.errorCode');
}

/** The partition is in the transaction, with two records. */
export async function addAndWrite(t: Talk, producer: Producer, sequence = 0): Promise<void> {
  await add(t, producer);
  await write(t, producer, sequence);
}

/** The scenario's partition then ends at `until`, behind the end marker. */
export async function end(t: Talk, producer: Producer, committed: boolean, until: number): Promise<void> {
  // The same again is only answered when all is done.
  for (let count = 0; count < 2; count += 1) {
    mustBeFine(await patiently(t, 'EndTxn', { ...producer, committed }, { quiet: true }), 'errorCode');
  }
  await untilStableAt(t, until);
}

export async function untilStableAt(t: Talk, offset: number): Promise<void> {
  const isThere = (answer: Answer) => answer.at('topics.0.partitions.0.offset') === offset;
  const options = { quiet: true, version: LIST_OFFSETS_VERSION };
  const last = await t.until('ListOffsets', latest(t, READ_COMMITTED), isThere, options);
  if (!isThere(last)) throw new Error(`no committed read comes to ${offset}: ${JSON.stringify(last.fields)}`);
}

/** Where the next record comes in the scenario's partition. */
export async function endOffset(t: Talk): Promise<number> {
  const answer = await t.look('ListOffsets', latest(t), LIST_OFFSETS_VERSION);
  return answer.number('topics.0.partitions.0.offset');
}

const latest = (t: Talk, isolationLevel = 0) => ({
  replicaId: -1,
  isolationLevel,
  topics: [{ name: FRESH, partitions: [{ partitionIndex: t.place.partition, timestamp: -1 }] }],
});

function mustBeFine(answer: Answer, place: string): void {
  if (answer.at(place) !== 0) throw new Error(`${place} is not 0: ${JSON.stringify(answer.fields)}`);
}
