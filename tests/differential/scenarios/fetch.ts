import { batch } from '../batches.ts';
import { BY_ID, fetch, wanted } from '../fetching.ts';
import { BOOKS, T0 } from '../library.ts';
import { FRESH } from '../prepared.ts';
import { records } from '../producing.ts';
import { about } from '../scenario.ts';

const SESSIONS = 7;
const EPOCHS = 9;
const UNKNOWN_ID = 'ab'.repeat(16);

export const fetchScenarios = about('Fetch', {
  'every offset from before the start to behind the end': async (t) => {
    for (let fetchOffset = -3; fetchOffset <= 12; fetchOffset += 1) await fetch(t, [{ fetchOffset }]);
  },
  'an empty partition, at its end and behind': async (t) => {
    for (const fetchOffset of [-1, 0, 1]) await fetch(t, [{ partition: BOOKS.empty, fetchOffset }]);
  },
  'a compressed batch, from its middle': (t) => fetch(t, [{ partition: BOOKS.compressed, fetchOffset: 1 }]),
  'offsets far away': async (t) => {
    for (const fetchOffset of [1_000_000, 2 ** 40, -1_000_000]) await fetch(t, [{ fetchOffset }]);
  },
  'less room than the first batch': async (t) => {
    for (const partitionMaxBytes of [0, 1, 61, 100]) await fetch(t, [{ partitionMaxBytes }]);
  },
  'room for some batches of a partition': async (t) => {
    for (const partitionMaxBytes of [1100, 2200, 3000]) await fetch(t, [{ partition: BOOKS.large, partitionMaxBytes }]);
  },
  'room for some batches in all': {
    differs: [
      {
        at: /records/,
        because: 'the built-in broker sends whole batches alone, and what room is left is for the next partition',
      },
    ],
    run: async (t) => {
      for (const maxBytes of [0, 1, 1500, 3000]) {
        await fetch(t, [{ partition: BOOKS.large }, { partition: BOOKS.mixed }], { maxBytes });
      }
    },
  },
  'several partitions, in the order of the request': (t) =>
    fetch(t, [{ partition: BOOKS.compressed }, { partition: BOOKS.mixed, fetchOffset: 5 }, { partition: BOOKS.empty }]),
  'partitions that are not there': (t) => fetch(t, [{ partition: 99 }, { partition: -1 }, { partition: 0 }]),
  'the same partition twice': {
    differs: [{ at: /partitions/, because: 'Kafka takes the last alone' }],
    run: (t) => fetch(t, [{ fetchOffset: 0 }, { fetchOffset: 6 }]),
  },
  'an error beside records': (t) => fetch(t, [{ fetchOffset: 77 }, { partition: BOOKS.compressed }]),
  'an unknown topic': {
    to: BY_ID - 1,
    run: (t) => fetch(t, [{}], { name: t.name('nobody') }),
  },
  'a name that no topic can have': { to: BY_ID - 1, run: (t) => fetch(t, [{}], { name: 'a/b' }) },
  'an unknown topic id': {
    from: BY_ID,
    run: async (t) => {
      const request = await wanted(t, [{}]);
      await t.ask({ ...request, topics: request.topics.map((topic) => ({ ...topic, topicId: UNKNOWN_ID })) });
    },
  },
  'an unknown topic id beside a known one': {
    from: BY_ID,
    run: async (t) => {
      const request = await wanted(t, [{ fetchOffset: 6 }]);
      const unknown = request.topics.map((topic) => ({ ...topic, topicId: UNKNOWN_ID }));
      await t.ask({ ...request, topics: [...unknown, ...request.topics] });
    },
  },
  'a topic id of nothing': {
    from: BY_ID,
    run: async (t) => {
      const request = await wanted(t, [{}]);
      await t.ask({ ...request, topics: request.topics.map(({ topicId: _, ...topic }) => topic) });
    },
  },
  'nothing at all': async (t) => {
    await t.ask({ replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1000, topics: [] });
    await fetch(t, []);
  },
  'more is wanted than there is': (t) => fetch(t, [{ fetchOffset: 9 }], { minBytes: 10_000, maxWaitMs: 50 }),
  'an error does not wait': (t) => fetch(t, [{ fetchOffset: 99 }], { minBytes: 10_000, maxWaitMs: 20_000 }),
  'a fetch that waits is woken by a produce': async (t) => {
    const name = FRESH;
    const partition = t.place.partition;
    const end = await t.look('ListOffsets', {
      replicaId: -1,
      topics: [{ name, partitions: [{ partitionIndex: partition, timestamp: -1 }] }],
    });
    const fetchOffset = end.number('topics.0.partitions.0.offset');
    const waiting = fetch(t, [{ partition, fetchOffset }], { name, minBytes: 1, maxWaitMs: 25_000 });
    await t.second().look('Produce', records(t, batch([T0])));
    await waiting;
  },
  'read committed': async (t) => {
    for (const fetchOffset of [0, 9, 10]) await fetch(t, [{ fetchOffset }], { isolationLevel: 1 });
  },
  'an isolation level that does not exist': {
    differs: [{ at: /./, because: 'it is taken for read uncommitted' }],
    run: (t) => fetch(t, [{}], { isolationLevel: 7 }),
  },
  'leader epochs: the current one, an older and a newer': {
    from: EPOCHS,
    run: async (t) => {
      for (const currentLeaderEpoch of [-1, 0, 1, 100, -2]) await fetch(t, [{ currentLeaderEpoch }]);
    },
  },
  'the epoch of the last record': {
    from: 12,
    run: async (t) => {
      for (const lastFetchedEpoch of [-1, 0, 1]) await fetch(t, [{ fetchOffset: 5, lastFetchedEpoch }]);
    },
  },
  'an epoch behind which records were lost': {
    from: 12,
    run: (t) => fetch(t, [{ fetchOffset: 10, lastFetchedEpoch: 0, currentLeaderEpoch: 0 }]),
  },
  'no session is wanted': { from: SESSIONS, run: (t) => fetch(t, [{}], { sessionId: 0, sessionEpoch: -1 }) },
  'a session is wanted': {
    from: SESSIONS,
    differs: [{ at: /sessionId/, because: 'the built-in broker declines sessions, as every broker may' }],
    run: (t) => fetch(t, [{}], { sessionId: 0, sessionEpoch: 0 }),
  },
  'a session that is not known': {
    from: SESSIONS,
    run: (t) => fetch(t, [{}], { sessionId: 4711, sessionEpoch: 1 }),
  },
  'a session that is not known, to be closed': {
    from: SESSIONS,
    run: (t) => fetch(t, [{}], { sessionId: 4711, sessionEpoch: -1 }),
  },
  'an epoch of a session without a session': {
    from: SESSIONS,
    run: (t) => fetch(t, [{}], { sessionId: 0, sessionEpoch: 5 }),
  },
});
