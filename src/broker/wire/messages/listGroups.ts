import { array, arrayOf, int16, int32, message, string } from '../schema.ts';

export const listGroupsRequest = message('ListGroupsRequest', 3, {
  statesFilter: arrayOf(string(), { from: 4, default: [] }),
  typesFilter: arrayOf(string(), { from: 5, default: [] }),
});

export const listGroupsResponse = message('ListGroupsResponse', 3, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  errorCode: int16(),
  groups: array({
    groupId: string(),
    protocolType: string(),
    groupState: string({ from: 4, default: '' }),
    groupType: string({ from: 5, default: '' }),
  }),
});
