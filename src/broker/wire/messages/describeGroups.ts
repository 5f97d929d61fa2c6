import { array, arrayOf, boolean, bytes, int16, int32, message, string } from '../schema.ts';
import { NO_OPERATIONS } from './metadata.ts';

export const describeGroupsRequest = message('DescribeGroupsRequest', 5, {
  groups: arrayOf(string()),
  includeAuthorizedOperations: boolean({ from: 3, default: false }),
});

export const describeGroupsResponse = message('DescribeGroupsResponse', 5, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  groups: array({
    errorCode: int16(),
    groupId: string(),
    groupState: string(),
    protocolType: string(),
    protocolData: string(),
    members: array({
      memberId: string(),
      groupInstanceId: string({ from: 4, nullableFrom: 4, default: null }),
      clientId: string(),
      clientHost: string(),
      memberMetadata: bytes(),
      memberAssignment: bytes(),
    }),
    authorizedOperations: int32({ from: 3, default: NO_OPERATIONS }),
  }),
});
