import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommittedOffset } from '../../../src/broker/log/metadataChange.ts';
import { MetadataStore } from '../../../src/broker/log/metadataStore.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';

const FOLDER = '/data';
const JOURNAL = '/data/metadata.journal';

const byPlace = (one: CommittedOffset, other: CommittedOffset) =>
  one.topic < other.topic ? -1 : one.topic > other.topic ? 1 : one.partition - other.partition;

/** All that a store knows, in a form that can be compared. */
function stateOf(store: MetadataStore) {
  return {
    clusterId: store.clusterId,
    topics: [...store.topics.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    deleted: [...store.deletedTopicIds].sort(),
    groups: [...store.committed.entries()]
      .map(([name, group]) => ({ name, ...group, offsets: [...store.committed.all(name)].sort(byPlace) }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    starts: [...store.topics.values()].map((topic) => store.logStart(topic.id, 1)).sort(),
    transactions: [...store.transactions].sort(),
    pending: ['a', 'b', 'c'].flatMap((group) =>
      ['a', 'b', 'c'].filter((topic) => store.hasPendingOffset(group, topic, 0)).map((topic) => `${group} ${topic}`),
    ),
    bytes: store.offsetBytes,
    points: [...store.topics.values()].map((topic) => store.recoveryPoint(topic.id, 0)).sort(),
  };
}

function commitAll(store: MetadataStore): void {
  for (const producerId of [0, 1, 2]) {
    const epochs = { producerEpoch: 0, previousProducerId: -1, lastProducerEpoch: -1 };
    const times = { timeoutMs: 1, startedAt: 2, updatedAt: 3 };
    const nothing = { partitions: [], groups: [] };
    const transactionalId = `t-${producerId}`;
    store.saveTransaction({ transactionalId, producerId, ...epochs, ...times, ...nothing, state: 'CompleteCommit' });
  }
}

const open = (fileSystem: MemoryFileSystem) => atOnce(MetadataStore.opening(fileSystem, FOLDER));

/** Until a compaction that a change has begun is over. */
async function settled(store: MetadataStore): Promise<void> {
  while (store.isCompacting) await new Promise((resolve) => setImmediate(resolve));
}

type Step = (store: MetadataStore) => void;

const names = fc.constantFrom('a', 'b', 'c');
const steps: fc.Arbitrary<Step> = fc.oneof(
  names.map(
    (name): Step =>
      (store) => {
        if (!store.topics.has(name))
          store.createTopic({ id: `id-${name}`, name, partitions: 2, overrides: { x: 'y' } });
      },
  ),
  names.map(
    (name): Step =>
      (store) => {
        const topic = store.topics.get(name);
        if (topic) store.deleteTopic(topic.id);
      },
  ),
  fc.tuple(names, names, fc.integer({ min: -2, max: 1000 })).map(
    ([group, topic, offset]): Step =>
      (store) => {
        store.commitOffsets(group, [{ topic, partition: 0, offset, leaderEpoch: -1, metadata: 'é', committedAt: 1 }]);
      },
  ),
  names.map(
    (group): Step =>
      (store) =>
        store.deleteGroup(group),
  ),
  fc.tuple(names, fc.nat(9)).map(
    ([group, generation]): Step =>
      (store) =>
        store.saveGroup({ group, protocolType: 'consumer', generation, emptySince: generation > 4 ? 77 : undefined }),
  ),
  fc.tuple(names, fc.nat(99)).map(
    ([name, offset]): Step =>
      (store) => {
        const topic = store.topics.get(name);
        if (topic) store.saveRecoveryPoint(topic.id, 0, offset);
      },
  ),
  fc.tuple(names, fc.nat(99)).map(
    ([name, number]): Step =>
      (store) => {
        const topic = store.topics.get(name);
        if (topic === undefined) return;
        store.saveLogStart(topic.id, 1, number);
        store.configureTopic(topic.id, { 'retention.ms': String(number) });
        store.addPartitions(topic.id, topic.partitions + 1);
      },
  ),
  fc.tuple(names, names).map(
    ([group, topic]): Step =>
      (store) =>
        store.deleteOffsets(group, [{ topic, partition: 0 }]),
  ),
  fc.constant<Step>((store) => void store.takeProducerId()),
  fc.tuple(names, names, fc.nat(2), fc.nat(1000)).map(
    ([group, topic, producerId, offset]): Step =>
      (store) => {
        const committed = { topic, partition: 0, offset, leaderEpoch: 0, metadata: '', committedAt: offset };
        store.commitOffsetsInTransaction(producerId, group, [committed]);
      },
  ),
  fc.tuple(fc.nat(2), fc.constantFrom('Ongoing', 'PrepareCommit', 'CompleteCommit', 'CompleteAbort')).map(
    ([producerId, state]): Step =>
      (store) => {
        const partitions = [{ topicId: 'id-a', partition: 0 }];
        const epochs = { producerEpoch: 0, previousProducerId: -1, lastProducerEpoch: -1 };
        const times = { timeoutMs: 1, startedAt: 2, updatedAt: 3 };
        const transactionalId = `t-${producerId}`;
        store.saveTransaction({ transactionalId, producerId, ...epochs, ...times, state, partitions, groups: ['a'] });
      },
  ),
  fc.nat(2).map(
    (producerId): Step =>
      (store) =>
        store.expireTransaction(`t-${producerId}`),
  ),
);

describe('the metadata store', () => {
  it('is the same after a full replay and after one from a compacted journal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (run) => {
        const fileSystem = new MemoryFileSystem();
        const store = open(fileSystem);
        for (const step of run) step(store);
        const expected = stateOf(store);
        const replayed = open(fileSystem.copy());
        expect(stateOf(replayed)).toEqual(expected);
        await store.compact();
        const compacted = open(fileSystem.copy());
        expect(stateOf(compacted)).toEqual(expected);
        // What is pending comes to the same, too, once it is committed.
        for (const some of [store, replayed, compacted]) commitAll(some);
        expect([stateOf(replayed), stateOf(compacted)]).toEqual([stateOf(store), stateOf(store)]);
      }),
    );
  });

  it('is the same wherever the process is killed while its journal is compacted and goes on to be written', async () => {
    const runs = fc.array(steps, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(runs, runs, async (before, meanwhile) => {
        const fileSystem = new MemoryFileSystem();
        const inTheMidst = meanwhile.values();
        const expectSame = (disk: MemoryFileSystem) => expect(stateOf(open(disk))).toEqual(stateOf(store));
        // Wherever the compaction gives way, the next change is made.
        const pause = () => {
          const next = inTheMidst.next();
          if (!next.done) next.value(store);
          expectSame(fileSystem.copy());
          return undefined;
        };
        const store = atOnce(MetadataStore.opening(fileSystem, FOLDER, () => {}, pause));
        for (const step of before) step(store);
        const compaction = store.compact();
        fileSystem.beforeOperation = (operation) => {
          if (operation !== 'rename') return;
          // All of the new one is on the disk before it takes the place of the old one.
          const disk = new MemoryFileSystem();
          disk.setBytes(JOURNAL, fileSystem.copySynced().bytesOf(`${JOURNAL}.new`));
          expectSame(disk);
        };
        await compaction;
        fileSystem.beforeOperation = undefined;
        for (const step of inTheMidst) step(store);
        expectSame(fileSystem);
        commitAll(store);
        expectSame(fileSystem);
      }),
    );
  });

  it('is what it was before some change, wherever its journal is cut', () => {
    const fileSystem = new MemoryFileSystem();
    const store = open(fileSystem);
    const states = [stateOf(store)];
    for (const name of ['a', 'b', 'c']) {
      store.createTopic({ id: `id-${name}`, name, partitions: 1, overrides: {} });
      states.push(stateOf(store));
    }
    const whole = fileSystem.bytesOf(JOURNAL);
    const firstEntry = 8 + whole.readUInt32BE(0);
    for (let length = firstEntry; length <= whole.length; length += 1) {
      const copy = fileSystem.copy();
      copy.setBytes(JOURNAL, Buffer.from(whole.subarray(0, length)));
      expect(states).toContainEqual(stateOf(open(copy)));
    }
  });

  it('cuts at a flipped bit', () => {
    const fileSystem = new MemoryFileSystem();
    const store = open(fileSystem);
    for (const name of ['a', 'b']) store.createTopic({ id: `id-${name}`, name, partitions: 1, overrides: {} });
    const bytes = fileSystem.bytesOf(JOURNAL);
    bytes[bytes.length - 3]! ^= 4;
    const reopened = open(fileSystem);
    expect([...reopened.topics.keys()]).toEqual(['a']);
    expect(reopened.cutBytes).toBeGreaterThan(0);
  });

  it('changes nothing when the disk refuses, and goes on after it', () => {
    const fileSystem = new MemoryFileSystem();
    const store = open(fileSystem);
    fileSystem.inject({ operation: 'write', nth: 1, takes: 5, thenFails: true });
    const create = () => store.createTopic({ id: 'id-a', name: 'a', partitions: 1, overrides: {} });
    expect(create).toThrow('ENOSPC');
    expect(store.topics.size).toBe(0);
    create();
    expect(stateOf(open(fileSystem))).toEqual(stateOf(store));
  });

  it('never hands out a producer id twice, also over restarts', () => {
    const fileSystem = new MemoryFileSystem();
    const ids: number[] = [];
    for (let start = 0; start < 3; start += 1) {
      const store = open(fileSystem);
      for (let index = 0; index < 1500; index += 1) ids.push(store.takeProducerId());
    }
    expect(new Set(ids).size).toBe(4500);
  });

  it('takes no entry so large that reading it back would count as damage', () => {
    const fileSystem = new MemoryFileSystem();
    const store = open(fileSystem);
    const name = 'x'.repeat(17 << 20);
    expect(() => store.saveGroup({ group: name, protocolType: '', generation: 1 })).toThrow('too large');
    store.createTopic({ id: 'id-a', name: 'a', partitions: 1, overrides: {} });
    expect([...open(fileSystem).topics.keys()]).toEqual(['a']);
  });

  it('gives way while it compacts, and takes changes meanwhile', async () => {
    const fileSystem = new MemoryFileSystem();
    let turns = 0;
    const pause = async () => {
      turns += 1;
      if (turns % 10 === 0) commit(0, turns);
    };
    const store = atOnce(MetadataStore.opening(fileSystem, FOLDER, () => {}, pause));
    const metadata = 'x'.repeat(1000);
    const commit = (partition: number, offset: number) =>
      store.commitOffsets('g', [{ topic: 't', partition, offset, leaderEpoch: -1, metadata, committedAt: 1 }]);
    for (let partition = 0; partition < 2_000; partition += 1) commit(partition, 1);
    await store.compact();
    // Once for each entry that there was when it began.
    expect(turns).toBeGreaterThan(500);
    expect(store.committedOffset('g', 't', 0)?.offset).toBeGreaterThan(1);
    expect(stateOf(open(fileSystem))).toEqual(stateOf(store));
  });

  it('ends in the midst of a compaction, and leaves the journal as it was', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = atOnce(
      MetadataStore.opening(
        fileSystem,
        FOLDER,
        () => {},
        () => new Promise((go) => setImmediate(go)),
      ),
    );
    const metadata = 'x'.repeat(1000);
    for (let partition = 0; partition < 500; partition += 1) {
      store.commitOffsets('g', [{ topic: 't', partition, offset: 1, leaderEpoch: -1, metadata, committedAt: 1 }]);
    }
    const before = fileSystem.bytesOf(JOURNAL);
    const compaction = store.compact();
    expect(fileSystem.files.has(`${JOURNAL}.new`)).toBe(true);
    await store.close();
    await compaction;
    expect(fileSystem.files.has(`${JOURNAL}.new`)).toBe(false);
    expect(fileSystem.bytesOf(JOURNAL).equals(before)).toBe(true);
  });

  it('keeps a change that was written although the disk has no room to compact, and compacts when it has', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = open(fileSystem);
    const metadata = 'x'.repeat(4000);
    const commit = async (partition: number) => {
      store.commitOffsets('g', [{ topic: 't', partition, offset: 1, leaderEpoch: -1, metadata, committedAt: 1 }]);
      await settled(store);
    };
    fileSystem.capacity = 1_500_000;
    for (let partition = 0; partition < 300; partition += 1) await commit(partition);
    expect(fileSystem.files.has(`${JOURNAL}.new`)).toBe(false);
    expect(stateOf(open(fileSystem))).toEqual(stateOf(store));
    fileSystem.capacity = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 400; round += 1) await commit(0);
    expect(fileSystem.bytesOf(JOURNAL).length).toBeLessThan(2 << 20);
    expect(stateOf(open(fileSystem))).toEqual(stateOf(store));
  });

  it('compacts itself before it grows without end', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = open(fileSystem);
    const metadata = 'x'.repeat(4000);
    for (let offset = 0; offset < 1000; offset += 1) {
      store.commitOffsets('g', [{ topic: 't', partition: 0, offset, leaderEpoch: -1, metadata, committedAt: 1 }]);
      await settled(store);
    }
    expect(fileSystem.bytesOf(JOURNAL).length).toBeLessThan(2 << 20);
    expect(open(fileSystem).committedOffset('g', 't', 0)?.offset).toBe(999);
  });
});

describe('what a group has committed', () => {
  const offset = (topic: string, partition: number, metadata = '') => ({
    topic,
    partition,
    offset: 1,
    leaderEpoch: -1,
    metadata,
    committedAt: 1,
  });

  it('is counted in bytes: more of it is more, the same again is the same, and what is gone is nothing', () => {
    const store = open(new MemoryFileSystem());
    store.createTopic({ id: 'id-t', name: 't', partitions: 2, overrides: {} });
    const sizes = [store.offsetBytes];
    const note = (change: () => void) => {
      change();
      sizes.push(store.offsetBytes);
    };
    note(() => store.commitOffsets('g', [offset('t', 0), offset('t', 1)]));
    note(() => store.commitOffsets('g', [offset('t', 0)]));
    note(() => store.commitOffsets('g', [offset('t', 0, 'x'.repeat(100))]));
    note(() => store.commitOffsetsInTransaction(7, 'g', [offset('t', 0)]));
    const [none, two, again, longer, pending] = sizes as [number, number, number, number, number];
    expect([none, again - two, longer - again, pending - longer]).toEqual([0, 0, 100, two / 2]);
    store.deleteOffsets('g', [{ topic: 't', partition: 0 }]);
    store.commitOffsets('h', [offset('t', 0), offset('u', 0)]);
    expect(store.offsetBytes).toBe(2 * two);
    store.deleteTopic('id-t');
    expect(store.offsetBytes).toBe(two / 2);
    store.deleteGroup('h');
    expect(store.offsetBytes).toBe(0);
  });
});
