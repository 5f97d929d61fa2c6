/** DeleteGroups 0-2: 2 is flexible. With a group go its committed offsets; one that has members stays. */
import { deleteGroupsRequest, deleteGroupsResponse } from '../wire/messages/deleteGroups.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  request: deleteGroupsRequest,
  response: deleteGroupsResponse,
  handle: ({ groupsNames }, { broker }) => ({
    results: [...new Set(groupsNames)].map((groupId) => ({ groupId, errorCode: broker.groups.delete(groupId) })),
  }),
});
