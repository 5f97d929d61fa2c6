import { array, boolean, int8, int16, int32, message, string } from '../schema.ts';
import { NO_OPERATIONS } from './metadata.ts';

export const describeClusterRequest = message('DescribeClusterRequest', 0, {
  includeClusterAuthorizedOperations: boolean(),
  /** 1 for brokers, 2 for controllers (KIP-919). */
  endpointType: int8({ from: 1, default: 1 }),
});

export const describeClusterResponse = message('DescribeClusterResponse', 0, {
  throttleTimeMs: int32({ default: 0 }),
  errorCode: int16(),
  errorMessage: string({ nullableFrom: 0, default: null }),
  endpointType: int8({ from: 1, default: 1 }),
  clusterId: string(),
  controllerId: int32({ default: -1 }),
  brokers: array({
    brokerId: int32(),
    host: string(),
    port: int32(),
    rack: string({ nullableFrom: 0, default: null }),
  }),
  clusterAuthorizedOperations: int32({ default: NO_OPERATIONS }),
});
