/** CreatePartitions 0-3: 2 is flexible, 3 tells of quotas (KIP-599). Partitions are only ever added. */
import { type BrokerState, NODE_ID } from '../brokerState.ts';
import { MAX_PARTITIONS } from '../log/topicStore.ts';
import type { Steps } from '../turns.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { createPartitionsRequest, createPartitionsResponse } from '../wire/messages/createPartitions.ts';
import type { Decoded } from '../wire/schema.ts';
import { defineApi } from './registry.ts';
import { checkTopicRoom } from './topicRoom.ts';

type CreatePartitionsRequest = Decoded<typeof createPartitionsRequest.shape>;
type Wanted = CreatePartitionsRequest['topics'][number];

interface Result {
  readonly name: string;
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
}

defineApi({
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  handle: (request, context) => context.work(addingAll(request, context.broker)),
});

function* addingAll({ topics, validateOnly }: CreatePartitionsRequest, broker: BrokerState) {
  const byName = new Map<string, Wanted[]>();
  for (const topic of topics) byName.set(topic.name, [...(byName.get(topic.name) ?? []), topic]);
  const results: Result[] = [];
  for (const [name, [wanted, ...others]] of byName) {
    if (wanted === undefined || others.length > 0) {
      results.push({ name, errorCode: ErrorCode.INVALID_REQUEST, errorMessage: 'Duplicate topic name.' });
    } else results.push({ name, ...(yield* adding(broker, wanted, validateOnly)) });
    yield;
  }
  return { results };
}

function* adding(
  broker: BrokerState,
  { name, count, assignments }: Wanted,
  validateOnly: boolean,
): Steps<Omit<Result, 'name'>> {
  const refuse = (errorCode: ErrorCode, errorMessage: string) => ({ errorCode, errorMessage });
  const topic = broker.topics.get(name);
  if (topic === undefined) {
    return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  }
  const now = topic.logs.length;
  if (count === now) return refuse(ErrorCode.INVALID_PARTITIONS, `Topic already has ${now} partition(s).`);
  if (count < now) {
    return refuse(
      ErrorCode.INVALID_PARTITIONS,
      `The topic ${name} currently has ${now} partition(s); ${count} would not be an increase.`,
    );
  }
  if (count > MAX_PARTITIONS) {
    return refuse(ErrorCode.INVALID_PARTITIONS, `at most ${MAX_PARTITIONS} partitions are possible, not ${count}`);
  }
  if (assignments !== null) {
    if (assignments.length !== count - now) {
      return refuse(
        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
        `Attempted to add ${count - now} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
      );
    }
    if (!assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === NODE_ID)) {
      return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, `each partition has to be on broker ${NODE_ID} alone`);
    }
  }
  if (broker.topics.isComing(name)) {
    return refuse(ErrorCode.REASSIGNMENT_IN_PROGRESS, `partitions are being added to ${name}`);
  }
  const noRoom = checkTopicRoom(broker, { topics: 0, partitions: count - now });
  if (noRoom !== undefined) return refuse(ErrorCode.POLICY_VIOLATION, noRoom);
  try {
    if (!validateOnly) yield* broker.topics.addingPartitions(topic, count);
    return { errorCode: ErrorCode.NONE, errorMessage: null };
  } catch (error) {
    broker.logger.error('partitions could not be added', { topic: name, error: String(error) });
    return refuse(ErrorCode.KAFKA_STORAGE_ERROR, `the disk refused: ${String(error)}`);
  }
}
