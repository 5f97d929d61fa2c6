import type { GroupCoordinator } from './groups/groupCoordinator.ts';
import type { MetadataStore } from './log/metadataStore.ts';
import type { TopicStore } from './log/topicStore.ts';
import type { Logger } from './logger.ts';
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
  readonly logger: Logger;
  /** Partitions of a topic that is created without a count. */
  readonly defaultPartitions: number;
}
