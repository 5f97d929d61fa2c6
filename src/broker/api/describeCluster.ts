/** DescribeCluster 0-1 (KIP-700): 1 asks for brokers or for controllers (KIP-919), of which clients see none here. */
import { NODE_ID } from '../brokerState.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { describeClusterRequest, describeClusterResponse } from '../wire/messages/describeCluster.ts';
import { NO_OPERATIONS } from '../wire/messages/metadata.ts';
import { defineApi } from './registry.ts';

const BROKERS = 1;
const CONTROLLERS = 2;

/**
 * All that can be allowed on a cluster, which is what everybody may: bits by the number of AclOperation, CREATE 5, ALTER 7,
 * DESCRIBE 8, CLUSTER_ACTION 9, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11, IDEMPOTENT_WRITE 12.
 */
const ALL_OPERATIONS = [5, 7, 8, 9, 10, 11, 12].reduce((bits, operation) => bits | (1 << operation), 0);

defineApi({
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 1,
  request: describeClusterRequest,
  response: describeClusterResponse,
  handle({ includeClusterAuthorizedOperations, endpointType }, { broker }) {
    if (endpointType !== BROKERS) {
      const isKnown = endpointType === CONTROLLERS;
      return {
        errorCode: isKnown ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
        errorMessage: isKnown
          ? 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'
          : `Unsupported endpoint type ${endpointType}`,
        clusterId: '',
        brokers: [],
      };
    }
    return {
      errorCode: ErrorCode.NONE,
      clusterId: broker.metadata.clusterId,
      controllerId: NODE_ID,
      brokers: [{ brokerId: NODE_ID, host: broker.host, port: broker.port }],
      clusterAuthorizedOperations: includeClusterAuthorizedOperations ? ALL_OPERATIONS : NO_OPERATIONS,
    };
  },
});
