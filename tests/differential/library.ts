/** The topic that scenarios read: what its partitions hold, with the offsets and times that they ask for. */

import { batch, compressed } from './batches.ts';
import { FRESH, FRESH_PARTITIONS, LIBRARY, newTopic } from './prepared.ts';
import type { Talk } from './talk.ts';

/** Partition 0 holds offsets 0 to 9 in four batches, with times that go back once; 1 is empty; 2 is compressed. */
export const BOOKS = {
  mixed: 0,
  empty: 1,
  compressed: 2,
  large: 3,
  count: 4,
} as const;

/** Some records are as old as time itself. */
export const FOR_EVER = { 'retention.ms': '-1' };

/** A time of long ago. */
export const T0 = 1_700_000_000_000;

const CONTENTS: readonly (readonly [partition: number, batches: readonly Buffer[]])[] = [
  [
    BOOKS.mixed,
    [
      batch([T0, T0 + 10, T0 + 20]), // 0 to 2
      batch([T0 + 100, T0 + 50]), // 3 and 4
      batch([T0 + 60]), // 5
      batch([T0 + 200, T0 + 200, T0 + 300, T0 + 250]), // 6 to 9
    ],
  ],
  [BOOKS.compressed, [compressed([T0, T0 + 10, T0 + 20]), compressed([T0 + 30, T0 + 40])]],
  [BOOKS.large, Array.from({ length: 8 }, (_, index) => batch([T0 + index], { valueBytes: 1000 }))],
];

export async function fillLibrary(talk: Talk): Promise<void> {
  await newTopic(talk, FRESH, FRESH_PARTITIONS, FOR_EVER);
  await newTopic(talk, LIBRARY, BOOKS.count, FOR_EVER);
  for (const [index, batches] of CONTENTS) {
    for (const records of batches) {
      const partitions = [{ index, records: Buffer.from(records) }];
      const answer = await talk.look('Produce', {
        acks: -1,
        timeoutMs: 30_000,
        topics: [{ name: LIBRARY, partitions }],
      });
      if (answer.number('responses.0.partitions.0.errorCode') !== 0) {
        throw new Error(`the library could not be filled: ${JSON.stringify(answer.fields)}`);
      }
    }
  }
}
