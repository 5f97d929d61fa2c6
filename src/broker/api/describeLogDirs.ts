/** DescribeLogDirs 1-4: 2 is flexible, 3 has an error of its own, 4 tells of the volume (KIP-827). */
import { ErrorCode } from '../wire/errorCode.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from '../wire/messages/describeLogDirs.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 1,
  maxVersion: 4,
  request: describeLogDirsRequest,
  response: describeLogDirsResponse,
  handle({ topics }, { broker }) {
    const wanted = topics === null ? undefined : new Map<string, number[]>();
    for (const { topic, partitions } of topics ?? []) {
      wanted?.set(topic, [...(wanted.get(topic) ?? []), ...partitions]);
    }
    const found = [...broker.topics.all()].flatMap(({ name, logs }) => {
      const indexes = wanted?.get(name);
      if (wanted !== undefined && indexes === undefined) return [];
      const partitions = logs
        .map(({ sizeInBytes }, partitionIndex) => ({
          partitionIndex,
          partitionSize: sizeInBytes,
          offsetLag: 0,
          isFutureKey: false,
        }))
        .filter(({ partitionIndex }) => indexes?.includes(partitionIndex) ?? true);
      return partitions.length === 0 ? [] : [{ name, partitions }];
    });
    const { dataFolder } = broker.topics;
    return {
      errorCode: ErrorCode.NONE,
      results: [{ errorCode: ErrorCode.NONE, logDir: dataFolder, topics: found, ...broker.topics.volume() }],
    };
  },
});
