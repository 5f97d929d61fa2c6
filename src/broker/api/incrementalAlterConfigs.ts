/** IncrementalAlterConfigs 0-1 (KIP-339): 1 is flexible. What is not named stays as it is. */
import { type ConfigChange, ConfigOperation, changeOverrides, isConfigOperation } from '../log/configOperation.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../wire/messages/incrementalAlterConfigs.ts';
import { changeConfigs } from './configChanges.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  handle: ({ resources, validateOnly }, { broker }) => ({
    responses: changeConfigs(
      broker,
      resources,
      validateOnly,
      ({ configOperation }) => configOperation === ConfigOperation.DELETE,
      (overrides, { configs }) => {
        const changes: ConfigChange[] = [];
        for (const { name, value, configOperation: operation } of configs) {
          if (!isConfigOperation(operation)) return `Unknown operation type ${operation} for ${name}`;
          changes.push({ name, value, operation });
        }
        return changeOverrides(overrides, changes);
      },
    ),
  }),
});
