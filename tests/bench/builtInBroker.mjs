/** The built-in broker alone, as `npm run broker` starts it, with topics of made-up positions for the rows that read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ProduceAcks, Producer } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { makeGuardedFolder, removeGuardedFolder } from '../apacheKafka/guarded.mjs';
import { ROOT } from './openApp.mjs';

/**
 * `startMs`: from spawning its process until it serves.
 *
 * @typedef {{ host: string, port: number, address: string, startMs: number, pid: number, close: () => Promise<void> }} Broker
 */

/**
 * On a free port, with a data folder of its own. It ends with the process that started it.
 *
 * @returns {Promise<Broker>}
 */
export async function startBroker() {
  const data = await makeGuardedFolder('geostream-bench-broker-');
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [join(ROOT, 'out/main/broker.cjs'), '--port', '0', '--data', data, '--log', 'json', '--exit-with-stdin'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  const close = async () => {
    child.kill();
    await ended;
    await removeGuardedFolder(data);
  };
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  const startMs = performance.now() - start;
  try {
    const { host, port } = JSON.parse(line[0]);
    return { host, port, address: `${host}:${port}`, startMs, pid: Number(child.pid), close };
  } catch (error) {
    await close();
    throw new Error('the built-in broker did not start', { cause: error });
  }
}

/**
 * Creates topics of so many partitions each.
 *
 * @param {string} address
 * @param {readonly string[]} topics
 * @param {number} partitions
 */
export async function createTopics(address, topics, partitions) {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, requestTimeout: 120_000 }).admin();
  await admin.connect();
  try {
    for (let first = 0; first < topics.length; first += TOPICS_A_REQUEST) {
      await admin.createTopics({
        timeout: 120_000,
        waitForLeaders: false,
        topics: topics
          .slice(first, first + TOPICS_A_REQUEST)
          .map((topic) => ({ topic, numPartitions: partitions, replicationFactor: 1 })),
      });
    }
  } finally {
    await admin.disconnect();
  }
}
const TOPICS_A_REQUEST = 250;

/**
 * Produces positions of so many vehicles in turn (500 unless given) to a topic, spread evenly over its partitions, in
 * batches of a thousand. Not by kafkajs, which takes four times as long.
 *
 * @param {string} address
 * @param {string} topic
 * @param {{ records: number, partitions: number, entities?: number }} how
 */
export async function producePositions(address, topic, { records, partitions, entities = ENTITIES }) {
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [address], acks: ProduceAcks.LEADER });
  const start = Date.now();
  try {
    for (let first = 0; first < records; first += RECORDS_A_BATCH) {
      const partition = (first / RECORDS_A_BATCH) % partitions;
      const messages = Array.from({ length: Math.min(RECORDS_A_BATCH, records - first) }, (_, i) => ({
        topic,
        partition,
        value: Buffer.from(position(first + i, start, entities)),
      }));
      await producer.send({ messages });
    }
  } finally {
    await producer.close();
  }
}
const RECORDS_A_BATCH = 1_000;
const ENTITIES = 500;

/**
 * Some 86 bytes of JSON: one of the vehicles, the first 500 in the app's first view (the Gulf of Finland) and the others
 * in the east of them, a millisecond on each time.
 *
 * @param {number} index
 * @param {number} start epoch ms
 * @param {number} entities
 */
function position(index, start, entities) {
  const entity = index % entities;
  const turn = Math.floor(index / entities) % 100;
  const name = `v${String(entity).padStart(4, '0')}`;
  const lat = (59.6 + (entity % 25) * 0.016 + turn * 1e-4).toFixed(5);
  const lon = (24.4 + ((Math.floor(entity / 25) * 0.05) % 150) + turn * 1e-4).toFixed(5);
  return `{"name":"${name}","lat":${lat},"lon":${lon},"course":${100 + turn}.5,"time":${start + index}}`;
}
