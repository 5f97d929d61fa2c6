/**
 * CreateTopics 2-7: 4 lets counts be left to the broker (KIP-464), 5 is flexible and answers with the configs (KIP-525), 6
 * adds quotas, 7 topic ids.
 */
import type { BrokerState } from '../brokerState.ts';
import { NODE_ID } from '../brokerState.ts';
import { checkOverrides } from '../log/configOperation.ts';
import { checkTopicName } from '../log/topicName.ts';
import { MAX_PARTITIONS } from '../log/topicStore.ts';
import type { Steps } from '../turns.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { createTopicsRequest, createTopicsResponse } from '../wire/messages/createTopics.ts';
import type { Decoded, Encodable } from '../wire/schema.ts';
import { describeTopicConfigs } from './configEntries.ts';
import { defineApi } from './registry.ts';
import { checkTopicRoom } from './topicRoom.ts';

type CreateTopicsRequest = Decoded<typeof createTopicsRequest.shape>;
type WantedTopic = CreateTopicsRequest['topics'][number];
type TopicAnswer = NonNullable<Encodable<typeof createTopicsResponse.shape>['topics']>[number];

class Refusal extends Error {
  constructor(
    readonly errorCode: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

defineApi({
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  request: createTopicsRequest,
  response: createTopicsResponse,
  handle: (request, context) => context.work(creatingAll(request, context.broker)),
});

function* creatingAll({ topics: wanted, validateOnly }: CreateTopicsRequest, broker: BrokerState) {
  const counts = new Map<string, number>();
  for (const { name } of wanted) counts.set(name, (counts.get(name) ?? 0) + 1);
  const topics: TopicAnswer[] = [];
  for (const topic of new Map(wanted.map((one) => [one.name, one])).values()) {
    const { name } = topic;
    const refuse = (errorCode: ErrorCode, errorMessage: string) => ({ name, errorCode, errorMessage, configs: [] });
    try {
      if ((counts.get(name) ?? 0) > 1) throw new Refusal(ErrorCode.INVALID_REQUEST, `${name} is asked for twice`);
      topics.push(yield* creating(broker, topic, validateOnly));
    } catch (error) {
      if (error instanceof Refusal) topics.push(refuse(error.errorCode, error.message));
      else {
        broker.logger.error('a topic could not be created', { topic: name, error: String(error) });
        topics.push(refuse(ErrorCode.KAFKA_STORAGE_ERROR, `the disk refused: ${String(error)}`));
      }
    }
    yield;
  }
  return { topics };
}

function* creating(broker: BrokerState, wanted: WantedTopic, validateOnly: boolean): Steps<TopicAnswer> {
  const { name } = wanted;
  const nameProblem = checkTopicName(name);
  if (nameProblem !== undefined) throw new Refusal(ErrorCode.INVALID_TOPIC, nameProblem);
  if (broker.topics.get(name) !== undefined || broker.topics.isComing(name)) {
    throw new Refusal(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
  }
  const numPartitions = partitionCount(broker, wanted);
  const overrides: Record<string, string> = {};
  for (const { name: config, value } of wanted.configs) {
    if (value === null) {
      throw new Refusal(ErrorCode.INVALID_CONFIG, `Null value not supported for topic configs: ${config}`);
    }
    overrides[config] = value;
  }
  const problem = checkOverrides(overrides);
  if (problem !== undefined) throw new Refusal(ErrorCode.INVALID_CONFIG, problem);
  const noRoom = checkTopicRoom(broker, { topics: 1, partitions: numPartitions });
  if (noRoom !== undefined) {
    broker.logger.warn('a topic was refused', { topic: name, reason: noRoom });
    throw new Refusal(ErrorCode.POLICY_VIOLATION, noRoom);
  }
  const made = validateOnly ? undefined : yield* broker.topics.creating(name, numPartitions, overrides);
  return {
    name,
    errorCode: ErrorCode.NONE as ErrorCode,
    errorMessage: null,
    ...(made === undefined ? {} : { topicId: made.id }),
    numPartitions,
    replicationFactor: 1,
    configs: describeTopicConfigs(overrides).map(({ name: config, value, readOnly, configSource, isSensitive }) => ({
      name: config,
      // As it was sent, where DescribeConfigs tells what was understood.
      value: overrides[config] ?? value,
      readOnly,
      configSource,
      isSensitive,
    })),
  };
}

function partitionCount(broker: BrokerState, wanted: WantedTopic): number {
  const { numPartitions, replicationFactor, assignments } = wanted;
  if (assignments.length > 0) {
    if (numPartitions !== -1 || replicationFactor !== -1) {
      throw new Refusal(ErrorCode.INVALID_REQUEST, 'counts and an assignment cannot be given together');
    }
    const indexes = new Set(assignments.map((assignment) => assignment.partitionIndex));
    const inOrder = assignments.every((_, index) => indexes.has(index)) && indexes.size === assignments.length;
    const onThisNode = assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === NODE_ID);
    if (!inOrder || !onThisNode || assignments.length > MAX_PARTITIONS) {
      throw new Refusal(
        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
        `partitions have to be 0 to n-1, each on broker ${NODE_ID} alone`,
      );
    }
    return assignments.length;
  }
  if (replicationFactor !== -1 && replicationFactor !== 1) {
    throw new Refusal(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      `the replication factor has to be 1, as there is one broker, not ${replicationFactor}`,
    );
  }
  if (numPartitions === -1) return broker.defaultPartitions;
  if (numPartitions < 1 || numPartitions > MAX_PARTITIONS) {
    throw new Refusal(
      ErrorCode.INVALID_PARTITIONS,
      `the number of partitions has to be between 1 and ${MAX_PARTITIONS}, not ${numPartitions}`,
    );
  }
  return numPartitions;
}
