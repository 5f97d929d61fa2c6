/** The caps on memory, and what they come to. */
import { FULL_BATCH_BYTES } from './pointBatch';

/** From where to where the person may set each, and what it is as long as nobody did. */
export const limitRanges = {
  /** Entities of all layers together; records of further ones are refused, and counted. */
  entities: { least: 1_000, most: 4_000_000, usual: 1_000_000 },
  /** Fixes kept for trails, of all entities together. */
  trailFixes: { least: 1_024, most: 16_777_216, usual: 1_048_576 },
  /** Batches of points that a stream may have on their way to the map; with none left reading waits. */
  batches: { least: 1, most: 64, usual: 8 },
  /** Refused records kept as examples, of each reason and layer. */
  examples: { least: 1, most: 100, usual: 10 },
} as const;

export type LimitName = keyof typeof limitRanges;

export const defaultLimits = {
  entities: limitRanges.entities.usual,
  trailFixes: limitRanges.trailFixes.usual,
  batches: limitRanges.batches.usual,
  examples: limitRanges.examples.usual,
};

/**
 * Bytes that the app holds for one entity in all (its columns, its name, its place in the dictionary, its mark in a crowd),
 * and for one fix of a trail. `npm run bench -- memory` measures 173, 36 for the mark, and 28; `-- layers` 190 to an entity
 * between 200,000 and a million of them, at rest. Columns grow by doubling, so that it may be more for a while. Where motion
 * is smooth an entity takes more: 63 were measured for a million, whose columns have room for 1,048,576.
 */
const ENTITY_BYTES = 240;
const GLIDE_BYTES = 64;
const TRAIL_FIX_BYTES = 28;
/**
 * What reading takes by itself, however much is read: code that runs now, and what its collectors and the system leave
 * for later. 13 to 17 MiB were measured for 1,000 entities, 75 to 84 from 200,000 on, in all processes together.
 */
const READING_BYTES = 80 << 20;

/**
 * What the app holds with everything full, bytes: entities, what they take more to glide, trails, and what is on its way to
 * the map for each layer.
 */
export const memoryOf = (
  { entities, trailFixes, batches }: Pick<Record<LimitName, number>, 'entities' | 'trailFixes' | 'batches'>,
  smooth: boolean,
) => ({
  entities: entities * ENTITY_BYTES,
  gliding: smooth ? entities * GLIDE_BYTES : 0,
  trails: trailFixes * TRAIL_FIX_BYTES,
  // And the one that is being filled.
  layer: (batches + 1) * FULL_BATCH_BYTES,
  reading: READING_BYTES,
});
