import { BOOKS, T0 } from '../library.ts';
import { LIBRARY } from '../prepared.ts';
import { about } from '../scenario.ts';
import type { Talk } from '../talk.ts';

const EPOCHS = 4;

interface Wanted {
  readonly partitionIndex?: number;
  readonly timestamp?: number;
  readonly currentLeaderEpoch?: number;
}

const list = (t: Talk, partitions: readonly Wanted[], { name = LIBRARY, isolationLevel = 0 } = {}) =>
  t.ask({
    replicaId: -1,
    isolationLevel,
    topics: [{ name, partitions: partitions.map((wanted) => ({ partitionIndex: 0, timestamp: -1, ...wanted })) }],
  });

export const listOffsetsScenarios = about('ListOffsets', {
  'the end and the start': async (t) => {
    for (const timestamp of [-1, -2]) await list(t, [{ timestamp }, { timestamp, partitionIndex: BOOKS.empty }]);
  },
  'the largest timestamp': async (t) => {
    await list(t, [{ timestamp: -3 }]);
    await list(t, [{ timestamp: -3, partitionIndex: BOOKS.empty }]);
  },
  'the largest timestamp of a compressed batch': (t) => list(t, [{ timestamp: -3, partitionIndex: BOOKS.compressed }]),
  'special timestamps of tiered storage': async (t) => {
    for (const timestamp of [-4, -5, -6]) await list(t, [{ timestamp }]);
  },
  'a special timestamp that nobody knows': (t) => list(t, [{ timestamp: -100 }]),
  'times before, at, between and after those of the records': async (t) => {
    for (const ms of [-1000, 0, 1, 10, 15, 20, 21, 50, 55, 60, 61, 100, 101, 200, 201, 250, 251, 300, 301, 5000]) {
      await list(t, [{ timestamp: T0 + ms }]);
    }
  },
  'the time 0': (t) => list(t, [{ timestamp: 0 }]),
  'a time in an empty partition': (t) => list(t, [{ timestamp: T0, partitionIndex: BOOKS.empty }]),
  'the first record of a compressed batch by time': async (t) => {
    for (const ms of [0, 30]) await list(t, [{ timestamp: T0 + ms, partitionIndex: BOOKS.compressed }]);
  },
  'a later record of a compressed batch by time': {
    differs: [
      { at: /timestamp|offset/, because: 'the built-in broker never decompresses; it is at most one batch too early' },
    ],
    run: (t) => list(t, [{ timestamp: T0 + 15, partitionIndex: BOOKS.compressed }]),
  },
  'partitions that are not there': (t) => list(t, [{ partitionIndex: 99 }, { partitionIndex: -1 }, {}]),
  'an unknown topic': (t) => list(t, [{}], { name: t.name('nobody') }),
  'a name that no topic can have': (t) => list(t, [{}], { name: 'a/b' }),
  'the same partition twice': (t) => list(t, [{ timestamp: -1 }, { timestamp: -2 }]),
  'nothing at all': async (t) => {
    await t.ask({ replicaId: -1, topics: [] });
    await list(t, []);
  },
  'leader epochs': {
    from: EPOCHS,
    run: async (t) => {
      for (const currentLeaderEpoch of [-1, 0, 1, -5]) await list(t, [{ currentLeaderEpoch }]);
    },
  },
  'read committed': async (t) => {
    for (const timestamp of [-1, -2, T0 + 100]) await list(t, [{ timestamp }], { isolationLevel: 1 });
  },
  'an isolation level that does not exist': {
    from: 2,
    differs: [{ at: /./, because: 'it is taken for read uncommitted' }],
    run: (t) => list(t, [{}], { isolationLevel: 9 }),
  },
});
