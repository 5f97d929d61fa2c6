import { array, arrayOf, boolean, int16, int32, int64, message, string } from '../schema.ts';

const wantedTopic = { name: string(), partitionIndexes: arrayOf(int32()) };

export const offsetFetchRequest = message('OffsetFetchRequest', 6, {
  groupId: string({ to: 7, default: '' }),
  /** Null asks for every topic that the group has committed. */
  topics: array(wantedTopic, { to: 7, nullableFrom: 2, default: null }),
  groups: array(
    {
      groupId: string(),
      memberId: string({ from: 9, nullableFrom: 9, default: null }),
      memberEpoch: int32({ from: 9, default: -1 }),
      topics: array(wantedTopic, { nullableFrom: 8 }),
    },
    { from: 8, default: [] },
  ),
  requireStable: boolean({ from: 7, default: false }),
});

const committedTopic = {
  name: string(),
  partitions: array({
    partitionIndex: int32(),
    committedOffset: int64(),
    committedLeaderEpoch: int32({ from: 5, default: -1 }),
    metadata: string({ nullableFrom: 0 }),
    errorCode: int16(),
  }),
};

export const offsetFetchResponse = message('OffsetFetchResponse', 6, {
  throttleTimeMs: int32({ from: 3, default: 0 }),
  topics: array(committedTopic, { to: 7, default: [] }),
  errorCode: int16({ from: 2, to: 7, default: 0 }),
  groups: array({ groupId: string(), topics: array(committedTopic), errorCode: int16() }, { from: 8, default: [] }),
});
