/**
 * Metadata 0-12: 1 brings the controller, 2 the cluster id, 4 lets the client say whether topics may be created (before,
 * they always are), 5 offline replicas, 7 leader epochs, 8 authorized operations, 9 is flexible, 10 topic ids, 12 allows
 * asking by id alone.
 */
import { NODE_ID } from '../brokerState.ts';
import { LEADER_EPOCH } from '../log/partitionLog.ts';
import { checkTopicName } from '../log/topicName.ts';
import type { Topic } from '../log/topicStore.ts';
import type { Steps } from '../turns.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { metadataRequest, metadataResponse } from '../wire/messages/metadata.ts';
import { type Decoded, type Encodable, NO_UUID } from '../wire/schema.ts';
import { defineApi, type RequestContext } from './registry.ts';
import { checkTopicRoom } from './topicRoom.ts';

const BY_ID_FROM = 12;

type MetadataRequest = Decoded<typeof metadataRequest.shape>;
type WantedTopic = NonNullable<MetadataRequest['topics']>[number];
type TopicAnswer = Encodable<typeof metadataResponse.shape>['topics'][number];

defineApi({
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 12,
  request: metadataRequest,
  response: metadataResponse,
  handle(request, context) {
    const refusal = whyRefused(request.topics ?? [], context.version);
    if (refusal !== undefined) return refuse(request.topics ?? [], refusal);
    return context.work(answering(request, context));
  },
});

function* answering({ topics: wanted, allowAutoTopicCreation }: MetadataRequest, context: RequestContext) {
  const { broker, version } = context;
  const topics: TopicAnswer[] = [];
  if (wanted === null || (version === 0 && wanted.length === 0)) {
    for (const topic of [...broker.topics.all()]) {
      topics.push(describe(topic));
      yield;
    }
  } else {
    for (const { name, topicId } of unique(byNameOrId(wanted))) {
      if (name === null) topics.push(describeById(topicId, context));
      else topics.push(yield* describingByName(name, allowAutoTopicCreation, context));
      yield;
    }
  }
  return {
    brokers: [{ nodeId: NODE_ID, host: broker.host, port: broker.port }],
    clusterId: broker.metadata.clusterId,
    controllerId: NODE_ID,
    topics,
  };
}

/** One id makes it a request by ids, which answers nothing else. */
function byNameOrId(topics: readonly WantedTopic[]): WantedTopic[] {
  const byId = topics.filter(({ topicId }) => topicId !== NO_UUID);
  return byId.length > 0 ? byId.map(({ topicId }) => ({ name: null, topicId })) : [...topics];
}

/** The fields for ids came before the broker would take them; and what has neither an id nor a name is nothing. */
function whyRefused(topics: readonly WantedTopic[], version: number): ErrorCode | undefined {
  const hasIds = topics.some(({ topicId }) => topicId !== NO_UUID);
  const hasNames = topics.every(({ name }) => name !== null);
  if (version < BY_ID_FROM) return hasIds || !hasNames ? ErrorCode.INVALID_REQUEST : undefined;
  return hasIds || hasNames ? undefined : ErrorCode.UNKNOWN_SERVER_ERROR;
}

function refuse(topics: readonly WantedTopic[], errorCode: ErrorCode) {
  return {
    brokers: [],
    topics: topics.map(({ name, topicId }) => ({ errorCode, name: name ?? '', topicId, partitions: [] })),
  };
}

function unique<T extends { name: string | null; topicId: string }>(topics: readonly T[]): T[] {
  return [...new Map(topics.map((topic) => [topic.name ?? topic.topicId, topic])).values()];
}

function describeById(topicId: string, { broker, version }: RequestContext) {
  // Versions 10 and 11 have room for ids in the request, and none for a missing name in the answer.
  if (version < 12) return unknown('', topicId, ErrorCode.INVALID_REQUEST);
  const topic = broker.topics.getById(topicId);
  return topic === undefined ? unknown(null, topicId, ErrorCode.UNKNOWN_TOPIC_ID) : describe(topic);
}

function* describingByName(name: string, mayCreate: boolean, { broker }: RequestContext): Steps<TopicAnswer> {
  const topic = broker.topics.get(name);
  if (topic !== undefined) return describe(topic);
  if (checkTopicName(name) !== undefined) return unknown(name, NO_UUID, ErrorCode.INVALID_TOPIC);
  if (!mayCreate) return unknown(name, NO_UUID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  // Somebody else has it made: it is there in a moment, and clients ask again.
  if (broker.topics.isComing(name)) return unknown(name, NO_UUID, ErrorCode.LEADER_NOT_AVAILABLE);
  const noRoom = checkTopicRoom(broker, { topics: 1, partitions: broker.defaultPartitions });
  if (noRoom !== undefined) {
    broker.logger.warn('a topic was refused', { topic: name, reason: noRoom });
    return unknown(name, NO_UUID, ErrorCode.POLICY_VIOLATION);
  }
  try {
    return describe(yield* broker.topics.creating(name, broker.defaultPartitions, {}));
  } catch (error) {
    broker.logger.error('a topic could not be created', { topic: name, error: String(error) });
    return unknown(name, NO_UUID, ErrorCode.KAFKA_STORAGE_ERROR);
  }
}

function unknown(name: string | null, topicId: string, errorCode: ErrorCode) {
  return { errorCode, name, topicId, partitions: [] };
}

function describe(topic: Topic) {
  return {
    errorCode: ErrorCode.NONE as ErrorCode,
    name: topic.name as string | null,
    topicId: topic.id,
    partitions: topic.logs.map((_, partitionIndex) => ({
      errorCode: ErrorCode.NONE,
      partitionIndex,
      leaderId: NODE_ID,
      leaderEpoch: LEADER_EPOCH,
      replicaNodes: [NODE_ID],
      isrNodes: [NODE_ID],
    })),
  };
}
