/**
 * Bytes that the app holds for one entity (its columns and name in the drawing worker, its place in the decoder's
 * dictionary), of a million, and for one fix of a trail. Reference: a JavaScript object each, entities in a Map by name.
 * Then what it holds beside that for a mark of a crowd that is kept from frame to frame, and to glide where motion is
 * smooth, both as part of its entity.
 */

import { join } from 'node:path';
import { bundle } from '../bundle.mjs';
import { askProcess } from '../ownProcess.mjs';
import { lessIsBetter } from '../rows.mjs';

/** @returns {Promise<import('../rows.mjs').Row[]>} */
export async function memoryRows() {
  const { folder, remove } = await bundle({ own: join(import.meta.dirname, 'own.ts') });
  try {
    const file = join(folder, 'own.mjs');
    /** @param {string} job @returns {Promise<number[]>} */
    const ask = async (job) => /** @type {number[]} */ (await askProcess(file, [job], ['--expose-gc']));
    const [entity = Number.NaN, fix = Number.NaN, mark = Number.NaN, glide = Number.NaN] = await ask('own');
    const [entityObject = Number.NaN, fixObject = Number.NaN] = await ask('objects');
    const reference = (/** @type {number} */ bytes) => ({ name: 'a JavaScript object', values: [bytes] });
    return [
      lessIsBetter({
        row: 'memory',
        case: 'an entity',
        unit: 'bytes',
        values: [entity],
        reference: reference(entityObject),
        goal: null,
      }),
      lessIsBetter({
        row: 'memory',
        case: 'a trail fix',
        unit: 'bytes',
        values: [fix],
        reference: reference(fixObject),
        goal: null,
      }),
      lessIsBetter({
        row: 'memory',
        case: 'a mark of a crowd',
        unit: 'bytes',
        values: [mark],
        reference: { name: 'its entity', values: [entity] },
        goal: null,
      }),
      lessIsBetter({
        row: 'memory',
        case: 'smooth motion of an entity',
        unit: 'bytes',
        values: [glide],
        reference: { name: 'its entity', values: [entity] },
        goal: null,
      }),
    ];
  } finally {
    await remove();
  }
}
