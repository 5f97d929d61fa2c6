/**
 * kafkajs at work on a broker: `client.mjs JOB ADDRESS TOPIC RECORDS` tells its parent one figure and goes on until it
 * is ended.
 */
import { Kafka, logLevel } from 'kafkajs';

const [job = '', address = '', topic = '', recordsText = '0'] = process.argv.slice(2);
const records = Number(recordsText);
const kafka = new Kafka({ brokers: [address], clientId: 'bench', logLevel: logLevel.NOTHING });
const RECORDS_A_BATCH = 1_000;
const VALUE = Buffer.alloc(100, 'x');

/** @param {number} p between 0 and 1 @param {number[]} values */
const percentile = (p, values) => values.sort((a, b) => a - b)[Math.floor(p * (values.length - 1))] ?? Number.NaN;

/** How long each of so many records takes to be acknowledged, one after the other, ms. */
async function latencies() {
  const producer = kafka.producer();
  await producer.connect();
  const send = () => producer.send({ topic, acks: -1, messages: [{ value: VALUE }] });
  for (let warm = 0; warm < records / 10; warm++) await send();
  const taken = [];
  for (let sent = 0; sent < records; sent++) {
    const start = performance.now();
    await send();
    taken.push(performance.now() - start);
  }
  return taken;
}

/** @type {Record<string, () => Promise<number>>} */
const jobs = {
  /** Records a second, all acknowledged. */
  produce: async () => {
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: RECORDS_A_BATCH }, () => ({ value: VALUE }));
    await producer.send({ topic, acks: -1, messages });
    const start = performance.now();
    for (let sent = 0; sent < records; sent += RECORDS_A_BATCH) await producer.send({ topic, acks: -1, messages });
    return records / ((performance.now() - start) / 1_000);
  },
  p50: async () => percentile(0.5, await latencies()),
  p99: async () => percentile(0.99, await latencies()),
};

process.once('disconnect', () => process.exit());
process.send?.(await jobs[job]?.());
