import { array, arrayOf, int16, int32, message, string } from '../schema.ts';

export const deleteGroupsRequest = message('DeleteGroupsRequest', 2, {
  groupsNames: arrayOf(string()),
});

export const deleteGroupsResponse = message('DeleteGroupsResponse', 2, {
  throttleTimeMs: int32({ default: 0 }),
  results: array({ groupId: string(), errorCode: int16() }),
});
