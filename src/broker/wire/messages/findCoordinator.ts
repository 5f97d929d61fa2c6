import { array, arrayOf, int8, int16, int32, message, string } from '../schema.ts';

export const findCoordinatorRequest = message('FindCoordinatorRequest', 3, {
  key: string({ to: 3, default: '' }),
  /** 0 a group, 1 a transaction. */
  keyType: int8({ from: 1, default: 0 }),
  coordinatorKeys: arrayOf(string(), { from: 4, default: [] }),
});

export const findCoordinatorResponse = message('FindCoordinatorResponse', 3, {
  throttleTimeMs: int32({ from: 1, default: 0 }),
  errorCode: int16({ to: 3, default: 0 }),
  errorMessage: string({ from: 1, to: 3, nullableFrom: 1, default: null }),
  nodeId: int32({ to: 3, default: -1 }),
  host: string({ to: 3, default: '' }),
  port: int32({ to: 3, default: -1 }),
  coordinators: array(
    {
      key: string(),
      nodeId: int32(),
      host: string(),
      port: int32(),
      errorCode: int16(),
      errorMessage: string({ nullableFrom: 4 }),
    },
    { from: 4, default: [] },
  ),
});
