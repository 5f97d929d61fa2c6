/**
 * Twenty layers at once with a million entities over all of them (`--short`: 200,000): by how much all processes of the
 * app grow until every entity is on the map. Reference: what the dialog of limits says that so many entities, the
 * fixes of their trails, and so many layers take, with what reading takes by itself. The counts of each layer have to add up.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryByType, totalOf } from '../appMemory.mjs';
import { createTopics, producePositions, startBroker } from '../builtInBroker.mjs';
import { bundle } from '../bundle.mjs';
import { openApp, ROOT, untilAnswered, untilListed } from '../openApp.mjs';
import { lessIsBetter } from '../rows.mjs';

const LAYERS = 20;
const MIB = 1 << 20;
/** Only what hangs meets this. */
const SHOWN_WITHIN_MS = 400_000;
/** After the last record was counted, until what was only needed on the way has been let go, ms. */
const SETTLE_MS = 10_000;

/**
 * @param {{ electron: string, short: boolean }} options
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function layersRows({ electron, short }) {
  const entities = short ? 10_000 : 50_000;
  const topics = Array.from({ length: LAYERS }, (_, index) => `layer-${String(index).padStart(2, '0')}`);
  const shownMiB = await shownInDialog(LAYERS * entities);
  const broker = await startBroker();
  try {
    await createTopics(broker.address, topics, 1);
    for (const topic of topics)
      await producePositions(broker.address, topic, { records: entities, partitions: 1, entities });
    const { app, page, close } = await openApp({ electron, cluster: broker });
    try {
      await untilListed(page, LAYERS);
      await wait(SETTLE_MS);
      const before = totalOf(await memoryByType(app));
      await page.evaluate(addAll, topics);
      await untilAnswered(page, allAreShown, { layers: LAYERS, records: entities }, SHOWN_WITHIN_MS);
      await wait(SETTLE_MS);
      const grown = totalOf(await memoryByType(app)) - before;
      return [
        lessIsBetter({
          row: 'layers',
          case: `${LAYERS} with ${LAYERS * entities}`,
          unit: 'MiB',
          values: [grown],
          reference: { name: 'what the limits say', values: [shownMiB] },
          goal: { ratio: 1 },
        }),
      ];
    } finally {
      await close();
    }
  } finally {
    await broker.close();
  }
}

/** @param {readonly string[]} topics */
async function addAll(topics) {
  for (const topic of topics) {
    const answer = await window.geostream.call('layers.add', {
      topic,
      start: { kind: 'beginning' },
      stop: { kind: 'never' },
    });
    if (!answer.ok) throw new Error(answer.error.message);
  }
}

/** @param {{ layers: number, records: number }} wanted in each layer, one of each entity */
async function allAreShown({ layers, records }) {
  const answer = await window.geostream.call('app.snapshot', {});
  if (!answer.ok || answer.value.counts.length < layers) return false;
  for (const counts of answer.value.counts) {
    const { read, shown, late, removed, refused } = counts;
    if (read !== shown + late + removed + refused || refused > 0 || read > records)
      throw new Error(JSON.stringify(counts));
  }
  return answer.value.counts.every(({ shown }) => shown === records);
}

/** @param {number} entities of each a fix @returns {Promise<number>} MiB */
async function shownInDialog(entities) {
  const { folder, remove } = await bundle({ limits: join(ROOT, 'src/shared/limitRanges.ts') });
  try {
    const { defaultLimits, memoryOf } = await import(join(folder, 'limits.mjs'));
    const memory = memoryOf({ ...defaultLimits, entities, trailFixes: entities }, false);
    return (memory.entities + memory.trails + LAYERS * memory.layer + memory.reading) / MIB;
  } finally {
    await remove();
  }
}
