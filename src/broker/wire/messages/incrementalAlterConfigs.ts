import { array, boolean, int8, int16, int32, message, string } from '../schema.ts';

export const incrementalAlterConfigsRequest = message('IncrementalAlterConfigsRequest', 1, {
  resources: array({
    /** 2 a topic, 4 a broker. */
    resourceType: int8(),
    resourceName: string(),
    /** Operations: 0 set, 1 delete, 2 append, 3 subtract (KIP-339). */
    configs: array({ name: string(), configOperation: int8(), value: string({ nullableFrom: 0 }) }),
  }),
  validateOnly: boolean(),
});

export const incrementalAlterConfigsResponse = message('IncrementalAlterConfigsResponse', 1, {
  throttleTimeMs: int32({ default: 0 }),
  responses: array({
    errorCode: int16(),
    errorMessage: string({ nullableFrom: 0 }),
    resourceType: int8(),
    resourceName: string(),
  }),
});
