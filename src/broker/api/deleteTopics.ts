/** DeleteTopics 1-6: 4 is flexible, 5 adds error messages, 6 topic ids. */
import type { BrokerState } from '../brokerState.ts';
import type { Topic } from '../log/topicStore.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../wire/messages/deleteTopics.ts';
import { NO_UUID } from '../wire/schema.ts';
import { defineApi } from './registry.ts';

defineApi({
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  handle({ topics, topicNames }, { broker, version }) {
    const wanted = version >= 6 ? topics : topicNames.map((name) => ({ name, topicId: NO_UUID }));
    return {
      responses: wanted.map(({ name, topicId }) => {
        const topic = name === null ? broker.topics.getById(topicId) : broker.topics.get(name);
        if (topic !== undefined) return remove(broker, topic);
        const errorCode = name === null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return { name, topicId, errorCode, errorMessage: 'there is no such topic' };
      }),
    };
  },
});

function remove(broker: BrokerState, topic: Topic) {
  const { name, id: topicId } = topic;
  try {
    broker.topics.delete(topic);
    return { name, topicId, errorCode: ErrorCode.NONE };
  } catch (error) {
    broker.logger.error('a topic could not be deleted', { topic: name, error: String(error) });
    return {
      name,
      topicId,
      errorCode: ErrorCode.KAFKA_STORAGE_ERROR,
      errorMessage: `the disk refused: ${String(error)}`,
    };
  }
}
