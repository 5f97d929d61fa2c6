/**
 * AddPartitionsToTxn 0-3: 2 knows fencing, 3 is flexible; 4 is for brokers among themselves. One partition that is not
 * there, and none is added.
 */
import { ErrorCode } from '../wire/errorCode.ts';
import { addPartitionsToTxnRequest, addPartitionsToTxnResponse } from '../wire/messages/addPartitionsToTxn.ts';
import { defineApi } from './registry.ts';
import { fencedSince } from './transactionErrors.ts';

defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 0,
  maxVersion: 3,
  request: addPartitionsToTxnRequest,
  response: addPartitionsToTxnResponse,
  handle({ transactionalId, producerId, producerEpoch, topics }, { broker, version }) {
    const wanted = topics.map(({ name, partitions }) => {
      const topic = broker.topics.get(name);
      return {
        name,
        partitions: partitions.map((partition) => ({
          partition,
          topicId: topic?.logs[partition] === undefined ? undefined : topic.id,
        })),
      };
    });
    const answer = (errorCode: (topicId: string | undefined) => ErrorCode) => ({
      results: wanted.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partition, topicId }) => ({
          partitionIndex: partition,
          errorCode: errorCode(topicId),
        })),
      })),
    });
    const found = wanted.flatMap(({ partitions }) =>
      partitions.flatMap(({ partition, topicId }) => (topicId === undefined ? [] : [{ topicId, partition }])),
    );
    if (found.length < wanted.reduce((sum, { partitions }) => sum + partitions.length, 0)) {
      return answer((topicId) =>
        topicId === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.OPERATION_NOT_ATTEMPTED,
      );
    }
    if (transactionalId === '') return answer(() => ErrorCode.INVALID_REQUEST);
    const errorCode = broker.transactions.addPartitions(transactionalId, { producerId, producerEpoch }, found);
    return answer(() => fencedSince(2, version, errorCode));
  },
});
