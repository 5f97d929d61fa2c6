/**
 * Records a second of a backlog of positions, from the built-in broker beside it: the app's reader alone, and with all
 * that the main process makes of the records on their way to the map. References: kafkajs's `eachBatch` alone, and with
 * `JSON.parse` of each value. Each in a Node process of its own, in turns.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
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
  // In the tree, for kafkajs is found from there.
  const folder = await mkdtemp(join(ROOT, 'out', 'bench-'));
  const broker = await startBroker();
  try {
    const own = await bundle(folder);
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
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function bundle(folder) {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20.18',
      minify: false,
      rollupOptions: {
        input: {
          own: join(import.meta.dirname, 'own.ts'),
          decoder: join(ROOT, 'src/main/streams/decoding/thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  });
  return join(folder, 'own.mjs');
}
