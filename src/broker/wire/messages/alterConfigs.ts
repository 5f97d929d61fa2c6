import { array, boolean, int8, int16, int32, message, string } from '../schema.ts';

export const alterConfigsRequest = message('AlterConfigsRequest', 2, {
  resources: array({
    /** 2 a topic, 4 a broker. */
    resourceType: int8(),
    resourceName: string(),
    configs: array({ name: string(), value: string({ nullableFrom: 0 }) }),
  }),
  validateOnly: boolean(),
});

export const alterConfigsResponse = message('AlterConfigsResponse', 2, {
  throttleTimeMs: int32({ default: 0 }),
  responses: array({
    errorCode: int16(),
    errorMessage: string({ nullableFrom: 0 }),
    resourceType: int8(),
    resourceName: string(),
  }),
});
