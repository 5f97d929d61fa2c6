import { array, int16, int32, int64, message, string } from '../schema.ts';

export const deleteRecordsRequest = message('DeleteRecordsRequest', 2, {
  topics: array({
    name: string(),
    /** The offset is the first that stays; -1 stands for the high watermark. */
    partitions: array({ partitionIndex: int32(), offset: int64() }),
  }),
  timeoutMs: int32(),
});

export const deleteRecordsResponse = message('DeleteRecordsResponse', 2, {
  throttleTimeMs: int32({ default: 0 }),
  topics: array({
    name: string(),
    partitions: array({ partitionIndex: int32(), lowWatermark: int64(), errorCode: int16() }),
  }),
});
