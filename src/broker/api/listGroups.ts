/** ListGroups 0-5: 3 is flexible, 4 filters by state (KIP-518), 5 by type (KIP-848). */
import { ErrorCode } from '../wire/errorCode.ts';
import { listGroupsRequest, listGroupsResponse } from '../wire/messages/listGroups.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  request: listGroupsRequest,
  response: listGroupsResponse,
  handle({ statesFilter, typesFilter }, { broker }) {
    const admits = (filter: readonly string[], value: string) =>
      filter.length === 0 || filter.some((wanted) => wanted.toLowerCase() === value.toLowerCase());
    return {
      errorCode: ErrorCode.NONE,
      groups: broker.groups
        .list()
        .filter(({ state }) => admits(statesFilter, state) && admits(typesFilter, 'classic'))
        .map(({ id, protocolType, state }) => ({ groupId: id, protocolType, groupState: state, groupType: 'classic' })),
    };
  },
});
