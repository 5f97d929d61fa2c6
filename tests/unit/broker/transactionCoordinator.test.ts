/** Transactions over logs and a journal in memory: what readers see, also when the process is killed at any write. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { PartitionLog } from '../../../src/broker/log/partitionLog.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { ErrorCode } from '../../../src/broker/wire/errorCode.ts';
import { TransactionScene } from './transactionScene.ts';

const scenes: TransactionScene[] = [];

function openScene(): TransactionScene {
  const scene = new TransactionScene();
  scenes.push(scene);
  return scene;
}

afterEach(() => {
  for (const scene of scenes.splice(0)) scene.close();
});

describe('a transaction', () => {
  it('is seen by those who read what is committed when it commits, and never when it aborts', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1', '2']);
    producer.send(1, ['3']);
    expect(scene.committed(0)).toEqual([]);
    expect(scene.uncommitted(0)).toEqual(['1', '2']);
    expect(producer.end(true)).toBe(0);
    expect([scene.committed(0), scene.committed(1)]).toEqual([['1', '2'], ['3']]);
    producer.send(0, ['4']);
    expect(producer.end(false)).toBe(0);
    producer.send(0, ['5']);
    producer.end(true);
    expect(scene.committed(0)).toEqual(['1', '2', '5']);
  });

  it('holds back all that comes behind its first record, also of others, until it ends', () => {
    const scene = openScene();
    const [one, other] = [scene.producer('a'), scene.producer('b')];
    scene.sendPlain(0, ['before']);
    one.send(0, ['1']);
    other.send(0, ['2']);
    other.end(true);
    scene.sendPlain(0, ['plain']);
    expect(scene.log(0).lastStableOffset).toBe(1);
    expect(scene.committed(0)).toEqual(['before']);
    one.end(false);
    expect(scene.log(0).lastStableOffset).toBe(scene.log(0).nextOffset);
    expect(scene.committed(0)).toEqual(['before', '2', 'plain']);
  });

  it('of an id of nothing is no transaction, and no request', () => {
    const { coordinator, topics } = openScene();
    const nobody = { producerId: 5, producerEpoch: 0 };
    const topicId = topics.get('topic')!.id;
    expect(coordinator.checkBatch('', nobody, topicId, 0)).toBe(ErrorCode.INVALID_REQUEST);
    expect(coordinator.checkGroup('', nobody, 'g')).toBe(ErrorCode.INVALID_REQUEST);
    expect(coordinator.checkGroup('a', nobody, 'g')).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
  });

  it('wakes who waits for what is committed', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    let woken = 0;
    scene.log(0).whenAppended(() => {
      woken += 1;
    });
    producer.end(true);
    expect(woken).toBe(1);
  });

  it('leaves out no more than it has to, with several aborted ones in one another', () => {
    const scene = openScene();
    const [one, other] = [scene.producer('a'), scene.producer('b')];
    one.send(0, ['1']);
    other.send(0, ['2']);
    one.send(0, ['3']);
    one.end(false);
    one.send(0, ['4']);
    other.end(true);
    one.end(true);
    expect(scene.committed(0)).toEqual(['2', '4']);
    const { producerId } = one;
    // A record each at 0 to 2, the abort at 3.
    expect(scene.log(0).abortedTransactions(0, 100)).toEqual([{ producerId, firstOffset: 0, lastOffset: 3 }]);
    expect(scene.log(0).abortedTransactions(3, 4)).toHaveLength(1);
    expect(scene.log(0).abortedTransactions(4, 100)).toEqual([]);
  });

  it('takes records only into partitions that were added, from the instance that holds the id', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    expect(producer.append(1, ['2'])).toMatchObject({ kind: 'refused', errorCode: 48 });
    const next = scene.producer('a');
    expect(producer.append(0, ['3'])).toMatchObject({ kind: 'refused', errorCode: 47 });
    expect(producer.end(true)).toBe(90);
    expect(next.append(0, ['4'])).toMatchObject({ kind: 'refused', errorCode: 48 });
    expect(scene.committed(0)).toEqual([]);
    expect(scene.sendAs(producer, 0, ['plain'])).toMatchObject({ kind: 'refused', errorCode: 47 });
  });

  it('refuses what its producer sends outside of it, into a partition where it is open', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    expect(scene.sendAs(producer, 0, ['plain'])).toMatchObject({ kind: 'refused', errorCode: 48 });
  });

  it('goes on with the sequence numbers of the one before', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1', '2']);
    producer.end(true);
    producer.send(0, ['3']);
    scene.restart();
    expect(producer.append(0, ['4'])).toMatchObject({ kind: 'appended' });
    expect(producer.append(0, ['gap'], 17)).toMatchObject({ kind: 'refused', errorCode: 45 });
  });

  it('is aborted when its time is up, and its producer is locked out until it begins anew', () => {
    const scene = openScene();
    const producer = scene.producer('a', 1000);
    producer.send(0, ['1']);
    scene.pass(999);
    expect(scene.log(0).openTransactions()).toHaveLength(1);
    scene.pass(1);
    expect(scene.log(0).openTransactions()).toEqual([]);
    expect(producer.append(0, ['2'])).toMatchObject({ kind: 'refused', errorCode: 47 });
    expect(producer.end(true)).toBe(90);
    const again = scene.producer('a');
    expect(again.producerEpoch).toBe(producer.producerEpoch + 2);
    again.send(0, ['3']);
    again.end(true);
    expect(scene.committed(0)).toEqual(['3']);
  });

  it('stays open over a restart and can then be ended, or is aborted when its time is up', () => {
    const scene = openScene();
    const [one, other] = [scene.producer('a'), scene.producer('b', 1000)];
    one.send(0, ['1']);
    other.send(1, ['2']);
    scene.restart();
    expect(scene.committed(0)).toEqual([]);
    one.send(0, ['3']);
    expect(one.end(true)).toBe(0);
    expect(scene.committed(0)).toEqual(['1', '3']);
    scene.pass(1000);
    expect(other.end(true)).toBe(90);
    expect(scene.committed(1)).toEqual([]);
    expect(scene.log(1).lastStableOffset).toBe(scene.log(1).nextOffset);
  });

  it('that no coordinator knows of is aborted at start', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    scene.loseTransactions();
    expect(scene.log(0).openTransactions()).toEqual([]);
    expect(scene.committed(0)).toEqual([]);
  });

  it('leaves its transactional id known for a week', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    producer.end(true);
    scene.pass(7 * 86_400_000 - 1);
    expect(producer.end(true)).toBe(0);
    scene.pass(1);
    expect(producer.end(true)).toBe(49);
    expect(scene.producer('a').producerId).not.toBe(producer.producerId);
  });
});

describe('when the disk refuses', () => {
  it('to take the decision, the transaction stays open and can be ended again', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    scene.fileSystem.inject({ operation: 'write', nth: 1, takes: 3, thenFails: true });
    expect(producer.end(true)).toBe(15);
    expect(producer.end(true)).toBe(0);
    expect(scene.committed(0)).toEqual(['1']);
  });

  it('to take an end marker, the decision is carried out later, and nothing else begins before', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    producer.send(1, ['2']);
    // The decision is the first write, the markers are the second and the third.
    scene.fileSystem.inject({ operation: 'write', nth: 3, takes: 10, thenFails: true });
    expect(producer.end(true)).toBe(0);
    expect([scene.committed(0), scene.committed(1)]).toEqual([['1'], []]);
    expect(producer.add(0)).toBe(51);
    expect(producer.append(1, ['3'])).toMatchObject({ errorCode: 51 });
    scene.pass(5000);
    expect([scene.committed(0), scene.committed(1)]).toEqual([['1'], ['2']]);
    expect(producer.add(0)).toBe(0);
  });
});

describe('a topic whose acks wait for the disk', () => {
  it('has the decision on the disk before its end marker, and is to be synced before the answer', () => {
    const scene = openScene();
    const topic = atOnce(scene.topics.creating('synced', 1, { 'flush.messages': '1' }));
    const producer = scene.producer('a');
    expect(scene.coordinator.addPartitions('a', producer, [{ topicId: topic.id, partition: 0 }])).toBe(0);
    const before = scene.fileSystem.counts.sync;
    const marked: number[] = [];
    topic.logs[0]!.whenAppended(() => marked.push(scene.fileSystem.counts.sync - before));
    const { errorCode, unsynced } = scene.coordinator.end('a', producer, true);
    expect({ errorCode, marked, unsynced }).toEqual({ errorCode: 0, marked: [1], unsynced: topic.logs });
  });
});

describe('offsets in a transaction', () => {
  const offsetOf = (scene: TransactionScene, group: string) =>
    scene.metadata.committedOffset(group, 'topic', 0)?.offset;

  it('are the group’s when it commits, and are dropped when it aborts', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.commitOffset('g', 5);
    expect(offsetOf(scene, 'g')).toBeUndefined();
    expect(scene.metadata.hasPendingOffset('g', 'topic', 0)).toBe(true);
    scene.restart();
    expect(scene.metadata.hasPendingOffset('g', 'topic', 0)).toBe(true);
    producer.end(true);
    expect(offsetOf(scene, 'g')).toBe(5);
    producer.commitOffset('g', 9);
    producer.end(false);
    expect(offsetOf(scene, 'g')).toBe(5);
    expect(scene.metadata.hasPendingOffset('g', 'topic', 0)).toBe(false);
  });

  it('do not take the place of what the group has committed after them', async () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.commitOffset('g', 5);
    scene.commitPlain('g', 7);
    await scene.metadata.compact();
    scene.restart();
    producer.end(true);
    expect(offsetOf(scene, 'g')).toBe(7);
  });

  it('take the place of what the group has committed before them, also from a compacted journal', async () => {
    const scene = openScene();
    const producer = scene.producer('a');
    scene.commitPlain('g', 7);
    producer.commitOffset('g', 5);
    await scene.metadata.compact();
    scene.restart();
    producer.end(true);
    expect(offsetOf(scene, 'g')).toBe(5);
  });

  it('are for groups that were added, and go with the topic and with the group', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    expect(scene.coordinator.checkGroup('a', producer, 'g')).toBe(48);
    producer.commitOffset('g', 5);
    producer.commitOffset('h', 6);
    scene.metadata.deleteGroup('g');
    producer.end(true);
    expect([offsetOf(scene, 'g'), offsetOf(scene, 'h')]).toEqual([undefined, 6]);
    producer.commitOffset('h', 8);
    scene.topics.delete(scene.topics.get('topic')!);
    producer.end(true);
    expect(offsetOf(scene, 'h')).toBeUndefined();
  });
});

describe('a topic that goes away', () => {
  it('does not keep the rest of the transaction from ending; one of the same name is no part of it', () => {
    const scene = openScene();
    const producer = scene.producer('a');
    producer.send(0, ['1']);
    scene.topics.delete(scene.topics.get('topic')!);
    atOnce(scene.topics.creating('topic', 2, {}));
    expect(producer.append(0, ['2'])).toMatchObject({ errorCode: 48 });
    expect(producer.end(true)).toBe(0);
    expect(scene.log(0).nextOffset).toBe(0);
  });
});

describe('any run of producers, ends, timeouts and restarts', () => {
  const step = fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('init' as const), id: fc.nat(2) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        id: fc.nat(2),
        partition: fc.nat(2),
        count: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('plain' as const), partition: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('offset' as const), id: fc.nat(2) }) },
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('end' as const), id: fc.nat(2), committed: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(700) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const) }) },
  );

  interface Fate {
    state: 'open' | 'committed' | 'aborted';
  }

  interface Sent {
    readonly value: string;
    /** Undefined for a record outside of transactions. */
    readonly transaction: Fate | undefined;
  }

  interface Opened {
    readonly transaction: Fate;
    readonly startedAt: number;
    offset: number | undefined;
  }

  /** What a producer, and the reader, may expect by the rules alone. */
  class Model {
    readonly logs: Sent[][] = [[], [], []];
    readonly open = new Map<number, Opened>();
    groupOffset: number | undefined;

    /** Of each partition all that is committed, up to the first record of an open transaction; and the offset. */
    visible(): string {
      const logs = this.logs.map((log) => {
        const end = log.findIndex(({ transaction }) => transaction?.state === 'open');
        return log
          .slice(0, end < 0 ? undefined : end)
          .filter(({ transaction }) => transaction === undefined || transaction.state === 'committed')
          .map(({ value }) => value);
      });
      return JSON.stringify({ logs, offset: this.groupOffset ?? null });
    }

    end(id: number, state: 'committed' | 'aborted'): void {
      const ended = this.open.get(id);
      if (ended === undefined) return;
      this.open.delete(id);
      ended.transaction.state = state;
      if (state === 'committed' && ended.offset !== undefined) this.groupOffset = ended.offset;
    }

    begin(id: number, now: number): Opened {
      const known = this.open.get(id);
      if (known !== undefined) return known;
      const begun: Opened = { transaction: { state: 'open' }, offset: undefined, startedAt: now };
      this.open.set(id, begun);
      return begun;
    }
  }

  const TIMEOUT_MS = 1000;

  it('shows exactly the committed records in their order, wherever the process is killed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const scene = openScene();
        const model = new Model();
        const producers = new Map<number, ReturnType<TransactionScene['producer']>>();
        const visibleIn = (some: TransactionScene) =>
          JSON.stringify({
            logs: [0, 1, 2].map((partition) => some.committed(partition)),
            offset: some.metadata.committedOffset('g', 'topic', 0)?.offset ?? null,
          });
        let number = 0;
        for (const next of steps) {
          const disks: TransactionScene[] = [];
          const before = model.visible();
          scene.fileSystem.onWrite = () => disks.push(scene.killed());
          switch (next.kind) {
            case 'init':
              model.end(next.id, 'aborted');
              producers.set(next.id, scene.producer(`id-${next.id}`, TIMEOUT_MS));
              break;
            case 'send': {
              const values = Array.from({ length: next.count }, () => String(++number));
              const producer = producers.get(next.id);
              if (producer === undefined) break;
              if (producer.add(next.partition) !== 0) {
                // Only who was locked out for being late is refused.
                expect(model.open.has(next.id)).toBe(false);
                producers.delete(next.id);
                break;
              }
              const { transaction } = model.begin(next.id, scene.now);
              expect(producer.append(next.partition, values)).toMatchObject({ kind: 'appended' });
              model.logs[next.partition]!.push(...values.map((value) => ({ value, transaction })));
              break;
            }
            case 'plain': {
              const value = String(++number);
              scene.sendPlain(next.partition, [value]);
              model.logs[next.partition]!.push({ value, transaction: undefined });
              break;
            }
            case 'offset': {
              const producer = producers.get(next.id);
              // One at a time: whose offset counts when two commit the same is another test's matter.
              if (producer === undefined || [...model.open].some(([id, { offset }]) => id !== next.id && offset)) break;
              const offset = ++number;
              if (producer.commitOffset('g', offset) !== 0) {
                producers.delete(next.id);
                break;
              }
              model.begin(next.id, scene.now).offset = offset;
              break;
            }
            case 'end': {
              const producer = producers.get(next.id);
              const isOpen = model.open.has(next.id);
              const errorCode = producer?.end(next.committed);
              if (isOpen) expect(errorCode).toBe(0);
              model.end(next.id, next.committed ? 'committed' : 'aborted');
              break;
            }
            case 'pass':
              scene.pass(next.ms);
              for (const [id, { startedAt }] of [...model.open]) {
                if (startedAt + TIMEOUT_MS <= scene.now) model.end(id, 'aborted');
              }
              break;
            case 'restart':
              scene.restart();
              break;
            case 'compact':
              await scene.metadata.compact();
              break;
          }
          scene.fileSystem.onWrite = undefined;
          const after = model.visible();
          expect(visibleIn(scene)).toBe(after);
          for (const disk of disks) {
            disk.open();
            const found = visibleIn(disk);
            // Several transactions can be overdue at once; each of them then is over or is not.
            if (next.kind === 'pass') {
              disk.close();
              continue;
            }
            expect([before, after]).toContain(found);
            disk.close();
          }
        }
        scene.close();
      }),
      { numRuns: 60, seed: 20_240_611 },
    );
  });
});

describe('what a partition remembers of producers', () => {
  it('is the same after a restart as before, of aborted and of open transactions', () => {
    const scene = openScene();
    const [one, other] = [scene.producer('a'), scene.producer('b')];
    one.send(0, ['1']);
    one.end(false);
    one.send(0, ['2']);
    other.send(0, ['3']);
    other.end(true);
    const remembered = (log: PartitionLog) => ({
      stable: log.lastStableOffset,
      open: log.openTransactions(),
      aborted: log.abortedTransactions(0, log.nextOffset),
    });
    const before = remembered(scene.log(0));
    expect(before).toMatchObject({ stable: 2, open: [{ firstOffset: 2 }], aborted: [{ firstOffset: 0 }] });
    scene.restart();
    expect(remembered(scene.log(0))).toEqual(before);
  });
});
