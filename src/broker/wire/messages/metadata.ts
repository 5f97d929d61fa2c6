import { array, arrayOf, boolean, int16, int32, message, NO_UUID, string, uuid } from '../schema.ts';

/** "Operations not asked for" (KIP-430). */
export const NO_OPERATIONS = -2147483648;

export const metadataRequest = message('MetadataRequest', 9, {
  topics: array(
    { topicId: uuid({ from: 10, default: NO_UUID }), name: string({ nullableFrom: 10 }) },
    { nullableFrom: 1 },
  ),
  allowAutoTopicCreation: boolean({ from: 4, default: true }),
  includeClusterAuthorizedOperations: boolean({ from: 8, to: 10, default: false }),
  includeTopicAuthorizedOperations: boolean({ from: 8, default: false }),
});

export const metadataResponse = message('MetadataResponse', 9, {
  throttleTimeMs: int32({ from: 3, default: 0 }),
  brokers: array({
    nodeId: int32(),
    host: string(),
    port: int32(),
    rack: string({ from: 1, nullableFrom: 1, default: null }),
  }),
  clusterId: string({ from: 2, nullableFrom: 2, default: null }),
  controllerId: int32({ from: 1, default: -1 }),
  topics: array({
    errorCode: int16(),
    name: string({ nullableFrom: 12 }),
    topicId: uuid({ from: 10, default: NO_UUID }),
    isInternal: boolean({ from: 1, default: false }),
    partitions: array({
      errorCode: int16(),
      partitionIndex: int32(),
      leaderId: int32(),
      leaderEpoch: int32({ from: 7, default: -1 }),
      replicaNodes: arrayOf(int32()),
      isrNodes: arrayOf(int32()),
      offlineReplicas: arrayOf(int32(), { from: 5, default: [] }),
    }),
    topicAuthorizedOperations: int32({ from: 8, default: NO_OPERATIONS }),
  }),
  clusterAuthorizedOperations: int32({ from: 8, to: 10, default: NO_OPERATIONS }),
});
