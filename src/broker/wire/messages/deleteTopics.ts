import { array, arrayOf, int16, int32, message, NO_UUID, string, uuid } from '../schema.ts';

export const deleteTopicsRequest = message('DeleteTopicsRequest', 4, {
  topics: array({ name: string({ nullableFrom: 6 }), topicId: uuid() }, { from: 6, default: [] }),
  topicNames: arrayOf(string(), { to: 5, default: [] }),
  timeoutMs: int32(),
});

export const deleteTopicsResponse = message('DeleteTopicsResponse', 4, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  responses: array({
    name: string({ nullableFrom: 6 }),
    topicId: uuid({ from: 6, default: NO_UUID }),
    errorCode: int16(),
    errorMessage: string({ from: 5, nullableFrom: 5, default: null }),
  }),
});
