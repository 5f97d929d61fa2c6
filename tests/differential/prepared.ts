/** What scenarios find on both sides: coordinators that are awake, a topic to read, and partitions to write to. */
import type { Talk } from './talk.ts';

/** Many partitions, each for one scenario. */
export const FRESH = 'fresh';
export const FRESH_PARTITIONS = 128;

/** To be read, and never written to again. */
export const LIBRARY = 'library';

export async function newTopic(
  talk: Talk,
  name: string,
  numPartitions = 1,
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const wanted = Object.entries(configs).map(([config, value]) => ({ name: config, value }));
  const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: wanted };
  const created = await talk.look('CreateTopics', { topics: [topic], timeoutMs: 30_000 });
  if (created.number('topics.0.errorCode') !== 0) throw new Error(`${name}: ${JSON.stringify(created.fields)}`);
  const partitions = Array.from({ length: numPartitions }, (_, partitionIndex) => ({ partitionIndex, timestamp: -1 }));
  await talk.until(
    'ListOffsets',
    { replicaId: -1, topics: [{ name, partitions }] },
    (answer) => answer.list('topics.0.partitions').every((partition) => partition.number('errorCode') === 0),
    { quiet: true },
  );
  const known = await talk.look('Metadata', { topics: [{ name }], allowAutoTopicCreation: false });
  return known.text('topics.0.topicId');
}

/** Kafka makes the topics behind its coordinators when they are first asked for. */
export async function wakeCoordinators(talk: Talk): Promise<void> {
  for (const keyType of [0, 1]) {
    const isThere = (key: string) =>
      talk.until(
        'FindCoordinator',
        { keyType, coordinatorKeys: [key] },
        (answer) => answer.number('coordinators.0.errorCode') === 0,
        { quiet: true },
      );
    await isThere('anyone');
  }
  // One group or id for each partition behind the coordinators, or nearly.
  for (let index = 0; index < 24; index += 1) {
    await talk.until(
      'OffsetFetch',
      { groups: [{ groupId: `warm-up-${index}`, topics: [] }] },
      (answer) => answer.number('groups.0.errorCode') === 0,
      { quiet: true },
    );
    const isAwake = [0, 53];
    await talk.until(
      'InitProducerId',
      { transactionalId: `warm-up-${index}`, transactionTimeoutMs: 60_000 },
      (answer) => isAwake.includes(answer.number('errorCode')),
      { quiet: true },
    );
  }
}
