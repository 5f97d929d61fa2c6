/**
 * Transactions request by request, in old and new versions, where no client lets one ask: the same on the built-in
 * broker and on Apache Kafka, so that what is expected here is what Kafka does.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from '../../../src/broker/wire/messages/addOffsetsToTxn.ts';
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../../src/broker/wire/messages/addPartitionsToTxn.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../src/broker/wire/messages/createTopics.ts';
import { endTxnRequest, endTxnResponse } from '../../../src/broker/wire/messages/endTxn.ts';
import { fetchRequest, fetchResponse } from '../../../src/broker/wire/messages/fetch.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from '../../../src/broker/wire/messages/findCoordinator.ts';
import { initProducerIdRequest, initProducerIdResponse } from '../../../src/broker/wire/messages/initProducerId.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../src/broker/wire/messages/listOffsets.ts';
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/broker/wire/messages/offsetFetch.ts';
import { produceRequest, produceResponse } from '../../../src/broker/wire/messages/produce.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from '../../../src/broker/wire/messages/txnOffsetCommit.ts';
import { readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { batchOf } from '../../unit/broker/sampleBatch.ts';
import { type Cluster, clusterKinds } from '../kafka/clusters.ts';
import { WireClient } from './wireClient.ts';

const INIT = [initProducerIdRequest, initProducerIdResponse] as const;
const ADD = [addPartitionsToTxnRequest, addPartitionsToTxnResponse] as const;
const ADD_OFFSETS = [addOffsetsToTxnRequest, addOffsetsToTxnResponse] as const;
const END = [endTxnRequest, endTxnResponse] as const;
const COMMIT = [txnOffsetCommitRequest, txnOffsetCommitResponse] as const;
const OFFSETS = [offsetFetchRequest, offsetFetchResponse] as const;
const PRODUCE = [produceRequest, produceResponse] as const;
const FETCH = [fetchRequest, fetchResponse] as const;
const LIST = [listOffsetsRequest, listOffsetsResponse] as const;
const FIND = [findCoordinatorRequest, findCoordinatorResponse] as const;
const TRANSACTIONAL = 0x10;
/** The coordinator is loading, elsewhere or not there yet, or ends the transaction before: ask again. */
const PASSING = new Set([3, 14, 15, 16, 51]);

interface Producer {
  readonly producerId: number;
  readonly producerEpoch: number;
}

let cluster: Cluster;
let client: WireClient;
let topic = '';
let transactionalId = '';
let group = '';
let count = 0;

async function patiently<R>(ask: () => Promise<R>, errorCodeOf: (answer: R) => number): Promise<R> {
  for (;;) {
    const answer = await ask();
    if (!PASSING.has(errorCodeOf(answer))) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const init = (version = 1, expected: Partial<Producer> = {}, transactionTimeoutMs = 60_000, id = transactionalId) =>
  patiently(
    () => client.ask(22, version, INIT, { transactionalId: id, transactionTimeoutMs, ...expected }),
    ({ errorCode }) => errorCode,
  );

async function add(producer: Producer, version = 1, topics = [{ name: topic, partitions: [0] }], id = transactionalId) {
  const body = { transactionalId: id, ...instance(producer), topics };
  const ask = () => client.ask(24, version, ADD, body);
  const codes = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.results.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode));
  // A missing topic is part of some tests.
  const answer = await patiently(ask, (given) => (codes(given).includes(51) ? 51 : 0));
  return codes(answer);
}

const instance = ({ producerId, producerEpoch }: Producer) => ({ producerId, producerEpoch });

const end = async (producer: Producer, committed: boolean, version = 1, id = transactionalId) => {
  const body = { transactionalId: id, ...instance(producer), committed };
  const { errorCode } = await patiently(
    () => client.ask(26, version, END, body),
    (answer) => answer.errorCode,
  );
  return errorCode;
};

async function produce(
  producer: Producer,
  baseSequence: number,
  { version = 9, attributes = TRANSACTIONAL, id = transactionalId as string | null } = {},
) {
  const records = batchOf(2, Date.now(), { ...instance(producer), baseSequence, attributes });
  const body = { transactionalId: id, acks: -1, timeoutMs: 10_000 };
  const { responses } = await client.ask(0, version, PRODUCE, {
    ...body,
    topics: [{ name: topic, partitions: [{ index: 0, records }] }],
  });
  const { errorCode, baseOffset } = responses[0]!.partitions[0]!;
  return { errorCode, baseOffset };
}

async function fetch(isolationLevel: number, fetchOffset = 0, partitionMaxBytes = 1 << 20) {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes }];
  const limits = { maxWaitMs: 0, minBytes: 0, maxBytes: 1 << 20, isolationLevel };
  const { responses } = await client.ask(1, 11, FETCH, { ...limits, topics: [{ topic, partitions }] });
  const { records, lastStableOffset, highWatermark, abortedTransactions } = responses[0]!.partitions[0]!;
  const batches = [];
  for (let at = 0; records !== null && at < records.length; ) {
    const header = readBatchHeader(records, at);
    const { baseOffset, lastOffset, control, producerEpoch, baseSequence, transactional, sizeInBytes } = header;
    const bytes = records.subarray(at, at + sizeInBytes);
    batches.push({ baseOffset, lastOffset, control, producerEpoch, baseSequence, transactional, bytes });
    at += sizeInBytes;
  }
  return { batches, lastStableOffset, highWatermark, abortedTransactions };
}

async function latest(isolationLevel: number) {
  const partitions = [{ partitionIndex: 0, timestamp: -1 }];
  const body = { replicaId: -1, isolationLevel, topics: [{ name: topic, partitions }] };
  const { topics } = await client.ask(2, 5, LIST, body);
  return topics[0]!.partitions[0]!.offset;
}

const addGroup = async (producer: Producer, version = 1, id = transactionalId) => {
  const body = { transactionalId: id, ...instance(producer), groupId: group };
  const { errorCode } = await patiently(
    () => client.ask(25, version, ADD_OFFSETS, body),
    (answer) => answer.errorCode,
  );
  return errorCode;
};

async function commitOffset(producer: Producer, offset: number, version = 1, more = {}) {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }];
  const body = {
    transactionalId,
    groupId: group,
    ...instance(producer),
    ...more,
    topics: [{ name: topic, partitions }],
  };
  const ask = () => client.ask(28, version, COMMIT, body);
  const answer = await patiently(ask, ({ topics }) => {
    const { errorCode } = topics[0]!.partitions[0]!;
    return errorCode === 3 ? 0 : errorCode;
  });
  return answer.topics[0]!.partitions[0]!.errorCode;
}

async function committedOffset(requireStable: boolean) {
  const body = { groupId: group, topics: [{ name: topic, partitionIndexes: [0] }], requireStable };
  const { topics } = await client.ask(9, 7, OFFSETS, body);
  const { committedOffset: offset, errorCode, metadata } = topics[0]!.partitions[0]!;
  return { offset, errorCode, metadata };
}

describe.each(clusterKinds.filter(({ isMissing }) => !isMissing).map((kind) => [kind.name, kind] as const))(
  'transactions on %s',
  (_, { start }) => {
    beforeAll(async () => {
      cluster = await start();
      const [host = '', port = ''] = (cluster.bootstrap[0] ?? '').split(':');
      client = await WireClient.open({ host, port: Number(port) });
      for (const [key, keyType] of [
        ['t', 1],
        ['g', 0],
      ] as const) {
        await patiently(
          () => client.ask(10, 1, FIND, { key, keyType }),
          ({ errorCode }) => errorCode,
        );
      }
    }, 120_000);

    afterAll(async () => {
      client?.close();
      await cluster?.close();
    });

    beforeEach(async () => {
      count += 1;
      topic = `topic-${count}`;
      transactionalId = `id-${count}`;
      group = `group-${count}`;
      const topics = [{ name: topic, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }];
      await client.ask(19, 5, [createTopicsRequest, createTopicsResponse], { topics, timeoutMs: 10_000 });
      await expect.poll(() => latest(0), { timeout: 30_000 }).toBe(0);
    });

    it('begin with an id and epoch 0; the next instance has the next epoch, and the older one is locked out', async () => {
      const first = await init();
      expect(first).toMatchObject({ errorCode: 0, producerEpoch: 0 });
      const second = await init(4);
      expect(second).toMatchObject({ errorCode: 0, producerId: first.producerId, producerEpoch: 1 });
      expect(await add(first, 0)).toEqual([47]);
      expect(await add(first, 1)).toEqual([47]);
      expect(await add(first, 2)).toEqual([90]);
      expect(await add(first, 3)).toEqual([90]);
      expect([await end(first, true, 1), await end(first, true, 2), await end(first, true, 3)]).toEqual([47, 90, 90]);
      expect([await addGroup(first, 1), await addGroup(first, 2)]).toEqual([47, 90]);
      expect(await init(3, first)).toMatchObject({ errorCode: 47, producerId: -1, producerEpoch: -1 });
      expect(await init(4, first)).toMatchObject({ errorCode: 90 });
    });

    it('are for ids that are not empty, with a timeout that is not too long', async () => {
      expect((await init(1, {}, 60_000, '')).errorCode).toBe(42);
      expect((await init(1, {}, 900_001)).errorCode).toBe(50);
      expect((await init(1, {}, 0)).errorCode).toBe(50);
      expect((await init(3, { producerId: 5 })).errorCode).toBe(42);
      expect((await init(3, { producerEpoch: 5 })).errorCode).toBe(42);
    });

    it('let a producer go on with the next epoch after an error (KIP-360)', async () => {
      const first = await init();
      const bumped = await init(3, first);
      expect(bumped).toMatchObject({ errorCode: 0, producerId: first.producerId, producerEpoch: 1 });
      expect(await init(3, first)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
      const stranger = { producerId: first.producerId + 9999, producerEpoch: 0 };
      expect((await init(4, stranger)).errorCode).toBe(90);
      expect(await init(4, stranger, 60_000, `${transactionalId}-new`)).toMatchObject({
        errorCode: 0,
        producerEpoch: 0,
      });
    });

    it('of an older instance are aborted when the next one comes', async () => {
      const first = await init();
      expect(await add(first)).toEqual([0]);
      expect(await produce(first, 0)).toEqual({ errorCode: 0, baseOffset: 0 });
      const second = await init();
      expect(second).toMatchObject({ errorCode: 0, producerId: first.producerId, producerEpoch: 2 });
      expect((await produce(first, 2)).errorCode).toBe(47);
      const { batches, lastStableOffset, abortedTransactions } = await fetch(1);
      expect(batches.map(({ control, producerEpoch }) => [control, producerEpoch])).toEqual([
        [false, 0],
        [true, 1],
      ]);
      expect(lastStableOffset).toBe(3);
      expect(abortedTransactions).toEqual([{ producerId: first.producerId, firstOffset: 0 }]);
    });

    it('that the same instance has open are aborted when it begins anew', async () => {
      const first = await init();
      expect(await add(first)).toEqual([0]);
      expect(await init(4, first)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
      expect(await end(first, true, 2)).toBe(90);
      expect(await init()).toMatchObject({ errorCode: 0, producerEpoch: 2 });
    });

    it('take records only into what was added, and only transactional ones', async () => {
      const producer = await init();
      expect((await produce(producer, 0, { version: 3 })).errorCode).toBe(48);
      expect((await produce(producer, 0, { version: 10 })).errorCode).toBe(48);
      expect((await produce(producer, 0, { version: 11 })).errorCode).toBe(120);
      expect((await produce(producer, 0, { id: null })).errorCode).toBe(53);
      expect((await produce(producer, 0, { id: 'of-nobody' })).errorCode).toBe(49);
      expect(await add(producer)).toEqual([0]);
      expect((await produce({ ...producer, producerEpoch: 5 }, 0)).errorCode).toBe(47);
      expect(await produce(producer, 0)).toEqual({ errorCode: 0, baseOffset: 0 });
      expect(await produce(producer, 0)).toEqual({ errorCode: 0, baseOffset: 0 });
      expect((await produce(producer, 5)).errorCode).toBe(45);
      expect((await produce(producer, 2, { attributes: 0, id: null })).errorCode).toBe(48);
      expect(await end(producer, true)).toBe(0);
      // Kafka answers before the markers are written.
      await expect.poll(() => latest(1)).toBe(3);
      // Until its coordinator knows that they are, Kafka asks for another try (NOT_ENOUGH_REPLICAS, by KIP-890).
      await expect.poll(async () => (await produce(producer, 2)).errorCode).toBe(48);
    });

    it('add all partitions or none', async () => {
      const producer = await init();
      const topics = [
        { name: topic, partitions: [0, 7] },
        { name: `${topic}-missing`, partitions: [0] },
      ];
      expect((await add(producer, 1, topics)).sort()).toEqual([3, 3, 55]);
      expect((await produce(producer, 0)).errorCode).toBe(48);
      expect(await add(producer, 1, [{ name: topic, partitions: [0, 1, 0] }])).toHaveLength(3);
      expect(await add(producer, 1, [{ name: topic, partitions: [0] }], 'of-nobody')).toEqual([49]);
      expect(await add({ ...producer, producerId: producer.producerId + 1 })).toEqual([49]);
      expect(await add(producer, 1, [{ name: topic, partitions: [0] }], '')).toEqual([42]);
    });

    it('are ended by who holds them, the same way again if need be', async () => {
      const producer = await init();
      expect([await end(producer, true), await end(producer, false)]).toEqual([48, 48]);
      expect(await add(producer)).toEqual([0]);
      expect(await end(producer, true, 1, 'of-nobody')).toBe(49);
      expect(await end({ ...producer, producerId: producer.producerId + 1 }, true)).toBe(49);
      expect(await end({ ...producer, producerEpoch: 1 }, true)).toBe(47);
      expect(await end(producer, true, 1, '')).toBe(42);
      expect([await end(producer, true), await end(producer, true), await end(producer, false)]).toEqual([0, 0, 48]);
      expect(await add(producer)).toEqual([0]);
      expect([await end(producer, false), await end(producer, false), await end(producer, true)]).toEqual([0, 0, 48]);
    });

    it('hold the last stable offset back, and end with a marker that says how', async () => {
      const producer = await init();
      await add(producer);
      await produce(producer, 0);
      expect([await latest(0), await latest(1)]).toEqual([2, 0]);
      expect(await fetch(0)).toMatchObject({
        highWatermark: 2,
        abortedTransactions: null,
        batches: [{ baseOffset: 0 }],
      });
      expect(await fetch(1)).toMatchObject({ lastStableOffset: 0, batches: [], abortedTransactions: [] });
      for (const [committed, type, offset] of [
        [true, 1, 2],
        [false, 0, 5],
      ] as const) {
        expect(await end(producer, committed)).toBe(0);
        await expect.poll(() => latest(1)).toBe(offset + 1);
        const [marker] = (await fetch(1, offset)).batches;
        expect(marker).toMatchObject({
          baseOffset: offset,
          lastOffset: offset,
          control: true,
          transactional: true,
          producerEpoch: 0,
          baseSequence: -1,
        });
        // The record: length, attributes, time, offset, key (version, type), value (version, coordinator epoch), headers.
        const record = marker!.bytes.subarray(61);
        expect(record.toString('hex')).toMatch(
          new RegExp(`^2000000008000{4}${type}0c0000[0-9a-f]{8}00$`.replace('000{4}', '0000000')),
        );
        if (!committed) break;
        await add(producer);
        await produce(producer, 2);
      }
      const { producerId } = producer;
      expect((await fetch(1)).abortedTransactions).toEqual([{ producerId, firstOffset: 3 }]);
      expect((await fetch(1, 5)).abortedTransactions).toEqual([{ producerId, firstOffset: 3 }]);
    });

    it('write a marker into each partition that was added, with records in it or not', async () => {
      const producer = await init();
      await add(producer);
      await end(producer, true);
      await expect.poll(() => latest(1)).toBe(1);
      const { batches, abortedTransactions } = await fetch(1);
      expect(batches).toMatchObject([{ control: true }]);
      expect(abortedTransactions).toEqual([]);
    });

    it('that are not ended in time are aborted under the next epoch', async () => {
      const producer = await init(1, {}, 500);
      await add(producer);
      await produce(producer, 0);
      await expect.poll(() => latest(1), { timeout: 60_000, interval: 100 }).toBe(3);
      const [, marker] = (await fetch(1)).batches;
      expect(marker).toMatchObject({ control: true, producerEpoch: 1 });
      expect((await produce(producer, 2)).errorCode).toBe(47);
      expect([await end(producer, true, 1), await end(producer, true, 2)]).toEqual([47, 90]);
      // It may go on all the same (KIP-588).
      expect(await init(4, producer)).toMatchObject({ errorCode: 0, producerEpoch: 1 });
    });

    it('carry offsets, which are the group’s when it commits and unstable until then', async () => {
      const producer = await init();
      expect(await commitOffset(producer, 5)).toBe(48);
      expect(await addGroup(producer)).toBe(0);
      expect(await commitOffset({ ...producer, producerEpoch: 3 }, 5)).toBe(47);
      expect(await commitOffset({ ...producer, producerId: producer.producerId + 1 }, 5)).toBe(49);
      expect(await commitOffset(producer, 5)).toBe(0);
      expect(await committedOffset(false)).toEqual({ offset: -1, errorCode: 0, metadata: '' });
      expect(await committedOffset(true)).toEqual({ offset: -1, errorCode: 88, metadata: '' });
      expect(await end(producer, true)).toBe(0);
      await expect.poll(() => committedOffset(true)).toEqual({ offset: 5, errorCode: 0, metadata: '' });
      expect(await addGroup(producer, 3)).toBe(0);
      expect(await commitOffset(producer, 9, 3)).toBe(0);
      expect(await committedOffset(true)).toMatchObject({ offset: -1, errorCode: 88 });
      expect(await end(producer, false, 3)).toBe(0);
      await expect.poll(() => committedOffset(true)).toEqual({ offset: 5, errorCode: 0, metadata: '' });
    });

    it('carry offsets only of members that are in the group', async () => {
      const producer = await init();
      expect(await addGroup(producer)).toBe(0);
      expect(await commitOffset(producer, 5, 3, { generationId: 4, memberId: 'm' })).toBe(22);
      expect(await commitOffset(producer, 5)).toBe(0);
      expect(await commitOffset(producer, 5, 3, { generationId: 4, memberId: 'm' })).toBe(25);
      expect(await commitOffset(producer, 5, 3, { memberId: 'm' })).toBe(0);
      expect(await addGroup(producer, 1, 'of-nobody')).toBe(49);
      expect(await addGroup(producer, 1, '')).toBe(42);
      const partitions = [
        { partitionIndex: 0, committedOffset: 1, committedMetadata: 'x'.repeat(4097) },
        { partitionIndex: 9, committedOffset: 1, committedMetadata: '' },
      ];
      const body = { transactionalId, groupId: group, ...instance(producer), topics: [{ name: topic, partitions }] };
      const { topics } = await client.ask(28, 2, COMMIT, body);
      const codes = topics[0]!.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]);
      expect(codes.sort()).toEqual([
        [0, 12],
        [9, 3],
      ]);
    });
  },
);
