/**
 * Transactions one after the other, of which every third is aborted; each commits an offset too. A reader sees what was
 * committed, once and in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load.ts';

export const TRANSACTIONS_TOPIC = 'load-transactions';
const GROUP = 'load-transactions-offsets';
const RECORDS = 20;
const LONGEST_PAUSE_MS = 300;

const isAborted = (transaction: number) => transaction % 3 === 2;
/** Which transaction the n-th committed one is, both from 0. */
const committedTransaction = (nth: number) => nth + Math.floor(nth / 2);

/** The topic is there, and has one partition. */
export async function transact({ kafka, random, counts, goesOn, fault }: Load): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const producer = kafka.producer({ transactionalId: 'load', idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({ groupId: `${TRANSACTIONS_TOPIC}-reader`, maxWaitTimeInMs: 200 });
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topic: TRANSACTIONS_TOPIC, fromBeginning: true });
  let read = 0;
  const crashed = new Promise<never>((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      const wanted = `${committedTransaction(Math.floor(read / RECORDS))} ${read % RECORDS}`;
      const found = String(message.value).split(' ').slice(0, 2).join(' ');
      if (found !== wanted) fault(`${TRANSACTIONS_TOPIC}: ${found} was read in place of ${wanted}`);
      read += 1;
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  let committed = 0;
  for (let number = 0; goesOn(); number += 1) {
    const transaction = await producer.transaction();
    const messages = Array.from({ length: RECORDS }, (_, index) => ({
      value: `${number} ${index} ${'x'.repeat(200)}`,
    }));
    await transaction.send({ topic: TRANSACTIONS_TOPIC, messages });
    const partitions = [{ partition: 0, offset: String(number) }];
    await transaction.sendOffsets({ consumerGroupId: GROUP, topics: [{ topic: TRANSACTIONS_TOPIC, partitions }] });
    if (isAborted(number)) await transaction.abort();
    else {
      await transaction.commit();
      committed += 1;
    }
    counts.transactions += 1;
    await sleep(random.between(0, LONGEST_PAUSE_MS));
  }
  // What was committed last has to come; what was aborted would have come before it.
  while (read < committed * RECORDS) await Promise.race([sleep(50), crashed]);
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  if (read !== committed * RECORDS) fault(`${TRANSACTIONS_TOPIC}: ${committed * RECORDS} committed, ${read} read`);
  const [offsets] = await admin.fetchOffsets({ groupId: GROUP, topics: [TRANSACTIONS_TOPIC] });
  const wanted = String(committedTransaction(committed - 1));
  const found = offsets?.partitions[0]?.offset;
  if (committed > 0 && found !== wanted) fault(`${GROUP}: ${wanted} was committed last, and ${found} is there`);
  await admin.disconnect();
}
