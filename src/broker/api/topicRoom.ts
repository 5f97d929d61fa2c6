import type { BrokerState } from '../brokerState.ts';

/** Why no more topics or partitions may be made; undefined if they may. Answered with POLICY_VIOLATION. */
export function checkTopicRoom({ topics, limits }: BrokerState, more: { topics: number; partitions: number }) {
  if (topics.count + more.topics > limits.maxTopics) {
    return `there would be more than ${limits.maxTopics} topics (--max-topics); delete some, or raise the limit`;
  }
  if (topics.partitionCount + more.partitions > limits.maxPartitions) {
    return `there would be more than ${limits.maxPartitions} partitions in all (--max-partitions); delete topics, or raise the limit`;
  }
  return undefined;
}
