/**
 * Records a second of a backlog of positions, from the built-in broker beside it: the app's reader alone, and with all
 * that the main process makes of the records on their way to the map. References: kafkajs's `eachBatch` alone, and with
 * `JSON.parse` of each value. Each in a Node process of its own, in turns.
 */
import { join } from 'node:path';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { bundle } from '../bundle.mjs';
import { ROOT } from '../openApp.mjs';
import { bareKafkajs, measureIn } from '../ownProcess.mjs';
import { moreIsBetter } from '../rows.mjs';

const TOPIC = 'backlog';
const PARTITIONS = 4;
/** Reading must not be slower than with kafkajs as it comes. */
const GOAL = { ratio: 1 };
const CASES = [
  { name: 'read', own: 'read', bare: 'read', reference: 'bare kafkajs eachBatch' },
  { name: 'read to points', own: 'points', bare: 'parse', reference: 'bare kafkajs eachBatch and JSON.parse' },
];

/**
 * @param {{ short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function backlogRows({ short }) {
  const records = short ? 200_000 : 1_000_000;
  const runs = 3;
  const { folder, remove } = await bundle({
    own: join(import.meta.dirname, 'own.ts'),
    decoder: join(ROOT, 'src/main/streams/decoding/thread.ts'),
  });
  const own = join(folder, 'own.mjs');
  const broker = await startBroker();
  try {
    await createTopics(broker.address, [TOPIC], PARTITIONS);
    await producePositions(broker.address, TOPIC, { records, partitions: PARTITIONS });
    const rows = [];
    for (const { name, own: job, bare, reference } of CASES) {
      const values = [];
      const references = [];
      for (let run = 0; run < runs; run++) {
        values.push(await measureIn(own, [job, broker.address, TOPIC, String(records)]));
        references.push(await bareKafkajs(bare, broker.address, TOPIC, String(records)));
      }
      rows.push(
        moreIsBetter({
          row: 'backlog',
          case: name,
          unit: 'records/s',
          values,
          reference: { name: reference, values: references },
          goal: GOAL,
        }),
      );
    }
    return rows;
  } finally {
    await broker.close();
    await remove();
  }
}
