/** A compacted topic that is written to all the time: in the end the last value of each key is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Load, SEGMENT_BYTES } from './load.ts';
import { readTopic } from './readTopic.ts';

const TOPIC = 'load-compacted';
const KEYS = 2_000;
const LARGEST_BATCH = 200;
const LONGEST_PAUSE_MS = 100;
const SETTINGS = [
  SEGMENT_BYTES,
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'min.cleanable.dirty.ratio', value: '0.1' },
];

export async function superseding({ kafka, random, counts, goesOn, fault }: Load): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1, configEntries: SETTINGS }] });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const last = new Map<string, number>();
  for (let sent = 0; goesOn(); ) {
    const messages = Array.from({ length: random.between(1, LARGEST_BATCH) }, () => {
      const key = `key-${random.between(1, KEYS)}`;
      sent += 1;
      last.set(key, sent);
      return { key, value: `${key} ${sent} ${'x'.repeat(200)}` };
    });
    await producer.send({ topic: TOPIC, messages });
    counts.superseded = sent - last.size;
    await sleep(random.between(0, LONGEST_PAUSE_MS));
  }
  await producer.disconnect();
  const found = new Map<string, number>();
  for (const value of await readTopic(kafka, TOPIC, `${TOPIC}-reader`)) {
    const [key = '', number] = value.split(' ');
    if (Number(number) <= (found.get(key) ?? 0)) fault(`${TOPIC}: ${key} has ${number} behind ${found.get(key)}`);
    found.set(key, Number(number));
  }
  for (const [key, number] of last) {
    if (found.get(key) !== number)
      fault(`${TOPIC}: the last value of ${key} is ${number}, and ${found.get(key)} is there`);
  }
}
