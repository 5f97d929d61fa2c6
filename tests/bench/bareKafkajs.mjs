/**
 * The reference: kafkajs by itself, as it comes. `bareKafkajs.mjs JOB ADDRESS [TOPIC] [RECORDS]` tells its parent one
 * figure and goes on until it is ended.
 */
import { Kafka, logLevel } from 'kafkajs';

const [job = '', address = '', topic = '', recordsText = '0'] = process.argv.slice(2);
const records = Number(recordsText);
const kafka = new Kafka({ brokers: [address], clientId: 'bare', logLevel: logLevel.NOTHING });
const newConsumer = () => kafka.consumer({ groupId: `bare-${process.pid}-${Date.now()}` });

/**
 * Reads all records of the topic.
 *
 * @param {(value: Buffer | null) => void} take
 * @returns {Promise<number>} records a second, counted behind the first batch: connecting and joining are not in it
 */
async function readAll(take) {
  const consumer = newConsumer();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  return new Promise((resolve, reject) => {
    let read = 0;
    let beforeClock = 0;
    let start = 0;
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) take(value);
          read += batch.messages.length;
          if (start === 0) {
            start = performance.now();
            beforeClock = read;
          }
          if (read >= records) resolve((read - beforeClock) / ((performance.now() - start) / 1_000));
        },
      })
      .catch(reject);
  });
}

/** @type {Record<string, () => Promise<number>>} */
const jobs = {
  /** Records a second, handed over. */
  read: () => readAll(() => {}),
  /** The same, with each value parsed. */
  parse: () => readAll((value) => value && JSON.parse(value.toString())),
  /** Reads all records, then stays connected. */
  rest: async () => {
    await readAll(() => {});
    return records;
  },
  /** ms from connecting to the first message. */
  firstMessage: async () => {
    const start = performance.now();
    const consumer = newConsumer();
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    return new Promise((resolve, reject) => {
      consumer.run({ eachMessage: async () => resolve(performance.now() - start) }).catch(reject);
    });
  },
  /** ms from connecting to the metadata of all topics. */
  topics: async () => {
    const start = performance.now();
    const admin = kafka.admin();
    await admin.connect();
    await admin.fetchTopicMetadata();
    return performance.now() - start;
  },
};

process.once('disconnect', () => process.exit());
process.send?.(await jobs[job]?.());
