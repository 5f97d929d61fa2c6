import { array, arrayOf, boolean, int16, int32, int64, message, string } from '../schema.ts';

export const describeLogDirsRequest = message('DescribeLogDirsRequest', 2, {
  /** Null asks for all. */
  topics: array({ topic: string(), partitions: arrayOf(int32()) }, { nullableFrom: 0 }),
});

export const describeLogDirsResponse = message('DescribeLogDirsResponse', 2, {
  throttleTimeMs: int32({ default: 0 }),
  errorCode: int16({ from: 3, default: 0 }),
  results: array({
    errorCode: int16(),
    logDir: string(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        partitionSize: int64(),
        offsetLag: int64(),
        isFutureKey: boolean(),
      }),
    }),
    /** Of the volume that the folder is on, in bytes; -1 where nobody knows. */
    totalBytes: int64({ from: 4, default: -1 }),
    usableBytes: int64({ from: 4, default: -1 }),
  }),
});
