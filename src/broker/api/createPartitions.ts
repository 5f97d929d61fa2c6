/** CreatePartitions 0-3: 2 is flexible, 3 tells of quotas (KIP-599). Partitions are only ever added. */
import { type BrokerState, NODE_ID } from '../brokerState.ts';
import { MAX_PARTITIONS } from '../log/topicStore.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import { createPartitionsRequest, createPartitionsResponse } from '../wire/messages/createPartitions.ts';
import type { Decoded } from '../wire/schema.ts';
import { defineApi } from './registry.ts';
import { checkTopicRoom } from './topicRoom.ts';

type Wanted = Decoded<typeof createPartitionsRequest.shape>['topics'][number];

defineApi({
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  handle({ topics, validateOnly }, { broker }) {
    const byName = new Map<string, Wanted[]>();
    for (const topic of topics) byName.set(topic.name, [...(byName.get(topic.name) ?? []), topic]);
    return {
      results: [...byName].map(([name, [wanted, ...others]]) => {
        if (wanted === undefined || others.length > 0) {
          return { name, errorCode: ErrorCode.INVALID_REQUEST, errorMessage: 'Duplicate topic name.' };
        }
        return { name, ...add(broker, wanted, validateOnly) };
      }),
    };
  },
});

function add(broker: BrokerState, { name, count, assignments }: Wanted, validateOnly: boolean) {
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
  const noRoom = checkTopicRoom(broker, { topics: 0, partitions: count - now });
  if (noRoom !== undefined) return refuse(ErrorCode.POLICY_VIOLATION, noRoom);
  try {
    if (!validateOnly) broker.topics.addPartitions(topic, count);
    return { errorCode: ErrorCode.NONE, errorMessage: null };
  } catch (error) {
    broker.logger.error('partitions could not be added', { topic: name, error: String(error) });
    return refuse(ErrorCode.KAFKA_STORAGE_ERROR, `the disk refused: ${String(error)}`);
  }
}
