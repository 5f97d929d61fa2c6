import type { GroupCoordinator } from './groups/groupCoordinator.ts';
import type { BrokerLimits } from './limits.ts';
import type { MetadataStore } from './log/metadataStore.ts';
import type { TopicStore } from './log/topicStore.ts';
import type { Logger } from './logger.ts';
import type { BrokerMemory } from './memoryBudget.ts';
import type { TransactionCoordinator } from './transactions/transactionCoordinator.ts';

/** The one node of the cluster; leader, controller and coordinator of everything. */
export const NODE_ID = 1;

/** What the request handlers work on. */
export interface BrokerState {
  /** As bound, and so as clients were given it. */
  readonly host: string;
  readonly port: number;
  readonly topics: TopicStore;
  readonly metadata: MetadataStore;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  /** Limited in its rate: what clients bring about is told here. */
  readonly logger: Logger;
  readonly limits: BrokerLimits;
  readonly memory: BrokerMemory;
  /** Partitions of a topic that is created without a count. */
  readonly defaultPartitions: number;
}
