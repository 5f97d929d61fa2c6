/** DeleteTopics 1-6: 4 is flexible, 5 adds error messages, 6 topic ids. */
import type { BrokerState } from '../brokerState.ts';
import type { Topic } from '../log/topicStore.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../wire/messages/deleteTopics.ts';
import { type Decoded, type Encodable, NO_UUID } from '../wire/schema.ts';
import { defineApi, type RequestContext } from './registry.ts';

type DeleteTopicsRequest = Decoded<typeof deleteTopicsRequest.shape>;
type Removal = Encodable<typeof deleteTopicsResponse.shape>['responses'][number];

defineApi({
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  handle: (request, context) => context.work(removingAll(request, context)),
});

function* removingAll({ topics, topicNames }: DeleteTopicsRequest, { broker, version }: RequestContext) {
  const wanted = version >= 6 ? topics : topicNames.map((name) => ({ name, topicId: NO_UUID }));
  const responses: Removal[] = [];
  for (const { name, topicId } of wanted) {
    const topic = name === null ? broker.topics.getById(topicId) : broker.topics.get(name);
    const errorCode = name === null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    if (topic !== undefined) responses.push(remove(broker, topic));
    else responses.push({ name, topicId, errorCode, errorMessage: 'there is no such topic' });
    yield;
  }
  return { responses };
}

function remove(broker: BrokerState, topic: Topic): Removal {
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
