/** The cluster, its folders, and the epochs of its leader. */
import type { Fields } from '../allowedDifferences.ts';
import { batch } from '../batches.ts';
import { BOOKS, FOR_EVER, T0 } from '../library.ts';
import { LIBRARY, newTopic } from '../prepared.ts';
import { records } from '../producing.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const inFolder = (t: Talk, topics: readonly Fields[] | null) => t.ask({ topics }, { only: ofLibrary });

/** Other runs make topics all the time, and Kafka has some of its own. */
function ofLibrary({ results, ...answer }: Fields): Fields {
  return {
    ...answer,
    results: (results as readonly { readonly topics: readonly Fields[] }[]).map(({ topics, ...result }) => ({
      ...result,
      topics: topics.filter(({ name }) => name === LIBRARY),
    })),
  };
}

const epochs = (t: Talk, partitions: readonly Fields[], topic = LIBRARY, more: Fields = {}) =>
  t.ask({
    topics: [{ topic, partitions: partitions.map((one) => ({ partition: BOOKS.mixed, leaderEpoch: 0, ...one })) }],
    ...more,
  });

export const clusterScenarios = [
  ...about('DescribeCluster', {
    'the cluster': (t) => t.ask({ includeClusterAuthorizedOperations: false }),
    'what may be done with it': (t) => t.ask({ includeClusterAuthorizedOperations: true }),
    'its brokers, its controllers, and what does not exist': {
      from: 1,
      run: async (t) => {
        for (const endpointType of [1, 2, 0, 3, -1]) {
          await t.ask({ includeClusterAuthorizedOperations: false, endpointType });
        }
      },
    },
  }),
  ...about('DescribeLogDirs', {
    'all topics': (t) => inFolder(t, null),
    'some partitions of a topic': async (t) => {
      await inFolder(t, [{ topic: LIBRARY, partitions: [BOOKS.mixed, BOOKS.empty, BOOKS.compressed] }]);
      await inFolder(t, [{ topic: LIBRARY, partitions: [BOOKS.large] }]);
    },
    'no topics, no partitions': async (t) => {
      await inFolder(t, []);
      await inFolder(t, [{ topic: LIBRARY, partitions: [] }]);
    },
    'topics and partitions that are not there': async (t) => {
      await t.ask({ topics: [{ topic: t.name('nobody'), partitions: [0] }] });
      await t.ask({ topics: [{ topic: LIBRARY, partitions: [99, -1] }] });
      await t.ask({ topics: [{ topic: LIBRARY, partitions: [99, 0] }] });
    },
    'the same twice': async (t) => {
      await t.ask({ topics: [{ topic: LIBRARY, partitions: [0, 0] }] });
      await t.ask({
        topics: [
          { topic: LIBRARY, partitions: [0] },
          { topic: LIBRARY, partitions: [1] },
        ],
      });
    },
    'what grows': async (t) => {
      const name = t.name('grows');
      await newTopic(t, name, 1, FOR_EVER);
      const topics = [{ topic: name, partitions: [0] }];
      await t.ask({ topics });
      await t.look('Produce', records(t, batch([T0]), { name, index: 0 }));
      await t.ask({ topics });
    },
  }),
  ...about('OffsetForLeaderEpoch', {
    'the epoch that is, that was and that will be': async (t) => {
      for (const leaderEpoch of [0, 1, -1, 7, -5]) await epochs(t, [{ leaderEpoch }]);
    },
    'an empty partition': async (t) => {
      for (const leaderEpoch of [0, 1]) await epochs(t, [{ leaderEpoch, partition: BOOKS.empty }]);
    },
    'by who takes another epoch for the current one': async (t) => {
      for (const currentLeaderEpoch of [0, 1, -1, -2, 7]) await epochs(t, [{ currentLeaderEpoch }]);
    },
    'partitions and topics that are not there': async (t) => {
      await epochs(t, [{ partition: 99 }, { partition: -1 }, {}]);
      await epochs(t, [{}], t.name('nobody'));
      await epochs(t, [{}], 'a/b');
    },
    'the same partition twice': (t) => epochs(t, [{ leaderEpoch: 0 }, { leaderEpoch: 1 }]),
    'nothing at all': async (t) => {
      await t.ask({ topics: [] });
      await epochs(t, []);
    },
    'by a replica': {
      from: 3,
      run: async (t) => {
        for (const replicaId of [-2, -1, 1, 9]) await epochs(t, [{}], LIBRARY, { replicaId });
      },
    },
    'as far as records are deleted': async (t) => {
      const name = t.name('old');
      await newTopic(t, name, 1, FOR_EVER);
      await t.look('Produce', records(t, batch([T0, T0]), { name, index: 0 }));
      await t.look('DeleteRecords', {
        topics: [{ name, partitions: [{ partitionIndex: 0, offset: -1 }] }],
        timeoutMs: 9000,
      });
      await epochs(t, [{ partition: 0 }], name);
    },
  }),
];
