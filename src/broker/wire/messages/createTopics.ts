import { array, arrayOf, boolean, int8, int16, int32, message, NO_UUID, string, uuid } from '../schema.ts';

export const createTopicsRequest = message('CreateTopicsRequest', 5, {
  topics: array({
    name: string(),
    /** -1 for the broker's default (KIP-464), or where assignments are given. */
    numPartitions: int32(),
    replicationFactor: int16(),
    assignments: array({ partitionIndex: int32(), brokerIds: arrayOf(int32()) }),
    configs: array({ name: string(), value: string({ nullableFrom: 0 }) }),
  }),
  timeoutMs: int32(),
  validateOnly: boolean({ from: 1, default: false }),
});

export const createTopicsResponse = message('CreateTopicsResponse', 5, {
  throttleTimeMs: int32({ from: 2, default: 0 }),
  topics: array({
    name: string(),
    topicId: uuid({ from: 7, default: NO_UUID }),
    errorCode: int16(),
    errorMessage: string({ from: 1, nullableFrom: 1, default: null }),
    topicConfigErrorCode: int16({ from: 5, tag: 0, default: 0 }),
    numPartitions: int32({ from: 5, default: -1 }),
    replicationFactor: int16({ from: 5, default: -1 }),
    configs: array(
      {
        name: string(),
        value: string({ nullableFrom: 5 }),
        readOnly: boolean(),
        configSource: int8(),
        isSensitive: boolean(),
      },
      { from: 5, nullableFrom: 5, default: null },
    ),
  }),
});
