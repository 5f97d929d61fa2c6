import {
  array,
  arrayOf,
  int8,
  int16,
  int32,
  int64,
  message,
  NO_UUID,
  records,
  string,
  struct,
  uuid,
} from '../schema.ts';

export const fetchRequest = message('FetchRequest', 12, {
  clusterId: string({ from: 12, nullableFrom: 12, tag: 0, default: null }),
  replicaId: int32({ to: 14, default: -1 }),
  replicaState: struct({ replicaId: int32(), replicaEpoch: int64() }, { from: 15, tag: 1 }),
  maxWaitMs: int32(),
  minBytes: int32(),
  maxBytes: int32({ from: 3, default: 0x7fff_ffff }),
  isolationLevel: int8({ from: 4, default: 0 }),
  sessionId: int32({ from: 7, default: 0 }),
  sessionEpoch: int32({ from: 7, default: -1 }),
  topics: array({
    topic: string({ to: 12, default: '' }),
    topicId: uuid({ from: 13, default: NO_UUID }),
    partitions: array({
      partition: int32(),
      currentLeaderEpoch: int32({ from: 9, default: -1 }),
      fetchOffset: int64(),
      lastFetchedEpoch: int32({ from: 12, default: -1 }),
      logStartOffset: int64({ from: 5, default: -1 }),
      partitionMaxBytes: int32(),
    }),
  }),
  forgottenTopics: array(
    {
      topic: string({ to: 12, default: '' }),
      topicId: uuid({ from: 13, default: NO_UUID }),
      partitions: arrayOf(int32()),
    },
    { from: 7, default: [] },
  ),
  rackId: string({ from: 11, default: '' }),
});

export const fetchResponse = message('FetchResponse', 12, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  errorCode: int16({ from: 7, default: 0 }),
  sessionId: int32({ from: 7, default: 0 }),
  responses: array({
    topic: string({ to: 12, default: '' }),
    topicId: uuid({ from: 13, default: NO_UUID }),
    partitions: array({
      partition: int32(),
      errorCode: int16(),
      highWatermark: int64(),
      lastStableOffset: int64({ from: 4, default: -1 }),
      logStartOffset: int64({ from: 5, default: -1 }),
      divergingEpoch: struct({ epoch: int32(), endOffset: int64() }, { from: 12, tag: 0 }),
      currentLeader: struct({ leaderId: int32(), leaderEpoch: int32() }, { from: 12, tag: 1 }),
      abortedTransactions: array(
        { producerId: int64(), firstOffset: int64() },
        { from: 4, nullableFrom: 4, default: null },
      ),
      preferredReadReplica: int32({ from: 11, default: -1 }),
      records: records({ nullableFrom: 0 }),
    }),
  }),
  nodeEndpoints: array(
    { nodeId: int32(), host: string(), port: int32(), rack: string({ nullableFrom: 16 }) },
    { from: 16, tag: 0, default: [] },
  ),
});
