import { array, arrayOf, boolean, int16, int32, message, string } from '../schema.ts';

export const createPartitionsRequest = message('CreatePartitionsRequest', 2, {
  topics: array({
    name: string(),
    /** Of all partitions, with those that are there. */
    count: int32(),
    /** Of the new partitions alone; null leaves it to the broker. */
    assignments: array({ brokerIds: arrayOf(int32()) }, { nullableFrom: 0 }),
  }),
  timeoutMs: int32(),
  validateOnly: boolean(),
});

export const createPartitionsResponse = message('CreatePartitionsResponse', 2, {
  throttleTimeMs: int32({ default: 0 }),
  results: array({
    name: string(),
    errorCode: int16(),
    errorMessage: string({ nullableFrom: 0, default: null }),
  }),
});
