/** All scenarios. A new API needs one file here, and one line. */
import { alterConfigsScenarios } from './alterConfigs.ts';
import { apiVersionsScenarios } from './apiVersions.ts';
import { clusterScenarios } from './cluster.ts';
import { createPartitionsScenarios } from './createPartitions.ts';
import { deleteRecordsScenarios } from './deleteRecords.ts';
import { describeConfigsScenarios } from './describeConfigs.ts';
import { endTransactionScenarios, transactionalProduceScenarios } from './endTransaction.ts';
import { fetchScenarios } from './fetch.ts';
import { groupAdminScenarios } from './groupAdmin.ts';
import { heartbeatScenarios, leaveGroupScenarios, syncGroupScenarios } from './groupMembers.ts';
import { idempotenceScenarios } from './idempotence.ts';
import { initProducerIdScenarios } from './initProducerId.ts';
import { joinGroupScenarios } from './joinGroup.ts';
import { addOffsetsScenarios, addPartitionsScenarios } from './joinTransaction.ts';
import { listOffsetsScenarios } from './listOffsets.ts';
import { metadataScenarios } from './metadata.ts';
import { offsetScenarios } from './offsets.ts';
import { produceScenarios } from './produce.ts';
import { topicScenarios } from './topics.ts';
import { transactionOffsetScenarios } from './transactionOffsets.ts';
import { transactionFetchScenarios, transactionListOffsetsScenarios } from './transactionReads.ts';

export const scenarios = [
  ...apiVersionsScenarios,
  ...metadataScenarios,
  ...produceScenarios,
  ...idempotenceScenarios,
  ...transactionalProduceScenarios,
  ...fetchScenarios,
  ...transactionFetchScenarios,
  ...listOffsetsScenarios,
  ...transactionListOffsetsScenarios,
  ...joinGroupScenarios,
  ...syncGroupScenarios,
  ...heartbeatScenarios,
  ...leaveGroupScenarios,
  ...groupAdminScenarios,
  ...offsetScenarios,
  ...topicScenarios,
  ...createPartitionsScenarios,
  ...deleteRecordsScenarios,
  ...alterConfigsScenarios,
  ...describeConfigsScenarios,
  ...clusterScenarios,
  ...initProducerIdScenarios,
  ...addPartitionsScenarios,
  ...addOffsetsScenarios,
  ...endTransactionScenarios,
  ...transactionOffsetScenarios,
];
