/**
 * AlterConfigs 0-2: 2 is flexible. What is not named goes back to its default: whoever wants to change one setting and
 * keep the others has IncrementalAlterConfigs.
 */
import { alterConfigsRequest, alterConfigsResponse } from '../wire/messages/alterConfigs.ts';
import { changeConfigs } from './configChanges.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  handle: ({ resources, validateOnly }, { broker }) => ({
    responses: changeConfigs(
      broker,
      resources,
      validateOnly,
      () => false,
      (_, { configs }) => Object.fromEntries(configs.map(({ name, value }) => [name, value ?? ''])),
    ),
  }),
});
